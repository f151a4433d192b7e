/** Protects: a repository that is followed for months does not keep what nobody asks for any more, and keeps what is needed. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { type CommitSha, repositoryId } from '../../../src/core/model/id.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { FollowedRepository } from '../../../src/engine/source/repository.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import { handClock } from '../../builder/clock.ts';
import { configMap } from '../../builder/manifest.ts';
import { memoryGit } from '../../builder/memory-git.ts';
import { seededRng } from '../../builder/rng.ts';

const never = new AbortController().signal;

function scene() {
  const git = memoryGit();
  let blobs = 0;
  let meanwhile = (): void => undefined;
  const repository = new FollowedRepository(
    {
      ...{ id: repositoryId('fleet'), url: 'https://git.example.com/fleet', branch: 'main', role: 'single', root: '' },
      ...{ isPlain: true, schedule: { kind: 'interval', everyMs: 60_000 }, timeoutMs: 60_000 },
    },
    {
      git: {
        ...git.repository,
        blobs: (oids, signal) => {
          blobs += oids.length;
          meanwhile();
          return git.repository.blobs(oids, signal);
        },
      },
      parser: {
        parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
        close: async () => {},
      },
      ...{ clock: handClock(), rng: seededRng(1), log: silentLog, metrics: noMetrics },
    },
    () => undefined,
  );
  /** How many files were asked of Git meanwhile. */
  const asked = async (work: () => Promise<unknown>): Promise<number> => {
    const before = blobs;
    await work();
    return blobs - before;
  };
  /** Done while Git is asked for files. */
  const whenAsked = (work: () => void): void => {
    meanwhile = work;
  };
  return { git, repository, asked, whenAsked };
}

test('keepRevisions: old heads are forgotten but for the last few, and what is needed never', async () => {
  const { git, repository, asked } = scene();
  const heads: CommitSha[] = [];
  const needed = (): ReadonlySet<CommitSha> => new Set(heads.slice(0, 1));
  for (let number = 0; number < 40; number += 1) {
    heads.push(git.commit({ 'map.yaml': configMap('map', String(number)), 'same.yaml': configMap('same', '1') }));
    equal(await asked(() => repository.poll(never)), number === 0 ? 2 : 1, `head ${number}`);
    repository.keepRevisions(needed());
  }
  const read = (number: number): Promise<number> => asked(() => repository.read(heads[number]!, never));
  deepEqual([await read(0), await read(38), await read(39)], [0, 0, 0], 'needed, a moment ago, the head');
  equal(await read(5), 1, 'long ago: its file is fetched again');
  equal(repository.fileAt(heads[6]!, 'map.yaml'), undefined);
  equal(repository.fileAt(heads[0]!, 'map.yaml')?.path, 'map.yaml');
});

test('keepRevisions: what is being read meanwhile is read whole', async () => {
  const { git, repository, whenAsked } = scene();
  const old = git.commit({ 'shared.yaml': configMap('shared', '1') });
  await repository.poll(never);
  const heads: CommitSha[] = [];
  for (let number = 0; number < 20; number += 1) {
    heads.push(git.commit({ 'shared.yaml': undefined, 'map.yaml': configMap('map', String(number)) }));
    await repository.poll(never);
  }
  const both = git.branchOff(old, { 'other.yaml': configMap('other', '1') });
  // The old one goes, and with it the file that the new one found already read.
  whenAsked(() => repository.keepRevisions(new Set()));
  const found = await repository.read(both, never);
  equal(repository.fileAt(old, 'shared.yaml'), undefined);
  deepEqual(found?.diagnostics, []);
  equal(repository.fileAt(both, 'shared.yaml')?.path, 'shared.yaml');
});

/** Protects: the numbers of revisions follow the whole history of a branch, read once, and say when it is not all there. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfDocument } from '../../src/core/dialect/placed.ts';
import { FaultError } from '../../src/core/model/fault.ts';
import type { CommitSha } from '../../src/core/model/id.ts';
import type { Past } from '../../src/core/model/source.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { PastReader } from '../../src/engine/source/past.ts';
import type { GitRepository } from '../../src/seam/git.ts';
import { memoryGit } from '../builder/memory-git.ts';

const application = (spec: string): string =>
  `apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: ${spec}}\nspec: {components: []}\n`;

function readerOf(git: Pick<GitRepository, 'blobs' | 'changes' | 'fetch' | 'files' | 'history' | 'id'>) {
  const reader = new PastReader();
  const deps = {
    git,
    cache: new Map(),
    paths: { root: '' },
    parser: {
      parse: async (files: readonly { readonly path: string; readonly bytes: Uint8Array }[]) =>
        files.map(({ path, bytes }) => readManifests(path, bytes)),
      close: async () => {},
    },
  };
  return (commit: CommitSha): Promise<Past> => reader.before(commit, deps, AbortSignal.timeout(10_000));
}

const namesIn = ({ snapshots }: Past): readonly string[] =>
  snapshots.map(({ files }) =>
    files.flatMap(({ documents }) => documents.map((document) => kindOfDocument(document).name)).join(),
  );

test('PastReader: every commit before, oldest first; what does not count adds nothing', async () => {
  const { repository, commit } = memoryGit();
  commit({ 'other.yaml': 'a: 1' });
  commit({ 'app.yaml': application('one') });
  commit({ 'other.yaml': 'a: 2' });
  const last = commit({ 'app.yaml': application('two') });
  const before = readerOf(repository);
  deepEqual(namesIn(await before(last)), ['', 'one']);
  equal((await before(last)).isWhole, true);
  const next = commit({ 'app.yaml': undefined });
  deepEqual(namesIn(await before(next)), ['', 'one', 'two']);
});

test('PastReader: a commit is walked once', async () => {
  const { repository, commit } = memoryGit();
  let fetched = 0;
  const counting = {
    ...repository,
    fetch: (sha: CommitSha, signal: AbortSignal) => {
      fetched += 1;
      return repository.fetch(sha, signal);
    },
  };
  const before = readerOf(counting);
  for (let number = 0; number < 5; number++) commit({ 'app.yaml': application(`n${number}`) });
  await before(commit({ 'app.yaml': application('last') }));
  equal(fetched, 5);
  await before(commit({ 'app.yaml': application('more') }));
  equal(fetched, 6);
});

test('PastReader: history that is nowhere to be had is said to be cut', async () => {
  const { repository, commit } = memoryGit();
  const lost = commit({ 'app.yaml': application('lost') });
  commit({ 'app.yaml': application('kept') });
  const last = commit({ 'app.yaml': application('last') });
  const shallow = {
    ...repository,
    fetch: async (sha: CommitSha, signal: AbortSignal) => {
      if (sha === lost) throw new FaultError({ kind: 'missing', detail: 'too old' });
      await repository.fetch(sha, signal);
    },
  };
  const past = await readerOf(shallow)(last);
  deepEqual([namesIn(past), past.isWhole], [['kept'], false]);
});

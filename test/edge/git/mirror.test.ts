/** Local copies of remote repositories: kept, healed, made anew; never trusted. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type CommitSha, repositoryId } from '../../../src/core/model/id.ts';
import { mirrorFolder } from '../../../src/edge/git/generations.ts';
import type { GitProcesses } from '../../../src/edge/git/processes.ts';
import type { GitSettings } from '../../../src/edge/git/settings.ts';
import { type GitServer, serveGit } from '../../../src/sandbox/serve-git.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { isFault } from '../../builder/fault.ts';
import { type DisorderedServer, disorderBefore } from '../../builder/git-disorder.ts';
import { type BuiltRepository, repositoryIn } from '../../builder/git-repository.ts';
import { inThisProcess, openForTest, type Scratch, scratch, testLimits } from '../../builder/git-work.ts';

const never = new AbortController().signal;
const id = repositoryId('the one');

suite('mirror', () => {
  let place: Scratch;
  let server: GitServer;
  let front: DisorderedServer;
  let processes: GitProcesses;
  let made = 0;
  before(async () => {
    place = scratch();
    server = await serveGit({ root: place.path('server') });
    front = await disorderBefore(server.url);
    processes = inThisProcess();
  });
  after(async () => {
    processes.close();
    await front.close();
    await server.close();
    place.close();
  });

  type Set = {
    readonly built: BuiltRepository;
    readonly open: (more?: Partial<GitSettings>) => GitRepository;
    readonly folder: string;
  };
  const create = async (transport: GitSettings['transport'] = 'isomorphic'): Promise<Set> => {
    const name = `repository-${++made}`;
    const { folder } = await server.createRepository(name);
    const url = `${front.url}/${name}.git`;
    const cacheFolder = place.path(`cache-${made}`);
    front.set({ kind: 'none' });
    return {
      built: repositoryIn(folder),
      open: (more) => openForTest({ id, url, cacheFolder, transport, ...more }, processes),
      folder: mirrorFolder(cacheFolder, id, url),
    };
  };
  const advance = async (git: GitRepository): Promise<CommitSha> => {
    const head = await git.head(never);
    ok(head.kind === 'commit');
    await git.fetch(head.commit, never);
    return head.commit;
  };
  const read = async (git: GitRepository, commit: CommitSha): Promise<string> => {
    const files = await git.files(commit, never);
    const blobs = await git.blobs(
      files.map(({ oid }) => oid),
      never,
    );
    return blobs.map((blob) => (blob.kind === 'bytes' ? Buffer.from(blob.bytes).toString() : '?')).join(' ');
  };
  const generations = (folder: string): readonly string[] =>
    readdirSync(folder).toSorted((a, b) => Number(a) - Number(b));
  const packsIn = (folder: string): readonly string[] => readdirSync(join(folder, 'objects', 'pack'));

  for (const transport of ['isomorphic', 'native'] as const) {
    test(`${transport}: a push costs what it changed, and one request`, async () => {
      const { built, open } = await create(transport);
      const files = Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`d${index % 10}/f${index}`, `${index}`.repeat(50)]),
      );
      built.commit(files);
      const git = open();
      await advance(git);
      const whole = front.packBytes();
      built.commit({ 'd1/f1': 'changed' });
      const head = await git.head(never);
      const before = front.seen.length;
      ok(head.kind === 'commit');
      await git.fetch(head.commit, never);
      ok(front.packBytes() < whole / 5, `${front.packBytes()} of ${whole} bytes`);
      if (transport === 'isomorphic') equal(front.seen.length - before, 1);
      const calm = front.seen.length;
      await git.fetch(head.commit, never);
      equal(front.seen.length, calm, 'what is here is not asked for again');
    });

    test(`${transport}: a restart goes on with the local copy`, async () => {
      const { built, open } = await create(transport);
      const commit = built.commit({ a: 'kept', b: 'too' });
      const git = open();
      await advance(git);
      await git.close();
      const again = open();
      front.set({ kind: 'status', status: 500 });
      await again.fetch(commit, never);
      equal(await read(again, commit), 'kept too');
      await again.close();
    });

    test(`${transport}: after so many fetches it is made anew; older commits stay readable`, async () => {
      const { built, open, folder } = await create(transport);
      const git = open({ limits: { ...testLimits, fetchesMax: 4 } });
      const commits: CommitSha[] = [];
      for (let index = 0; index < 11; index += 1) {
        built.commit({ a: `version ${index}`, [`f${index}`]: `${index}` });
        commits.push(await advance(git));
        ok(generations(folder).length <= 2);
        const now = generations(folder).at(-1) ?? '';
        ok(packsIn(join(folder, now)).filter((name) => name.endsWith('.idx')).length <= 5);
      }
      ok(Number(generations(folder).at(-1)) >= 3, `${generations(folder)}`);
      for (const commit of commits.slice(-4))
        ok((await read(git, commit)).startsWith(`version ${commits.indexOf(commit)}`));
      const [first] = commits;
      ok(first !== undefined);
      equal((await git.changes(first, commits.at(-1)!, never)).length, 11, 'one that was lost is fetched again');
      await git.close();
    });

    test(`${transport}: damage on disk is found and healed`, async () => {
      const { built, open, folder } = await create(transport);
      built.commit({ a: 'first', b: 'same' });
      const git = open();
      await advance(git);
      await git.close();
      const commit = built.commit({ a: 'second', b: 'same' });
      for (const spoil of [
        (file: string) => writeFileSync(file, Buffer.alloc(100)),
        (file: string) => writeFileSync(file, flipped(readFileSync(file), 30)),
        (file: string) => rmSync(file),
      ]) {
        const [generation = ''] = generations(folder).toReversed();
        const packs = join(folder, generation, 'objects', 'pack');
        for (const name of readdirSync(packs)) {
          chmodSync(join(packs, name), 0o600);
          if (name.endsWith('.pack')) spoil(join(packs, name));
        }
        const healed = open();
        equal(await advance(healed), commit);
        equal(await read(healed, commit), 'second same');
        await healed.close();
      }
    });
  }

  for (const transport of ['isomorphic', 'native'] as const) {
    test(`${transport}: what a killed process left half-written is swept, its locks too`, async () => {
      const { built, open, folder } = await create(transport);
      built.commit({ a: '1' });
      const git = open();
      await advance(git);
      await git.close();
      const copy = join(folder, generations(folder)[0] ?? '');
      const packs = join(copy, 'objects', 'pack');
      for (const name of ['pack-1.pack', 'pack-2.pack.9-1.draft', 'tmp_pack_x'])
        writeFileSync(join(packs, name), 'half');
      for (const name of ['refs/landfall/incoming.lock', 'shallow.lock']) writeFileSync(join(copy, name), '');
      mkdirSync(join(folder, '77', 'objects'), { recursive: true });
      const commit = built.commit({ a: '2' });
      const again = open();
      equal(await advance(again), commit);
      ok(!readdirSync(packs).some((name) => /half|draft|tmp_|pack-1\./.test(name)));
      ok(!existsSync(join(folder, '77')));
      deepEqual(generations(folder), ['1']);
      await again.close();
    });
  }

  test('increase: after two that did not arrive in time, a fresh copy is fetched instead', async () => {
    const { built, open, folder } = await create();
    built.commit({ a: '1' });
    const git = open({ limits: { ...testLimits, lowSpeedWindowMs: 1_500 } });
    await advance(git);
    const commit = built.commit({ a: '2' });
    await git.head(never);
    front.set({ kind: 'silent' });
    for (let attempt = 0; attempt < 2; attempt += 1) await rejects(git.fetch(commit, never), isFault('unreachable'));
    front.set({ kind: 'none' });
    await git.fetch(commit, never);
    deepEqual(generations(folder), ['1', '2']);
    equal(await read(git, commit), '2');
    await git.close();
  });

  test('folder: another address has another copy; a name is made fit for a path', async () => {
    const one = mirrorFolder('/cache', '../../etc', 'https://a/x');
    ok(/^\/cache\/\.\._\.\._etc-[0-9a-f]{12}$/.test(one), one);
    ok(one !== mirrorFolder('/cache', '../../etc', 'https://b/x'));
  });

  test('folder: one that cannot be written is passed over', {
    skip: process.getuid?.() === 0 && 'root may write everywhere',
  }, async () => {
    const { built, open } = await create();
    const commit = built.commit({ a: '1' });
    const locked = place.path('locked');
    mkdirSync(locked, { mode: 0o500 });
    const git = open({ cacheFolder: locked });
    equal(await advance(git), commit);
    await git.close();
  });

  test('folder: a file in its place is passed over too', async () => {
    const { built, open } = await create();
    const commit = built.commit({ a: '1' });
    writeFileSync(place.path('a-file'), '');
    const passing = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('landfall-git-'));
    const before = passing();
    const git = open({ cacheFolder: place.path('a-file') });
    equal(await advance(git), commit);
    equal(await read(git, commit), '1');
    equal(passing().length, before.length + 1);
    await git.close();
    deepEqual(passing(), before, 'nothing is left behind');
  });

  test('increase: one that is too long gives way to a fresh copy of the head', async () => {
    const { built, open, folder } = await create();
    built.commit({ a: '1' });
    const git = open({ limits: { ...testLimits, increaseBytesMax: 20_000 } });
    await advance(git);
    for (let index = 0; index < 30; index += 1) built.commit({ noise: noise(2_000, index) });
    const commit = built.commit({ noise: 'quiet' });
    equal(await advance(git), commit);
    equal(await read(git, commit), '1 quiet');
    deepEqual(generations(folder), ['1', '2']);
    await git.close();
  });

  test('packs: one above the limit is refused, and says which setting allows it', async () => {
    const { built, open } = await create();
    const commit = built.commit({ noise: noise(200_000, 1) });
    for (const transport of ['isomorphic', 'native'] as const) {
      const git = open({
        transport,
        limits: { ...testLimits, packBytesMax: 50_000 },
        id: repositoryId(`small ${transport}`),
      });
      await rejects(git.fetch(commit, never), isFault('misconfigured', /more than|limit/));
      await git.close();
    }
  });

  test('pointer: what isomorphic-git writes of refs is not kept', async () => {
    const { built, open, folder } = await create();
    built.commit({ a: '1' });
    const git = open();
    const commit = await advance(git);
    const generation = join(folder, generations(folder).at(-1) ?? '');
    equal(existsSync(join(generation, 'refs', 'remotes')), false);
    equal(readFileSync(join(generation, 'refs', 'landfall', 'head'), 'utf8').trim(), commit);
    cpSync(generation, place.path('checked'), { recursive: true });
    repositoryIn(place.path('checked')).git('fsck', '--full', '--strict');
    ok(statSync(join(generation, 'HEAD')).isFile());
    await git.close();
  });
});

function flipped(bytes: Buffer, fromEnd: number): Buffer {
  const at = bytes.length - fromEnd;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

/** Text that does not compress well, the same for the same seed. */
function noise(length: number, seed: number): string {
  let state = seed * 2654435761 + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += state.toString(36);
  }
  return text;
}

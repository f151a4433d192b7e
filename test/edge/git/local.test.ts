/** Repositories on this machine: where they lie, what their refs say, and folders as they are. */
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { commitSha } from '../../../src/core/model/id.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { folderDefaults, readFolder } from '../../../src/edge/git/folder.ts';
import { placeAround, placeOf } from '../../../src/edge/git/local/place.ts';
import { moveRef, readRef } from '../../../src/edge/git/local/ref-files.ts';
import { openLocal } from '../../../src/edge/git/open-local.ts';
import type { GitProcesses } from '../../../src/edge/git/processes.ts';
import { watchBranch } from '../../../src/edge/git/watch.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { isFault } from '../../builder/fault.ts';
import { type BuiltRepository, buildRepository, repositoryIn } from '../../builder/git-repository.ts';
import { inThisProcess, openForTest, type Scratch, scratch } from '../../builder/git-work.ts';

const never = new AbortController().signal;

suite('local repositories', () => {
  let place: Scratch;
  let processes: GitProcesses;
  let made = 0;
  before(() => {
    place = scratch();
    processes = inThisProcess();
  });
  after(() => {
    processes.close();
    place.close();
  });
  const create = (isBare = true): BuiltRepository =>
    buildRepository(join(realpathSync(place.folder), `repository-${++made}`), { isBare });
  const open = (url: string): GitRepository => openForTest({ url, cacheFolder: '' }, processes);
  const filesOf = async (git: GitRepository): Promise<readonly string[]> => {
    const head = await git.head(never);
    ok(head.kind === 'commit');
    await git.fetch(head.commit, never);
    return (await git.files(head.commit, never)).map(({ path }) => path);
  };

  test('open: bare, a working tree, its .git, a linked tree, a borrower, a file:// address', async () => {
    const bare = create();
    bare.commit({ a: '1' });
    const tree = create(false);
    tree.commit({ a: '1' });
    const linked = place.path('linked');
    tree.git('worktree', 'add', '--quiet', '-b', 'side', linked, 'main');
    const borrower = place.path('shared.git');
    execFileSync('git', ['clone', '--quiet', '--bare', '--shared', bare.folder, borrower]);
    for (const url of [bare.folder, tree.folder, join(tree.folder, '.git'), borrower, `file://${bare.folder}`]) {
      deepEqual(await filesOf(open(url)), ['a'], url);
    }
    const side = openForTest({ url: linked, cacheFolder: '', branch: 'side' }, processes);
    deepEqual(await filesOf(side), ['a']);
    const head = openForTest({ url: linked, cacheFolder: '', branch: undefined }, processes);
    repositoryIn(linked).git('commit', '--quiet', '--allow-empty', '-m', 'x');
    deepEqual(await head.head(never), {
      kind: 'commit',
      commit: commitSha(repositoryIn(linked).git('rev-parse', 'side')),
    });
  });

  test('open: nothing is written but what is pushed', async () => {
    const built = create();
    built.commit({ a: '1' });
    const listing = (): string => execFileSync('find', [built.folder, '-printf', '%p %s %T@\n'], { encoding: 'utf8' });
    const before = listing();
    const git = open(built.folder);
    await filesOf(git);
    equal(listing(), before);
  });

  test('open: what is no repository, or none that we can read', async () => {
    const empty = place.path('empty');
    mkdirSync(empty);
    throws(() => placeOf(empty), isFault('misconfigured', /no Git repository/));
    await rejects(open(empty).head(never), isFault('misconfigured'));
    await rejects(open(place.path('none')).head(never), isFault('misconfigured'));
    const modern = place.path('sha256.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--object-format=sha256', modern]);
    await rejects(open(modern).head(never), isFault('misconfigured', /SHA-256/));
    const table = create();
    appendFileSync(join(table.folder, 'config'), '[extensions]\n\trefStorage = reftable\n');
    await rejects(open(table.folder).head(never), isFault('misconfigured', /reftable/));
    const lost = place.path('lost');
    mkdirSync(lost);
    writeFileSync(join(lost, '.git'), 'gitdir: /no/such/place\n');
    throws(() => placeOf(lost), isFault('misconfigured'));
  });

  test('push: not to a branch that somebody works on', async () => {
    const tree = create(false);
    const commit = tree.commit({ a: '1' });
    const git = open(tree.folder);
    await filesOf(git);
    const change = { files: new Map([['b', '2']]), message: 'x' };
    await rejects(git.push('main', commit, change, never), isFault('forbidden', /checked out/));
    tree.git('branch', 'free', 'main');
    const pushed = await git.push('free', commit, change, never);
    equal(tree.git('rev-parse', 'free'), pushed);
    tree.git('worktree', 'add', '--quiet', place.path('busy'), 'free');
    await rejects(git.push('free', pushed, change, never), isFault('forbidden'));
  });

  test('moveRef: only from where it stands, and not while another holds the lock', () => {
    const built = create();
    const [first, second] = [built.commit({ a: '1' }), built.commit({ a: '2' })];
    const here = placeOf(built.folder);
    const ref = 'refs/notes/deep/landfall';
    equal(moveRef(here, ref, first, second), false);
    equal(moveRef(here, ref, undefined, first), true);
    equal(moveRef(here, ref, undefined, second), false);
    built.git('pack-refs', '--all');
    equal(moveRef(here, ref, first, second), true);
    equal(built.git('rev-parse', ref), second);
    writeFileSync(join(built.folder, `${ref}.lock`), '');
    equal(moveRef(here, ref, second, first), false);
    rmSync(join(built.folder, `${ref}.lock`));
    equal(moveRef(here, ref, second, first), true);
  });

  test('readRef: loose before packed; circles, absurd and absent ones are nothing', () => {
    const built = create();
    const [first, second] = [built.commit({ a: '1' }), built.commit({ a: '2' })];
    const here = placeOf(built.folder);
    built.git('pack-refs', '--all');
    equal(readRef(here, 'refs/heads/main'), second);
    built.git('update-ref', 'refs/heads/main', first);
    equal(readRef(here, 'HEAD'), first);
    const write = (name: string, text: string): void => writeFileSync(join(built.folder, 'refs', 'heads', name), text);
    write('circle', 'ref: refs/heads/circle\n');
    write('ping', 'ref: refs/heads/pong\n');
    write('pong', 'ref: refs/heads/ping\n');
    write('outside', 'ref: ../../../etc/passwd\n');
    write('garbage', 'zzz\n');
    for (const name of ['circle', 'ping', 'outside', 'garbage', 'none', ''])
      equal(readRef(here, `refs/heads/${name}`), undefined);
    equal(readRef(here, 'refs/heads'), undefined);
    equal(readRef(here, '../../../etc/passwd'), undefined);
  });

  test('openLocal: the folder within its repository, at any revision', async () => {
    const tree = create(false);
    const first = tree.commit({ 'apps/web/a.yaml': 'one', 'apps/web/deep/b.yaml': 'b', 'other/c': 'c' });
    tree.git('tag', '-a', '-m', 'first', 'v1');
    const second = tree.commit({ 'apps/web/a.yaml': 'two', 'apps/web/link': { mode: '120000', text: 'a.yaml' } });
    tree.git('branch', 'old', first);
    tree.git('reset', '--quiet', '--hard');
    const at = openLocal(join(tree.folder, 'apps', 'web'));
    equal(at.prefix, 'apps/web/');
    const rows: readonly (readonly [string, string])[] = [
      ['HEAD', second],
      ['@', second],
      ['main', second],
      ['refs/heads/main', second],
      ['heads/old', first],
      ['old', first],
      ['v1', first],
      ['HEAD~1', first],
      ['HEAD^', first],
      ['main~', first],
      [second, second],
      [second.slice(0, 10), second],
      [`${first.slice(0, 12)}~0`, first],
    ];
    for (const [revision, commit] of rows) equal(at.resolve(revision), commit, revision);
    for (const revision of [
      'none',
      'HEAD~2',
      'HEAD~99999',
      '',
      '--all',
      'main..old',
      'v1:apps',
      '1234',
      'ffffffff',
      '../main',
    ]) {
      throws(() => at.resolve(revision), isFault('missing'), revision);
    }
    const content = at.read(first, never);
    deepEqual(
      content.files.map(({ path, blob }) => [path, blob.kind === 'bytes' && Buffer.from(blob.bytes).toString()]),
      [
        ['a.yaml', 'one'],
        ['deep/b.yaml', 'b'],
      ],
    );
    deepEqual(at.read(second, never).others, ['link']);
    at.close();
    const root = openLocal(tree.folder);
    equal(root.prefix, '');
    equal(root.read(first, never).files.length, 3);
    root.close();
    const none = openLocal(join(tree.folder, 'apps'));
    const bare = tree.commit({ apps: undefined });
    throws(() => none.read(bare, never), isFault('missing', /apps\/ is not in commit/));
    none.close();
    throws(() => placeAround('/'), isFault('misconfigured'));
    throws(() => openLocal(place.path('none')), isFault('misconfigured'));
  });

  test('readFolder: files as they lie there, in the order of a commit', async () => {
    const folder = place.path('folder');
    for (const path of ['b', 'a/b', 'a.b', 'a/.git', '.git', 'Z']) mkdirSync(join(folder, path), { recursive: true });
    const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
    write('b/c.yaml', 'kind: C\n');
    write('a/b/x', '');
    write('a.b/y', 'y');
    write('.git/config', 'secret');
    write('a/.git/config', 'secret');
    write('big', 'x'.repeat(101));
    symlinkSync('/etc/passwd', join(folder, 'link'));
    symlinkSync('.', join(folder, 'Z', 'circle'));
    const content = await readFolder(folder, never, { ...folderDefaults, blobBytesMax: 100 });
    deepEqual(
      content.files.map(({ path, blob }) => [
        path,
        blob.kind === 'bytes' ? Buffer.from(blob.bytes).toString() : blob.sizeBytes,
      ]),
      [
        ['a.b/y', 'y'],
        ['a/b/x', ''],
        ['b/c.yaml', 'kind: C\n'],
        ['big', 101],
      ],
    );
    deepEqual(content.others, ['Z/circle', 'link']);
    const yaml = await readFolder(folder, never, { ...folderDefaults, accepts: (path) => path.endsWith('.yaml') });
    deepEqual(
      yaml.files.map(({ path }) => path),
      ['b/c.yaml'],
    );
    await rejects(
      readFolder(folder, never, { ...folderDefaults, filesMax: 3 }),
      isFault('misconfigured', /more than 3/),
    );
    await rejects(readFolder(place.path('none'), never), isFault('misconfigured'));
    const reason = new Error('enough');
    await rejects(readFolder(folder, AbortSignal.abort(reason)), (error) => error === reason);
  });

  test('watch: wakes for the branch and HEAD, by whatever way Git moves them, and for nothing else', async () => {
    const tree = create(false);
    tree.commit({ a: '1' });
    const watched = (
      branch: string,
    ): { readonly next: () => Promise<void>; readonly wakes: () => number; readonly stop: () => void } => {
      let wakes = 0;
      let waiter = (): void => {};
      const wake = (): void => {
        wakes += 1;
        waiter();
      };
      const stop = watchBranch(placeOf(tree.folder), branch, wake, { clock: systemClock, log: silentLog });
      const next = (): Promise<void> =>
        new Promise((resolve) => {
          waiter = resolve;
        });
      return { next, wakes: () => wakes, stop };
    };
    const branch = watched('feature/x');
    await branch.next();
    const moves: readonly (() => unknown)[] = [
      () => tree.commit({ a: '2' }, { branch: 'feature/x' }),
      () => tree.commit({ a: '3' }, { branch: 'feature/x' }),
      () => tree.git('pack-refs', '--all'),
      () => tree.git('update-ref', '-d', 'refs/heads/feature/x'),
      () => tree.git('symbolic-ref', 'HEAD', 'refs/heads/other'),
      () => tree.git('update-ref', 'refs/heads/feature/x', 'main'),
    ];
    for (const move of moves) {
      const woken = branch.next();
      move();
      await woken;
    }
    const other = watched('unrelated');
    await other.next();
    const before = branch.wakes();
    for (const text of ['1', '2']) {
      const woken = other.next();
      writeFileSync(join(tree.folder, 'untracked'), text);
      tree.commit({ a: text }, { branch: 'unrelated' });
      await woken;
    }
    equal(branch.wakes(), before);
    other.stop();
    const stopped = other.wakes();
    const woken = branch.next();
    tree.git('pack-refs', '--all');
    await woken;
    equal(other.wakes(), stopped);
    branch.stop();
  });
});

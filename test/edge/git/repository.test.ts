/** One behaviour for every way to a repository. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import type { GitRepository } from '../../../src/seam/git.ts';
import { isFault } from '../../builder/fault.ts';
import type { BuiltRepository } from '../../builder/git-repository.ts';
import { testLimits } from '../../builder/git-work.ts';
import { type World, whyNot, worlds } from './worlds.ts';

const isFull = process.env.LANDFALL_SWEEP === 'full';
const never = new AbortController().signal;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** The text of every regular file of a commit. */
async function contents(git: GitRepository, commit: CommitSha): Promise<Record<string, string>> {
  const files = (await git.files(commit, never)).filter(({ mode }) => mode === 'file' || mode === 'executable');
  const blobs = await git.blobs(
    files.map(({ oid }) => oid),
    never,
  );
  return Object.fromEntries(
    files.map(({ path }, index) => {
      const blob = blobs[index];
      return [path, blob?.kind === 'bytes' ? text(blob.bytes) : `${blob?.sizeBytes} bytes`];
    }),
  );
}

/** What the branch says now, made readable. */
async function newest(git: GitRepository): Promise<CommitSha> {
  const head = await git.head(never);
  ok(head.kind === 'commit');
  await git.fetch(head.commit, never);
  return head.commit;
}

for (const { name, start } of worlds) {
  const skip = whyNot(name) ?? false;
  suite(`repository, ${name}`, { skip }, () => {
    let world: World;
    const fresh = async (): Promise<{ built: BuiltRepository; git: GitRepository }> => {
      const built = await world.create();
      return { built, git: world.open(built) };
    };
    before(async () => {
      world = await start();
    });
    after(() => world.close());
    // A connection over ssh takes long, and beyond it all is as over native http.
    const rest = { skip: name === 'ssh' && !isFull && 'as native http; LANDFALL_SWEEP=full runs it' };

    test('head: empty, without the branch, at a commit, moved, deleted, back', async () => {
      const { built, git } = await fresh();
      deepEqual(await git.head(never), { kind: 'emptyRepository' });
      built.commit({ a: '1' }, { branch: 'main2' });
      deepEqual(await git.head(never), { kind: 'branchMissing' });
      const first = built.commit({ a: '1' });
      deepEqual(await git.head(never), { kind: 'commit', commit: first });
      const second = built.commit({ a: '2' });
      deepEqual(await git.head(never), { kind: 'commit', commit: second });
      built.git('pack-refs', '--all');
      deepEqual(await git.head(never), { kind: 'commit', commit: second });
      built.git('update-ref', '-d', 'refs/heads/main');
      deepEqual(await git.head(never), { kind: 'branchMissing' });
      built.git('update-ref', 'refs/heads/main', first);
      deepEqual(await git.head(never), { kind: 'commit', commit: first });
    });

    test('head: without a branch in the settings it is what HEAD names', rest, async () => {
      const { built } = await fresh();
      const git = world.open(built, { branch: undefined });
      deepEqual(await git.head(never), { kind: 'emptyRepository' });
      const other = built.commit({ a: '1' }, { branch: 'trunk' });
      built.git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
      deepEqual(await git.head(never), { kind: 'commit', commit: other });
      equal((await contents(git, await newest(git))).a, '1');
    });

    test('head: a branch whose name is not ASCII', rest, async () => {
      const { built } = await fresh();
      const commit = built.commit({ a: '1' }, { branch: 'größe/ß' });
      const git = world.open(built, { branch: 'größe/ß' });
      deepEqual(await git.head(never), { kind: 'commit', commit });
      equal((await contents(git, await newest(git))).a, '1');
    });

    test('files: every kind, in code unit order of path', async () => {
      const { built, git } = await fresh();
      built.commit({
        'b.yaml': 'kind: B\n',
        'a/z.yaml': '',
        'a.yaml': 'kind: A\n',
        'a-b/c': 'x',
        'deep/er/still/file': 'deep',
        'Zoë.yaml': 'umlaut',
        run: { mode: '100755', text: '#!/bin/sh\n' },
        link: { mode: '120000', text: '../outside' },
        module: { mode: '160000', text: '1'.repeat(40) },
      });
      const commit = await newest(git);
      deepEqual(
        (await git.files(commit, never)).map(({ path, mode }) => `${mode} ${path}`),
        [
          'file Zoë.yaml',
          'file a-b/c',
          'file a.yaml',
          'file a/z.yaml',
          'file b.yaml',
          'file deep/er/still/file',
          'symlink link',
          'submodule module',
          'executable run',
        ],
      );
      deepEqual(await contents(git, commit), {
        'Zoë.yaml': 'umlaut',
        'a-b/c': 'x',
        'a.yaml': 'kind: A\n',
        'a/z.yaml': '',
        'b.yaml': 'kind: B\n',
        'deep/er/still/file': 'deep',
        run: '#!/bin/sh\n',
      });
    });

    test('blobs: in the order asked, each as often as asked', rest, async () => {
      const { built, git } = await fresh();
      built.commit({ a: 'one', b: 'two' });
      const files = await git.files(await newest(git), never);
      const [a = '', b = ''] = files.map(({ oid }) => oid);
      const blobs = await git.blobs([b, a, b], never);
      deepEqual(
        blobs.map((blob) => blob.kind === 'bytes' && text(blob.bytes)),
        ['two', 'one', 'two'],
      );
      await rejects(git.blobs([a, '2'.repeat(40)], never), isFault('missing'));
    });

    test('blobs: one above the limit is known by its size', rest, async () => {
      const { built } = await fresh();
      const git = world.open(built, { limits: { ...testLimits, blobBytesMax: 1000 } });
      built.commit({ small: 'x'.repeat(1000), large: 'x'.repeat(1001) });
      deepEqual(await contents(git, await newest(git)), { large: '1001 bytes', small: 'x'.repeat(1000) });
    });

    test('files: more than the limit are too many', rest, async () => {
      const { built } = await fresh();
      const git = world.open(built, { limits: { ...testLimits, filesMax: 2 } });
      const commit = built.commit({ a: '1', b: '2', c: '3' });
      await rejects(git.fetch(commit, never), isFault('misconfigured', /more than 2 files/));
    });

    test('changes: added, changed, removed, of another mode, a file that became a folder', rest, async () => {
      const { built, git } = await fresh();
      const from = built.commit({
        same: '=',
        'dir/same': '=',
        changed: '1',
        removed: '1',
        'dir/x': '1',
        turns: 'file',
      });
      await newest(git);
      built.commit({ turns: undefined });
      built.commit({
        changed: '2',
        removed: undefined,
        added: 'new',
        'dir/x': { mode: '100755', text: '1' },
        'turns/into': 'folder',
      });
      const to = await newest(git);
      const changes = await git.changes(from, to, never);
      deepEqual(
        changes.map(({ path, before: old, after: now }) => `${path}: ${old?.mode} -> ${now?.mode}`),
        [
          'added: undefined -> file',
          'changed: file -> file',
          'dir/x: file -> executable',
          'removed: file -> undefined',
          'turns: file -> undefined',
          'turns/into: undefined -> file',
        ],
      );
      deepEqual(await git.changes(to, to, never), []);
      const back = await git.changes(to, from, never);
      deepEqual(
        back.map(({ path, before: old, after: now }) => ({ path, before: now, after: old })),
        changes,
      );
    });

    test('fetch: an older commit, and one that is nowhere', rest, async () => {
      const { built, git } = await fresh();
      const commits = Array.from({ length: 5 }, (_, index) => built.commit({ a: `${index}` }));
      await newest(git);
      const old = commits[1] ?? commitSha('');
      await git.fetch(old, never);
      equal((await contents(git, old)).a, '1');
      await rejects(git.fetch(commitSha('3'.repeat(40)), never), isFault('missing'));
      await rejects(git.files(commitSha('3'.repeat(40)), never), isFault('missing'));
      await rejects(git.fetch(commitSha('main'), never), isFault('misconfigured'));
      equal((await contents(git, await newest(git))).a, '4');
    });

    test('fetch: a branch that was rewritten, and the commit it left', rest, async () => {
      const { built, git } = await fresh();
      const before = built.commit({ a: 'before', b: 'same' });
      await newest(git);
      const rewritten = built.commit({ a: 'after', b: 'same' }, { parents: [] });
      equal(await newest(git), rewritten);
      deepEqual(await contents(git, rewritten), { a: 'after', b: 'same' });
      deepEqual(await contents(git, before), { a: 'before', b: 'same' });
      equal((await git.history(rewritten, before, 10, never)).length, 1);
    });

    test('fetch: a merge of a branch that began before what is here', rest, async () => {
      const { built, git } = await fresh();
      const base = built.commit({ a: '0' });
      for (let index = 1; index <= 5; index += 1) built.commit({ a: `${index}` });
      const side = built.commit({ side: 'yes' }, { branch: 'side', parents: [base] });
      const head = await newest(git);
      const merge = built.commit({ side: 'yes' }, { parents: [head, side], message: 'merge' });
      equal(await newest(git), merge);
      deepEqual(await contents(git, merge), { a: '5', side: 'yes' });
    });

    test('fetch: deltas of deltas, after everything was packed', rest, async () => {
      const { built, git } = await fresh();
      const lines = Array.from(
        { length: 400 },
        (_, index) => `line ${index} of a file that changes a little each time`,
      );
      for (let index = 0; index < 12; index += 1) {
        lines[index * 7] = `changed ${index}`;
        built.commit({ 'big.txt': lines.join('\n'), [`f${index}`]: lines.slice(index).join('\n') });
        if (index === 3) await newest(git);
      }
      built.git('repack', '-a', '-d', '-f', '--depth=20', '--window=20');
      const read = await contents(git, await newest(git));
      equal(read['big.txt'], lines.join('\n'));
      equal(Object.keys(read).length, 13);
    });

    test('history: first parents, newest first, to a limit or a commit', async () => {
      const { built, git } = await fresh();
      const commits: CommitSha[] = [];
      for (let index = 0; index < 6; index += 1)
        commits.push(built.commit({ a: `${index}` }, { message: `step ${index}\n\nmore` }));
      const side = built.commit({ s: '1' }, { branch: 'side', parents: [commits[2] ?? ''] });
      const merge = built.commit({ s: '1' }, { parents: [commits[5] ?? '', side], message: 'merge' });
      await newest(git);
      const all = await git.history(merge, undefined, 100, never);
      deepEqual(
        all.map(({ subject }) => subject),
        ['merge', 'step 5', 'step 4', 'step 3', 'step 2', 'step 1', 'step 0'],
      );
      deepEqual(all[0]?.parents, [commits[5], side]);
      equal(all[1]?.author, 'Ann Author');
      ok((all[1]?.committedAtMs ?? 0) > 1_700_000_000_000);
      deepEqual(
        (await git.history(merge, commits[3], 100, never)).map(({ commit }) => commit),
        [merge, commits[5], commits[4]],
      );
      equal((await git.history(merge, undefined, 2, never)).length, 2);
      deepEqual(await git.history(merge, merge, 5, never), []);
      const next = built.commit({ a: 'next' });
      await newest(git);
      equal((await git.history(next, merge, 100, never)).length, 1);
    });

    test('notes: none, written, read, replaced; git reads them too', async () => {
      const { built, git } = await fresh();
      const first = built.commit({ a: '1' });
      const second = built.commit({ a: '2' });
      await newest(git);
      const ref = 'refs/notes/landfall';
      deepEqual([...(await git.readNotes(ref, [first], never))], []);
      await git.writeNotes(ref, new Map([[first, 'good\n']]), never);
      deepEqual([...(await git.readNotes(ref, [first, second], never))], [[first, 'good\n']]);
      await git.writeNotes(
        ref,
        new Map([
          [first, 'better\n'],
          [second, 'new\n'],
        ]),
        never,
      );
      equal(built.git('notes', '--ref=landfall', 'show', first), 'better');
      equal(built.git('notes', '--ref=landfall', 'show', second), 'new');
      const at = built.git('rev-parse', ref);
      await git.writeNotes(ref, new Map([[second, 'new\n']]), never);
      equal(built.git('rev-parse', ref), at, 'what is there already is not written again');
      equal(built.git('log', '--format=%an <%ae>', '-1', ref), 'Landfall <landfall@example.com>');
      await rejects(git.readNotes('refs/../x', [first], never), isFault('misconfigured'));
    });

    test('notes: of git, flat and spread over folders, keep their place', rest, async () => {
      const { built, git } = await fresh();
      const commit = built.commit({ a: '1' });
      await newest(git);
      built.git('notes', '--ref=landfall', 'add', '-m', 'by git', commit);
      const ref = 'refs/notes/landfall';
      deepEqual([...(await git.readNotes(ref, [commit], never))], [[commit, 'by git\n']]);
      await git.writeNotes(ref, new Map([[commit, 'by us\n']]), never);
      equal(built.git('ls-tree', '-r', '--name-only', ref), commit);
      equal(built.git('notes', '--ref=landfall', 'show', commit), 'by us');
    });

    test('notes: of two writers at once both stay', rest, async () => {
      const { built, git } = await fresh();
      const commits = Array.from({ length: 4 }, (_, index) => built.commit({ a: `${index}` }));
      await newest(git);
      const other = world.open(built);
      await newest(other);
      const ref = 'refs/notes/landfall';
      await Promise.all(
        [git, other].map(async (writer, side) => {
          for (const [index, commit] of commits.entries()) {
            if (index % 2 === side) await writer.writeNotes(ref, new Map([[commit, `${index}`]]), never);
          }
        }),
      );
      const notes = await git.readNotes(ref, commits, never);
      deepEqual(
        commits.map((commit) => notes.get(commit)),
        ['0', '1', '2', '3'],
      );
    });

    test('push: a commit on top, without touching the rest', async () => {
      const { built, git } = await fresh();
      const parent = built.commit({ 'a/x': '1', 'a/run': { mode: '100755', text: 'old' }, b: '2', 'c/only': '3' });
      await newest(git);
      const files = new Map([
        ['promotions/shop/web.yaml', 'kind: Pin\n'],
        ['a/run', 'new'],
        ['b', undefined],
        ['c/only', undefined],
        ['none/such', undefined],
      ]);
      const pushed = await git.push('main', parent, { files, message: 'promote web\n' }, never);
      equal(built.git('rev-parse', 'main'), pushed);
      equal(built.git('rev-parse', 'main^'), parent);
      equal(
        built.git('log', '-1', '--format=%an %ae %cn %s', 'main'),
        'Landfall landfall@example.com Landfall promote web',
      );
      equal(
        built.git('ls-tree', '-r', '--format=%(objectmode) %(path)', 'main'),
        '100755 a/run\n100644 a/x\n100644 promotions/shop/web.yaml',
      );
      equal(await newest(git), pushed);
      deepEqual(await contents(git, pushed), { 'a/run': 'new', 'a/x': '1', 'promotions/shop/web.yaml': 'kind: Pin\n' });
      built.git('fsck', '--strict');
    });

    test('push: refused when the branch has moved, and when the change cannot be', rest, async () => {
      const { built, git } = await fresh();
      const parent = built.commit({ a: '1' });
      await newest(git);
      const moved = built.commit({ a: '2' });
      const change = { files: new Map([['b', '1']]), message: 'x' };
      await rejects(git.push('main', parent, change, never), isFault('stale'));
      equal(built.git('rev-parse', 'main'), moved);
      await rejects(git.push('other', parent, change, never), isFault('stale'));
      equal(built.git('for-each-ref', '--format=%(refname)', 'refs/heads'), 'refs/heads/main');
      await newest(git);
      for (const path of ['a/b', '../x', '.git/hooks/x', '', 'x//y']) {
        const bad = { files: new Map([[path, '1']]), message: 'x' };
        await rejects(git.push('main', moved, bad, never), isFault('invalid'), path);
      }
      await rejects(git.push('../main', moved, change, never), isFault('misconfigured'));
    });

    test('push: what the server forbids is forbidden, in its words', {
      skip: name === 'local' && 'nobody stands between',
    }, async () => {
      const { built, git } = await fresh();
      const parent = built.commit({ a: '1' });
      await newest(git);
      built.git('config', 'receive.denyNonFastForwards', 'true');
      built.git('config', 'receive.hideRefs', 'refs/heads/secret');
      const change = { files: new Map([['b', '1']]), message: 'x' };
      built.git('config', 'core.hooksPath', `${built.folder}/hooks`);
      const { writeFileSync } = await import('node:fs');
      writeFileSync(`${built.folder}/hooks/update`, '#!/bin/sh\necho protected >&2\nexit 1\n', { mode: 0o755 });
      await rejects(git.push('main', parent, change, never), isFault('forbidden', /hook declined/));
      equal(built.git('rev-parse', 'main'), parent);
    });

    test('propose: makes a branch of one commit, and replaces whatever it held', async () => {
      const { built, git } = await fresh();
      const branch = 'landfall/promote/shop/web/production';
      const propose = (base: CommitSha, text: string) =>
        git.propose(branch, base, { files: new Map([['promotions/web.yaml', text]]), message: 'promote web\n' }, never);
      const base = built.commit({ a: '1', 'promotions/web.yaml': 'old' });
      await newest(git);
      const first = await propose(base, 'one');
      deepEqual([built.git('rev-parse', branch), built.git('rev-parse', `${branch}^`)], [first, base]);
      equal(built.git('show', `${branch}:promotions/web.yaml`), 'one');
      equal(built.git('rev-parse', 'main'), base, 'the base stays where it is');
      equal(await propose(base, 'one'), first, 'the same again is what is there');
      const moved = built.commit({ a: '2' });
      await newest(git);
      const second = await propose(moved, 'two');
      deepEqual([built.git('rev-parse', branch), built.git('rev-parse', `${branch}^`)], [second, moved]);
      equal(built.git('show', `${branch}:a`), '2');
      built.commit({ a: 'by hand' }, { branch });
      const third = await propose(moved, 'three');
      deepEqual([built.git('rev-parse', branch), built.git('rev-parse', `${branch}^`)], [third, moved]);
      built.git('fsck', '--strict');
    });

    test('propose: refused when the base was never fetched, or the name is none', rest, async () => {
      const { built, git } = await fresh();
      const base = built.commit({ a: '1' });
      await newest(git);
      const change = { files: new Map([['b', '1']]), message: 'x' };
      await rejects(git.propose('p', commitSha('1'.repeat(40)), change, never), isFault('missing'));
      await rejects(git.propose('../p', base, change, never), isFault('misconfigured'));
      equal(built.git('for-each-ref', '--format=%(refname)', 'refs/heads'), 'refs/heads/main');
    });

    test('names: what could lead out of the tree is refused, and the commit before stays readable', rest, async () => {
      const { built, git } = await fresh();
      const good = built.commit({ a: 'good' });
      await newest(git);
      const blob = built.object('blob', Buffer.from('evil'));
      const empty = built.object('tree', Buffer.alloc(0));
      const trees: readonly (readonly [string, readonly (readonly [string, string | Uint8Array, string])[]])[] = [
        ['parent', [['40000', '..', empty]]],
        ['itself', [['40000', '.', empty]]],
        ['repository', [['40000', '.git', empty]]],
        ['repository in capitals', [['40000', '.GIT', empty]]],
        ['short name', [['40000', 'GIT~1', empty]]],
        ['invisible letter', [['40000', '.g\u200cit', empty]]],
        ['slash', [['100644', 'a/b', blob]]],
        [
          'twice',
          [
            ['100644', 'a', blob],
            ['100644', 'a', blob],
          ],
        ],
        [
          'file and folder',
          [
            ['100644', 'a', blob],
            ['40000', 'a', empty],
          ],
        ],
        [
          'order',
          [
            ['100644', 'b', blob],
            ['100644', 'a', blob],
          ],
        ],
        ['mode', [['100000', 'a', blob]]],
      ];
      for (const [what, entries] of trees) {
        const bad = built.commitTree(built.tree([['40000', 'apps', built.tree(entries)]]), { parents: [good] });
        deepEqual(await git.head(never), { kind: 'commit', commit: bad });
        await rejects(git.fetch(bad, never), isFault('invalid'), what);
        await rejects(git.files(bad, never), FaultError, what);
      }
      deepEqual(await contents(git, good), { a: 'good' });
      built.git('update-ref', 'refs/heads/main', built.commit({ a: 'better' }, { parents: [good] }));
      deepEqual(await contents(git, await newest(git)), { a: 'better' });
    });

    test('names: of refs reach no prototype and no folder', rest, async () => {
      const { built, git } = await fresh();
      const commit = built.commit({ a: '1' });
      for (const ref of ['refs/heads/__proto__/polluted', 'refs/heads/constructor', 'refs/tags/toString']) {
        built.git('update-ref', ref, commit);
      }
      const own = world.open(built, { branch: '__proto__/polluted' });
      deepEqual(await own.head(never), { kind: 'commit', commit });
      deepEqual(await contents(own, await newest(own)), { a: '1' });
      deepEqual(await contents(git, await newest(git)), { a: '1' });
      equal(Reflect.get({}, 'polluted'), undefined);
      equal(Reflect.ownKeys(Object.prototype).length, 12);
    });

    test('signal: an abort is its own reason', rest, async () => {
      const { built, git } = await fresh();
      const commit = built.commit({ a: '1' });
      const reason = new Error('enough');
      await rejects(git.head(AbortSignal.abort(reason)), (error) => error === reason);
      await rejects(git.fetch(commit, AbortSignal.abort(reason)), (error) => error === reason);
    });
  });
}

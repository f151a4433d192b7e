/** Protects: what is planned is what a merge would leave, and what nobody can merge is not planned at all. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FileConflict } from '../../../src/core/preview/conflict.ts';
import { lay } from '../../../src/engine/preview/lay.ts';
import { type Merge, mergeOf } from '../../../src/engine/preview/merge.ts';
import { withMade } from '../../../src/engine/source/made.ts';
import type { GitRepository, TreeChange, TreeFile } from '../../../src/seam/git.ts';
import { buildRepository } from '../../builder/git-repository.ts';
import { memoryGit } from '../../builder/memory-git.ts';

const never = new AbortController().signal;
const file = (path: string, text: string): TreeFile => ({ path, oid: text, mode: 'file' });
const change = (path: string, before: string | undefined, after: string | undefined): TreeChange => ({
  path,
  before: before === undefined ? undefined : file(path, before),
  after: after === undefined ? undefined : file(path, after),
});

const cases: readonly {
  readonly name: string;
  readonly theirs: readonly TreeChange[];
  readonly ours: readonly TreeChange[];
  /** Of the branch, as `path=text`. */
  readonly files: string;
  readonly result: string;
}[] = [
  { name: 'changed there only', theirs: [change('a', '1', '2')], ours: [], files: 'a=1 b=1', result: 'a=2 b=1' },
  { name: 'changed here only', theirs: [], ours: [change('a', '1', '3')], files: 'a=3', result: 'a=3' },
  {
    name: 'added and removed',
    theirs: [change('c', undefined, '1'), change('a', '1', undefined)],
    ours: [],
    files: 'a=1 b=1',
    result: 'b=1 c=1',
  },
  {
    name: 'changed alike on both sides',
    theirs: [change('a', '1', '2')],
    ours: [change('a', '1', '2')],
    files: 'a=2',
    result: 'a=2',
  },
  {
    name: 'removed on both sides',
    theirs: [change('a', '1', undefined)],
    ours: [change('a', '1', undefined)],
    files: 'b=1',
    result: 'b=1',
  },
  {
    name: 'changed in different ways',
    theirs: [change('a', '1', '2')],
    ours: [change('a', '1', '3')],
    files: 'a=3',
    result: 'clash a',
  },
  {
    name: 'a file becomes a folder',
    theirs: [change('a', '1', undefined), change('a/b', undefined, '2')],
    ours: [],
    files: 'a=1',
    result: 'a/b=2',
  },
];

for (const { name, theirs, ours, files, result } of cases)
  test(`lay: ${name}`, () => {
    const tree = files.split(' ').map((each) => file(each.split('=')[0]!, each.split('=')[1]!));
    const laid = lay(theirs, ours, tree);
    const told = [
      ...laid.clashes.map(({ path }) => `clash ${path}`),
      ...[...laid.files.values()].map(({ path, oid }) => `${path}=${oid}`).toSorted(),
    ];
    equal(told.join(' '), result);
  });

/** Files that only one side has; undefined removes. */
type Files = Readonly<Record<string, string | undefined>>;

const long = (...changed: readonly string[]): string =>
  [...'abcdefghij']
    .map((line) => changed.find((each) => each.startsWith(line)) ?? line)
    .join('\n')
    .concat('\n');

const merges: readonly {
  readonly name: string;
  readonly base: Files;
  readonly here: Files;
  readonly there: Files;
  readonly result: Files | readonly FileConflict[];
}[] = [
  {
    name: 'lines that are far apart',
    base: { 'a.yaml': long() },
    here: { 'a.yaml': long('b here') },
    there: { 'a.yaml': long('i there') },
    result: { 'a.yaml': long('b here', 'i there') },
  },
  {
    name: 'the same lines',
    base: { 'a.yaml': long() },
    here: { 'a.yaml': long('b here', 'j here') },
    there: { 'a.yaml': long('b there') },
    result: [{ kind: 'lines', path: 'a.yaml', places: [{ here: { from: 2, to: 2 }, there: { from: 2, to: 2 } }] }],
  },
  {
    name: 'removed here, changed there',
    base: { 'a.yaml': long(), 'z.yaml': 'z' },
    here: { 'a.yaml': undefined },
    there: { 'a.yaml': `${long('b')}more` },
    result: [{ kind: 'removedHere', path: 'a.yaml' }],
  },
  {
    name: 'changed here, removed there',
    base: { 'a.yaml': long(), 'z.yaml': 'z' },
    here: { 'a.yaml': long('b here') },
    there: { 'a.yaml': undefined },
    result: [{ kind: 'removedThere', path: 'a.yaml' }],
  },
  {
    name: 'added on both sides',
    base: { 'z.yaml': 'z' },
    here: { 'a.yaml': 'here' },
    there: { 'a.yaml': 'there' },
    result: [{ kind: 'added', path: 'a.yaml' }],
  },
  {
    name: 'a folder here, a file there',
    base: { 'z.yaml': 'z' },
    here: { 'a/b': 'here' },
    there: { a: 'there' },
    result: [{ kind: 'folder', path: 'a' }],
  },
  {
    name: 'what is no text',
    base: { 'a.png': 'one\0' },
    here: { 'a.png': 'two\0' },
    there: { 'a.png': 'three\0' },
    result: [{ kind: 'noText', path: 'a.png' }],
  },
  {
    name: 'renamed here, changed there',
    base: { 'a.yaml': long() },
    here: { 'a.yaml': undefined, 'b/a.yaml': long() },
    there: { 'a.yaml': long('i there') },
    result: { 'b/a.yaml': long('i there') },
  },
  {
    name: 'renamed and changed here, changed there',
    base: { 'a.yaml': long(), 'other.yaml': 'other' },
    here: { 'a.yaml': undefined, 'b.yaml': long('b here'), 'c.yaml': 'new' },
    there: { 'a.yaml': long('i there') },
    result: { 'b.yaml': long('b here', 'i there'), 'c.yaml': 'new', 'other.yaml': 'other' },
  },
  {
    name: 'changed here, renamed there',
    base: { 'a.yaml': long() },
    here: { 'a.yaml': long('b here') },
    there: { 'a.yaml': undefined, 'b.yaml': long('i there') },
    result: { 'b.yaml': long('b here', 'i there') },
  },
];

for (const { name, base, here, there, result } of merges)
  test(`mergeOf: ${name}`, async () => {
    const git = memoryGit();
    const start = git.commit(base);
    const head = git.branchOff(start, here);
    const branch = git.commit(there);
    const files = await git.repository.files(branch, never);
    const merged = await mergeOf(head, { commit: branch, files }, git.repository, never);
    deepEqual(merged.kind === 'merged' ? await textsIn(merged, git.repository) : told(merged), result);
  });

test('mergeOf: what Git merges is merged to the same files, and what it does not is a conflict', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'landfall-merge-of-'));
  try {
    for (const { name, base, here, there, result } of merges) {
      const repository = buildRepository(join(folder, name));
      const start = repository.commit(base, { parents: [] });
      const head = repository.commit(here, { branch: 'topic', parents: [start] });
      const branch = repository.commit(there, { parents: [start] });
      const answer = gitMergeTree(repository.folder, branch, head);
      equal(answer === undefined, Array.isArray(result), name);
      if (answer === undefined) continue;
      const files = repository.git('ls-tree', '-r', '--format=%(path) %(objectname)', answer).split('\n');
      const own = Object.entries(result).map(([path, text]) => `${path} ${blobName(String(text))}`);
      deepEqual(files.toSorted(), own.toSorted(), name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const blobName = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

/** Shape: the tree that Git makes; undefined for a conflict. */
function gitMergeTree(folder: string, ...sides: readonly string[]): string | undefined {
  try {
    const args = ['merge-tree', '--write-tree', ...sides];
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

const told = (merge: Merge): unknown => (merge.kind === 'conflict' ? merge.conflicts : merge);

async function textsIn({ files, made }: Extract<Merge, { kind: 'merged' }>, git: GitRepository): Promise<Files> {
  const blobs = await withMade(git, made).blobs(
    files.map(({ oid }) => oid),
    never,
  );
  return Object.fromEntries(
    files.map(({ path }, index) => {
      const blob = blobs[index];
      return [path, blob?.kind === 'bytes' ? Buffer.from(blob.bytes).toString() : ''];
    }),
  );
}

test('mergeOf: of more files than are merged by lines the rest is said', async () => {
  const git = memoryGit();
  const paths = Array.from({ length: 520 }, (_, index) => `${String(index).padStart(4, '0')}.yaml`);
  const all = (...changed: readonly string[]): Files =>
    Object.fromEntries(paths.map((path) => [path, long(...changed)]));
  const start = git.commit(all());
  const head = git.branchOff(start, all('b here'));
  const branch = git.commit(all('i there'));
  const files = await git.repository.files(branch, never);
  const merged = await mergeOf(head, { commit: branch, files }, git.repository, never);
  ok(merged.kind === 'conflict');
  deepEqual(merged.conflicts[0], { kind: 'tooMany', path: '0500.yaml' });
  equal(merged.conflicts.length, 20);
});

test('mergeOf: histories with nothing in common are not merged', async () => {
  const [git, other] = [memoryGit(), memoryGit()];
  const branch = git.commit({ 'a.yaml': 'a' });
  const head = other.commit({ 'z.yaml': 'z' });
  const both = { ...git.repository, fetch: async () => {}, mergeBase: async () => ({ kind: 'none' as const }) };
  const merged = await mergeOf(head, { commit: branch, files: [] }, both, never);
  match(merged.kind === 'unrelated' ? merged.reason : '', /no commit in common/);
});

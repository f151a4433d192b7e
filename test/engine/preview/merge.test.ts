/** Protects: what is planned is what a merge would leave, and what nobody can merge is not planned at all. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { lay, mergeOf } from '../../../src/engine/preview/merge.ts';
import type { TreeChange, TreeFile } from '../../../src/seam/git.ts';
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
    result: 'conflict a',
  },
  {
    name: 'removed there, changed here',
    theirs: [change('a', '1', undefined)],
    ours: [change('a', '1', '3')],
    files: 'a=3',
    result: 'conflict a',
  },
  {
    name: 'added on both sides, differently',
    theirs: [change('a', undefined, '2')],
    ours: [change('a', undefined, '3')],
    files: 'a=3',
    result: 'conflict a',
  },
  {
    name: 'a folder there, a file here',
    theirs: [change('a/b', undefined, '2')],
    ours: [change('a', undefined, '3')],
    files: 'a=3',
    result: 'conflict a',
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
    const merged = lay(theirs, ours, tree);
    const told =
      merged.kind === 'conflict'
        ? `conflict ${merged.paths.join()}`
        : merged.files.map(({ path, oid }) => `${path}=${oid}`).join(' ');
    equal(told, result);
  });

test('mergeOf: only what the pull request changed since it left the branch', async () => {
  const git = memoryGit();
  const base = git.commit({ 'a.yaml': 'a', 'b.yaml': 'b' });
  const head = git.branchOff(base, { 'a.yaml': 'a2' });
  const branch = git.commit({ 'b.yaml': 'b2', 'c.yaml': 'c' });
  const files = await git.repository.files(branch, never);
  const merged = await mergeOf(head, { commit: branch, files }, git.repository, never);
  ok(merged.kind === 'merged');
  const texts = await git.repository.blobs(
    merged.files.map(({ oid }) => oid),
    never,
  );
  deepEqual(
    texts.map((blob) => (blob.kind === 'bytes' ? Buffer.from(blob.bytes).toString() : '')),
    ['a2', 'b2', 'c'],
  );
});

test('mergeOf: histories with nothing in common are not merged', async () => {
  const [git, other] = [memoryGit(), memoryGit()];
  const branch = git.commit({ 'a.yaml': 'a' });
  const head = other.commit({ 'z.yaml': 'z' });
  const both = { ...git.repository, fetch: async () => {}, mergeBase: async () => ({ kind: 'none' as const }) };
  const merged = await mergeOf(head, { commit: branch, files: [] }, both, never);
  match(merged.kind === 'unrelated' ? merged.reason : '', /no commit in common/);
});

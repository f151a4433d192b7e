/** The operations on a repository, the same for every kind of it. */
import { FaultError } from '../../core/model/fault.ts';
import { commitSha } from '../../core/model/id.ts';
import type { GitBlob } from '../../seam/git.ts';
import { contributionsOf } from './contributions.ts';
import { historyOf } from './history.ts';
import type { Holding } from './holding.ts';
import { branchRef, checkedRef } from './local/ref-name.ts';
import { mergeBaseOf } from './merge-base.ts';
import { isOid } from './objects/object.ts';
import { changesOf, filesOf } from './objects/walk.ts';
import type { OperationName, Operations } from './operations.ts';
import type { Call } from './remote/remote.ts';
import type { GitLimits } from './settings.ts';
import { type Author, editTree, writeCommit } from './write/edit.ts';
import { noteChanges, notesIn } from './write/notes.ts';

export type Bench = {
  readonly holding: Holding;
  readonly limits: GitLimits;
  readonly identity: Author;
  readonly nowMs: () => number;
};

type Performers = {
  readonly [Name in OperationName]: (
    bench: Bench,
    ask: Operations[Name]['ask'],
    call: Call,
  ) => Promise<Operations[Name]['answer']>;
};

// Well below what a message between processes can hold.
const answerMax = 32 * 1024 * 1024;
const attemptsMax = 5;

/** Every function rejects with FaultError, or the signal's reason. */
export const performers: Performers = {
  fetch: async ({ holding }, { commit, isHead }, call) => {
    await holding.bring(checkedOid(commit), { kind: isHead ? 'head' : 'other' }, call);
    return undefined;
  },

  files: async (bench, { commit }, call) => {
    const tree = await treeOf(bench, commit, call);
    return filesOf(bench.holding.view().walker, tree, bench.limits);
  },

  changes: async (bench, { from, to }, call) => {
    // A local copy may have been made anew since `from` was fetched.
    await bench.holding.bring(checkedOid(from), { kind: 'other' }, call);
    const before = await treeOf(bench, from, call);
    const after = await treeOf(bench, to, call);
    return changesOf(bench.holding.view().walker, before, after, bench.limits);
  },

  blobs: async ({ holding }, { oids }) => {
    const { blob } = holding.view();
    const blobs: GitBlob[] = [];
    let bytes = 0;
    for (const oid of oids) {
      const next = blob(checkedOid(oid));
      bytes += next.kind === 'bytes' ? next.bytes.length : 0;
      if (blobs.length > 0 && bytes > answerMax) break;
      blobs.push(next);
    }
    return blobs;
  },

  history: async (bench, { from, until, limit }, call) => {
    await treeOf(bench, from, call);
    return historyOf(bench.holding, from, until, limit, call);
  },

  mergeBase: async (bench, { a, b }, call) => {
    await treeOf(bench, a, call);
    await treeOf(bench, b, call);
    return mergeBaseOf(bench.holding, a, b, call);
  },

  contributions: async (bench, { from, to, paths }, call) => {
    await treeOf(bench, to, call);
    if (from !== undefined) checkedOid(from);
    return contributionsOf({ ...bench, from, to, paths }, call);
  },

  readNotes: async (bench, { ref, commits }, call) => {
    const tip = await noteTip(bench, ref, call);
    if (tip === undefined) return new Map();
    const view = bench.holding.view();
    return notesIn(view, view.walker.commit(tip).tree, commits);
  },

  writeNotes: async (bench, { ref, notes }, call) => {
    const { holding } = bench;
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const tip = await noteTip(bench, ref, call);
      const view = holding.view();
      const tree = tip === undefined ? undefined : view.walker.commit(tip).tree;
      const files = noteChanges(view, tree, notes);
      if (files.size === 0) return undefined;
      const to = await commitOn(bench, tip, tree, { files, message: 'Notes added by Landfall\n' });
      if ((await holding.push({ ref, from: tip, to }, call)) === 'pushed') return undefined;
    }
    throw new FaultError({ kind: 'stale', detail: `others push to ${ref} all the time` });
  },

  push: async (bench, { branch, parent, change }, call) => {
    const { holding } = bench;
    const ref = branchRef(branch);
    const tree = await treeOf(bench, parent, call);
    const to = await commitOn(bench, parent, tree, change);
    if ((await holding.push({ ref, from: parent, to }, call)) === 'pushed') return commitSha(to);
    throw new FaultError({ kind: 'stale', detail: `${branch} is no longer at ${parent}` });
  },

  propose: async (bench, { branch, base, change }, call) => {
    const { holding } = bench;
    const ref = branchRef(branch);
    const tree = await treeOf(bench, base, call);
    const to = await commitOn(bench, base, tree, change);
    const from = await holding.tip(ref, call);
    if (from !== undefined && (await isSame(bench, ref, from, to, call))) return commitSha(from);
    if ((await holding.push({ ref, from, to }, call)) === 'pushed') return commitSha(to);
    throw new FaultError({ kind: 'stale', detail: `somebody else pushes to ${branch}` });
  },
};

/** Holds a ref's commit what ours does, on the same base? One that cannot be had here does not. */
async function isSame({ holding }: Bench, ref: string, tip: string, ours: string, call: Call): Promise<boolean> {
  try {
    await holding.bring(tip, { kind: 'ref', ref }, call);
  } catch (error) {
    if (error instanceof FaultError) return false;
    throw error;
  }
  const { walker } = holding.view();
  const [there, here] = [walker.commit(tip), walker.commit(ours)];
  return there.tree === here.tree && there.parents.join() === here.parents.join();
}

/** The tree of a commit that was fetched. */
async function treeOf({ holding }: Bench, commit: string, call: Call): Promise<string> {
  const { walker, isWhole } = holding.view();
  if (await isWhole(checkedOid(commit), call.signal)) return walker.commit(commit).tree;
  throw new FaultError({ kind: 'missing', detail: `commit ${commit} has not been fetched` });
}

/** The commit that a ref of notes stands at, brought here. Somebody may push between the asking and the bringing. */
async function noteTip({ holding }: Bench, ref: string, call: Call): Promise<string | undefined> {
  checkedRef(ref);
  for (let attempt = 1; ; attempt++) {
    const tip = await holding.tip(ref, call);
    if (tip === undefined) return undefined;
    try {
      await holding.bring(tip, { kind: 'ref', ref }, call);
      return tip;
    } catch (error) {
      const isMoved = error instanceof FaultError && error.fault.kind === 'missing' && attempt < attemptsMax;
      if (!isMoved) throw error;
    }
  }
}

async function commitOn(
  bench: Bench,
  parent: string | undefined,
  tree: string | undefined,
  change: { readonly files: ReadonlyMap<string, string | undefined>; readonly message: string },
): Promise<string> {
  const folder = await bench.holding.folder();
  const desk = { folder, walker: bench.holding.view().walker };
  return writeCommit(desk, {
    tree: await editTree(desk, tree, change.files),
    parents: parent === undefined ? [] : [parent],
    message: change.message,
    author: bench.identity,
    atMs: bench.nowMs(),
  });
}

function checkedOid(oid: string): string {
  if (isOid(oid)) return oid;
  throw new FaultError({ kind: 'misconfigured', detail: `${JSON.stringify(oid.slice(0, 80))} is no full SHA-1` });
}

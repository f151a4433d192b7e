/** What a merge would leave: the files of a branch, with what a pull request changes laid over them. */
import type { CommitSha } from '../../core/model/id.ts';
import type { GitRepository, TreeChange, TreeFile } from '../../seam/git.ts';

export type Merge =
  | {
      readonly kind: 'merged';
      /** In code unit order of path. */
      readonly files: readonly TreeFile[];
    }
  /** Files that both sides have changed in different ways, in order of path. */
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'unrelated'; readonly reason: string };

export type Branch = { readonly commit: CommitSha; readonly files: readonly TreeFile[] };

/**
 * Merges, file by file.
 *
 * Shape: lines are not merged, so a file that both sides have changed is a conflict where Git might find none. Nothing is
 *   written. Errors: FaultError.
 */
export async function mergeOf(
  head: CommitSha,
  branch: Branch,
  git: Pick<GitRepository, 'changes' | 'fetch' | 'mergeBase'>,
  signal: AbortSignal,
): Promise<Merge> {
  await git.fetch(head, signal);
  const base = await git.mergeBase(head, branch.commit, signal);
  if (base.kind === 'none') return { kind: 'unrelated', reason: 'it has no commit in common with the branch' };
  if (base.kind === 'unknown')
    return { kind: 'unrelated', reason: 'it left the branch too long ago to find where: rebase it' };
  await git.fetch(base.commit, signal);
  const theirs = await git.changes(base.commit, head, signal);
  const ours = base.commit === branch.commit ? [] : await git.changes(base.commit, branch.commit, signal);
  return lay(theirs, ours, branch.files);
}

/** Lays `theirs` over `files`, which `ours` have led to. */
export function lay(
  theirs: readonly TreeChange[],
  ours: readonly TreeChange[],
  files: readonly TreeFile[],
): Exclude<Merge, { kind: 'unrelated' }> {
  const changed = new Map(ours.map((change) => [change.path, change]));
  const isConflict = ({ path, after }: TreeChange): boolean => {
    const own = changed.get(path);
    return own !== undefined && !isSame(own.after, after);
  };
  const paths = new Set(theirs.filter(isConflict).map(({ path }) => path));
  const result = new Map(files.map((file) => [file.path, file]));
  for (const { path, after } of theirs) {
    if (after === undefined) result.delete(path);
    else result.set(path, after);
  }
  // One side has a file where the other has a folder.
  const added = [...theirs, ...ours].flatMap(({ path, after }) => (after === undefined ? [] : [path]));
  for (const path of added) for (const folder of foldersOf(path)) if (result.has(folder)) paths.add(folder);
  if (paths.size > 0) return { kind: 'conflict', paths: [...paths].toSorted() };
  return { kind: 'merged', files: [...result.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

const isSame = (a: TreeFile | undefined, b: TreeFile | undefined): boolean => a?.oid === b?.oid && a?.mode === b?.mode;

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}

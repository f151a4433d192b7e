/** Merging a branch into another with real objects, in each way that a forge offers. */
import type { ForgeRepository, StoredCommit } from './repository.ts';

export const mergeStyles = ['merge', 'squash', 'rebase'] as const;
export type MergeStyle = (typeof mergeStyles)[number];

export type MergeWish = {
  readonly style: MergeStyle;
  /** Commits. */
  readonly base: string;
  readonly head: string;
  readonly message: string;
  readonly atMs: number;
};

/** Shape: the new head of the base branch, which nothing points to yet; undefined when the two contradict each other. */
export async function mergedCommit(repository: ForgeRepository, wish: MergeWish): Promise<string | undefined> {
  const { style, base, head, message, atMs } = wish;
  if (style === 'rebase') return rebased(repository, wish);
  const tree = await repository.mergedTree(base, head);
  if (tree === undefined) return undefined;
  const parents = style === 'merge' ? [base, head] : [base];
  return repository.commit({ tree, parents, message: `${message.trimEnd()}\n` }, atMs);
}

async function rebased(repository: ForgeRepository, { base, head, atMs }: MergeWish): Promise<string | undefined> {
  let tip = base;
  for (const commit of await repository.commitsBetween(base, head)) {
    // As Git does: a merge says nothing of its own.
    if (commit.parents.length > 1) continue;
    const next = await picked(repository, commit, tip, atMs);
    if (next === undefined) return undefined;
    tip = next;
  }
  return tip;
}

/** The change of one commit, on top of another. */
async function picked(
  repository: ForgeRepository,
  { id, parents: [parent], author, message }: StoredCommit,
  tip: string,
  atMs: number,
): Promise<string | undefined> {
  if (parent === undefined || parent === tip) return id;
  // What the tip holds as a child of the commit's own parent: so that this parent is what a merge compares both with.
  const tree = await repository.treeOf(tip);
  const there = await repository.commit({ tree, parents: [parent], message: 'compare' }, atMs);
  const merged = await repository.mergedTree(there, id);
  return merged === undefined ? undefined : repository.commit({ tree: merged, parents: [tip], message, author }, atMs);
}

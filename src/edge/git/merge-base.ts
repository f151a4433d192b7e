/** Where two histories part: the newest commit that both come from. */
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import type { MergeBase } from '../../seam/git.ts';
import type { Holding } from './holding.ts';
import type { Walker } from './objects/walk.ts';
import type { Call } from './remote/remote.ts';

/** How far back a server is asked for history, one step after the other. Units: commits. */
const depths = [50, 200, 1_000];
const commitsMax = 50_000;

/**
 * Finds it in all of both histories, not only along first parents.
 *
 * Shape: `unknown` when what is here, and what the server hands out, ends before it is certain.
 * Cost: no fetch where the histories are here; each step of depth is two.
 */
export async function mergeBaseOf(holding: Holding, a: CommitSha, b: CommitSha, call: Call): Promise<MergeBase> {
  let found = searchedIn(holding.view().walker, a, b);
  for (const depth of depths) {
    if (found.kind !== 'unknown') return found;
    await holding.deepen(a, depth, call);
    await holding.deepen(b, depth, call);
    found = searchedIn(holding.view().walker, a, b);
  }
  return found;
}

type Visit = { readonly oid: string; readonly parents: readonly string[]; readonly atMs: number };

/** By which of the two a commit is reached; `below`: something newer is a base already. */
type Marks = { isOfA: boolean; isOfB: boolean; isBelow: boolean };

/** Source: git, commit-reach.c, paint_down_to_common. Of several that are no better than one another, the newest. */
function searchedIn(walker: Walker, a: string, b: string): MergeBase {
  const marks = new Map<string, Marks>();
  const queue: Visit[] = [];
  const bases: string[] = [];
  let isCut = false;

  const reach = (oid: string, { isOfA, isOfB, isBelow }: Marks): void => {
    const known = marks.get(oid);
    const isNews =
      known === undefined || (isOfA && !known.isOfA) || (isOfB && !known.isOfB) || (isBelow && !known.isBelow);
    if (!isNews) return;
    marks.set(oid, {
      isOfA: isOfA || known?.isOfA === true,
      isOfB: isOfB || known?.isOfB === true,
      isBelow: isBelow || known?.isBelow === true,
    });
    if (!walker.hasCommit(oid)) {
      isCut ||= !isBelow;
      return;
    }
    const { parents, committedAtMs } = walker.commit(oid);
    insert(queue, { oid, parents, atMs: committedAtMs });
  };
  reach(a, { isOfA: true, isOfB: false, isBelow: false });
  reach(b, { isOfA: false, isOfB: true, isBelow: false });
  while (queue.some(({ oid }) => marks.get(oid)?.isBelow !== true)) {
    const next = queue.pop();
    const mark = next === undefined ? undefined : marks.get(next.oid);
    if (next === undefined || mark === undefined) break;
    if (marks.size > commitsMax) return { kind: 'unknown' };
    const isCommon = mark.isOfA && mark.isOfB;
    if (isCommon && !mark.isBelow && !bases.includes(next.oid)) bases.push(next.oid);
    for (const parent of next.parents) reach(parent, { ...mark, isBelow: mark.isBelow || isCommon });
  }
  if (isCut) return { kind: 'unknown' };
  const best = bases.find((oid) => marks.get(oid)?.isBelow !== true);
  return best === undefined ? { kind: 'none' } : { kind: 'found', commit: commitSha(best) };
}

/** The newest last. */
function insert(queue: Visit[], visit: Visit): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((queue[middle]?.atMs ?? 0) <= visit.atMs) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, visit);
}

/** How a replica count is shared between clusters. */
import type { ClusterId } from '../model/id.ts';
import { invariant } from '../model/invariant.ts';
import { type Claim, ClaimHeap } from './claim-heap.ts';

/** One cluster's claim. `min`, `max` and `previous` are replicas; `weight` has no unit. */
export type Share = {
  readonly cluster: ClusterId;
  readonly weight: number;
  readonly min: number;
  readonly max: number;
  /** What it has now: of equal claims, one that keeps a replica goes first. */
  readonly previous: number;
};

/**
 * Shares `total` replicas between clusters by weight.
 *
 * Shape: every cluster of `shares` is a key, in their order; counts sum to `total`, or to less when every cluster with
 *   a weight is at its `max`. Minimums come first, in the order given, but what of them a cluster has it keeps; they are
 *   floors, not extras.
 * Units: replicas. Cost: O(clusters × log clusters), whatever the total.
 * Errors: none; a negative or fractional total is a bug.
 * Source: Sainte-Laguë's divisor method. The usual largest-remainder rule can take a replica from one cluster when
 *   the total grows (the Alabama paradox), which would evict pods on a scale-up.
 */
export function divide(total: number, shares: readonly Share[]): ReadonlyMap<ClusterId, number> {
  invariant(Number.isSafeInteger(total) && total >= 0, 'the total is a whole number of replicas');
  const floors = floorsOf(total, shares);
  const counts = skipAhead(total, shares, floors);
  let left = total - sumOf(counts);
  const claims = new ClaimHeap();
  for (const [index, share] of shares.entries()) claims.add(claimOf(share, index, counts[index] ?? 0));
  for (let next = claims.take(); left > 0 && next !== undefined; next = claims.take()) {
    const { index } = next;
    const share = shares[index];
    const count = (counts[index] ?? 0) + 1;
    counts[index] = count;
    left -= 1;
    if (share !== undefined) claims.add(claimOf(share, index, count));
  }
  return new Map(shares.map(({ cluster }, index) => [cluster, counts[index] ?? 0]));
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How strongly a cluster that has `count` claims one more. */
const strengthOf = ({ weight }: Share, count: number): number => weight / (2 * count + 1);

function claimOf(share: Share, index: number, count: number): Claim | undefined {
  if (count >= share.max || share.weight <= 0) return undefined;
  return { index, strength: strengthOf(share, count), isKept: count < share.previous };
}

function floorsOf(total: number, shares: readonly Share[]): readonly number[] {
  let left = total;
  const take = (wanted: number): number => {
    const taken = Math.min(wanted, left);
    left -= taken;
    return taken;
  };
  const kept = shares.map(({ min, previous }) => take(Math.min(min, previous)));
  return shares.map(({ min }, index) => (kept[index] ?? 0) + take(min - (kept[index] ?? 0)));
}

/**
 * What the claims stronger than some bound come to, for a bound that leaves little to hand out one by one.
 *
 * Shape: never more than the total. Handing out all claims in order of strength comes by exactly these counts.
 */
function skipAhead(total: number, shares: readonly Share[], floors: readonly number[]): number[] {
  const strongerThan = (bound: number): number[] =>
    shares.map((share, index) => Math.max(floors[index] ?? 0, countAbove(share, bound, total)));
  let low = 0;
  let high = Math.max(0, ...shares.map(({ weight }) => weight));
  let counts = [...floors];
  for (let round = 0; round < 100 && total - sumOf(counts) > shares.length; round++) {
    const middle = (low + high) / 2;
    const found = strongerThan(middle);
    if (sumOf(found) > total) low = middle;
    else [high, counts] = [middle, found];
  }
  return counts;
}

/** How many of a cluster's claims are stronger than the bound, as far as they can be met. */
function countAbove(share: Share, bound: number, total: number): number {
  const { weight } = share;
  const max = Math.min(share.max, total);
  if (weight <= 0) return 0;
  let count = Math.max(0, Math.min(max, Math.ceil((weight / bound - 1) / 2)));
  // The division was rounded; the claims themselves have the last word.
  while (count > 0 && strengthOf(share, count - 1) <= bound) count -= 1;
  while (count < max && strengthOf(share, count) > bound) count += 1;
  return count;
}

/** How a replica count is shared between clusters. */
import type { ClusterId } from '../model/id.ts';
import { invariant } from '../model/invariant.ts';

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
 *   a weight is at its `max`. Minimums come first, in the order given; they are floors, not extras.
 * Units: replicas. Cost: O((clusters + total) × log clusters).
 * Errors: none; a negative or fractional total is a bug.
 * Source: Sainte-Laguë's divisor method. The usual largest-remainder rule can take a replica from one cluster when
 *   the total grows (the Alabama paradox), which would evict pods on a scale-up.
 */
export function divide(total: number, shares: readonly Share[]): ReadonlyMap<ClusterId, number> {
  invariant(Number.isInteger(total) && total >= 0, 'the total is a whole number of replicas');
  const counts = new Map<ClusterId, number>();
  let left = total;
  for (const share of shares) {
    const count = Math.min(share.min, left);
    counts.set(share.cluster, count);
    left -= count;
  }
  const claims = new ClaimHeap();
  for (const [index, share] of shares.entries()) claims.add(claimOf(share, index, counts.get(share.cluster) ?? 0));
  while (left > 0) {
    const next = claims.take();
    if (next === undefined) break;
    const count = (counts.get(next.share.cluster) ?? 0) + 1;
    counts.set(next.share.cluster, count);
    claims.add(claimOf(next.share, next.index, count));
    left -= 1;
  }
  return counts;
}

type Claim = { readonly share: Share; readonly index: number; readonly strength: number; readonly isKept: boolean };

function claimOf(share: Share, index: number, count: number): Claim | undefined {
  if (count >= share.max || share.weight <= 0) return undefined;
  return { share, index, strength: share.weight / (2 * count + 1), isKept: count < share.previous };
}

function isBefore(a: Claim, b: Claim): boolean {
  if (a.strength !== b.strength) return a.strength > b.strength;
  if (a.isKept !== b.isKept) return a.isKept;
  return a.index < b.index;
}

/** A binary heap, strongest claim first. */
class ClaimHeap {
  readonly #claims: Claim[] = [];

  add(claim: Claim | undefined): void {
    if (claim === undefined) return;
    const claims = this.#claims;
    let at = claims.length;
    claims.push(claim);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = claims[parent];
      if (above === undefined || !isBefore(claim, above)) break;
      claims[at] = above;
      at = parent;
    }
    claims[at] = claim;
  }

  take(): Claim | undefined {
    const claims = this.#claims;
    const first = claims[0];
    const last = claims.pop();
    if (last === undefined || claims.length === 0) return first;
    let at = 0;
    for (;;) {
      const child = this.#strongerChild(at);
      const below = claims[child];
      if (below === undefined || !isBefore(below, last)) break;
      claims[at] = below;
      at = child;
    }
    claims[at] = last;
    return first;
  }

  #strongerChild(at: number): number {
    const [left, right] = [this.#claims[2 * at + 1], this.#claims[2 * at + 2]];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
  }
}

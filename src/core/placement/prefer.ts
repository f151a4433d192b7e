/** How a replica count is shared between clusters that run some of it already, by weights that round up. */
import type { ClusterId } from '../model/id.ts';
import { fnv1 } from './fnv.ts';

/** What is wanted of one cluster; counts are replicas, `weight` has no unit. */
export type Preference = {
  readonly min: number;
  readonly max: number | undefined;
  readonly weight: number;
};

export type Preferred = {
  readonly total: number;
  /** May replicas that run be moved? Else they stay where they are, as far as the total goes. */
  readonly isRebalancing: boolean;
  /** Without a preference a cluster gets nothing. */
  readonly clusters: readonly { readonly cluster: ClusterId; readonly preference: Preference | undefined }[];
  /** How many run. */
  readonly current: ReadonlyMap<ClusterId, number>;
  /** How many can run at most, where it was seen that more cannot. */
  readonly capacity: ReadonlyMap<ClusterId, number>;
  /** With the cluster's name, what decides between equal weights. */
  readonly key: string;
};

export type PreferredCounts = {
  readonly counts: ReadonlyMap<ClusterId, number>;
  /** What a cluster would have had, had it had room: it went elsewhere, and is asked for once more to see. */
  readonly overflow: ReadonlyMap<ClusterId, number>;
};

type Candidate = Preference & { readonly cluster: ClusterId; readonly hash: number };

/**
 * Minimums first, then what runs already, then the rest in rounds by weight.
 *
 * Shape: every cluster is a key of `counts`, in the order given; they sum to `total`, or to less when every cluster is full.
 *   The order of `clusters` changes nothing. Cost: O(clusters²) at worst.
 * Source: the planner of Kubernetes Federation and KubeFed, number for number.
 */
export function prefer(wanted: Preferred): PreferredCounts {
  const plan = new Plan(wanted);
  plan.giveMinimums();
  if (!wanted.isRebalancing) plan.keepRunning();
  plan.shareByWeight();
  return plan.result();
}

class Plan {
  readonly #wanted: Preferred;
  readonly #candidates: readonly Candidate[];
  readonly #counts: Map<ClusterId, number>;
  readonly #overflow = new Map<ClusterId, number>();
  /** Of what runs, what still counts against a cluster's share. */
  readonly #kept = new Map<ClusterId, number>();
  #left: number;

  constructor(wanted: Preferred) {
    this.#wanted = wanted;
    this.#left = wanted.total;
    this.#counts = new Map(wanted.clusters.map(({ cluster }) => [cluster, 0]));
    this.#candidates = wanted.clusters
      .flatMap(({ cluster, preference }): readonly Candidate[] =>
        preference === undefined ? [] : [{ ...preference, cluster, hash: fnv1(`${cluster}${wanted.key}`) }],
      )
      .toSorted((a, b) => b.weight - a.weight || a.hash - b.hash || (a.cluster < b.cluster ? -1 : 1));
  }

  giveMinimums(): void {
    for (const { cluster, min } of this.#candidates) {
      const count = this.#withinCapacity(cluster, Math.min(min, this.#left));
      this.#left -= count;
      this.#counts.set(cluster, count);
    }
  }

  keepRunning(): void {
    for (const { cluster, max } of this.#candidates) {
      const running = this.#wanted.current.get(cluster);
      const count = this.#countOf(cluster);
      if (running === undefined || running <= count) continue;
      const kept = this.#withinCapacity(cluster, Math.min(running, max ?? running));
      const extra = Math.max(0, Math.min(kept - count, this.#left));
      this.#left -= extra;
      this.#kept.set(cluster, extra);
      this.#counts.set(cluster, count + extra);
    }
  }

  shareByWeight(): void {
    let open = this.#candidates;
    for (let isModified = true; isModified && this.#left > 0; ) {
      isModified = false;
      const weights = open.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
      if (weights === 0n) return;
      const shared = BigInt(this.#left);
      const next: Candidate[] = [];
      for (const candidate of open) {
        const share = Number((shared * BigInt(candidate.weight) + weights - 1n) / weights);
        const { isFull, isChanged } = this.#give(candidate, Math.min(share, this.#left));
        isModified ||= isChanged;
        if (!isFull) next.push(candidate);
      }
      open = next;
    }
  }

  /** What runs there already is taken out of the share first. */
  #give({ cluster, max }: Candidate, share: number): { readonly isFull: boolean; readonly isChanged: boolean } {
    const start = this.#countOf(cluster);
    const kept = this.#kept.get(cluster) ?? 0;
    const used = Math.min(share, kept);
    this.#kept.set(cluster, kept - used);
    const most = start + share - used;
    const wished = max === undefined ? most : Math.min(most, max);
    const count = this.#withinCapacity(cluster, wished);
    if (count < wished) this.#overflow.set(cluster, wished - count);
    this.#left -= count - start;
    this.#counts.set(cluster, count);
    return { isFull: count < most, isChanged: used > 0 || count > start };
  }

  result(): PreferredCounts {
    if (this.#wanted.isRebalancing) return { counts: this.#counts, overflow: this.#overflow };
    const open = [...this.#overflow].map(([cluster, count]) => [cluster, Math.min(count, this.#left)] as const);
    return { counts: this.#counts, overflow: new Map(open.filter(([, count]) => count > 0)) };
  }

  #countOf(cluster: ClusterId): number {
    return this.#counts.get(cluster) ?? 0;
  }

  #withinCapacity(cluster: ClusterId, count: number): number {
    return Math.min(count, this.#wanted.capacity.get(cluster) ?? count);
  }
}

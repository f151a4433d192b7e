/** How the counts of a placement are shared between the clusters that an App takes. */
import { digestOf } from '../json/digest.ts';
import { type Fleet, matches } from '../model/fleet.ts';
import type { CellId, ClusterId } from '../model/id.ts';
import { cellId, partsOf } from '../model/id.ts';
import type { Observed } from '../model/observed.ts';
import type { ReplicaDivision, WeightedDivision } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import { divide, type Share } from '../placement/divide.ts';
import type { Division } from '../render/division.ts';
import type { Counting } from './counting.ts';
import type { Seat } from './seat.ts';
import { preferredCounts } from './share-preferred.ts';

/** A cluster's shares of all that its placement divides. */
export type Shares =
  | { readonly kind: 'known'; readonly divisions: readonly Division[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The divisions of one App's seats, for one of its clusters at a time. */
export function divisionsOf(seats: readonly Seat[], fleet: Fleet, observed: Observed): (cluster: ClusterId) => Shares {
  const [first] = seats;
  const rules = (first?.placement.replicas ?? []).map((rule) => ({
    rule,
    counting: countingOf(rule, seats, fleet, observed),
  }));
  return (cluster) => {
    const divisions: Division[] = [];
    for (const { rule, counting } of rules) {
      if (counting.kind === 'unknown') return counting;
      const record = first === undefined ? undefined : observed.records.get(cellId(first.app, cluster));
      divisions.push({
        target: rule.target,
        total: Math.max(0, rule.total),
        // A cluster that takes no part now, as while it does not answer, keeps what it had.
        shareOf: (total) => counting.counts(total).get(cluster) ?? previousOf(rule, record),
        digest: counting.digest,
        field: rule.kind === 'preferred' ? (rule.field ?? 'replicas') : 'replicas',
      });
    }
    return { kind: 'known', divisions };
  };
}

function countingOf(rule: ReplicaDivision, seats: readonly Seat[], fleet: Fleet, observed: Observed): Counting {
  const counting =
    rule.kind === 'weighted' ? weightedCounts(rule, seats, observed.records) : preferredCounts(rule, fleet, observed);
  if (counting.kind === 'unknown') return counting;
  const byTotal = new Map<number, ReadonlyMap<ClusterId, number>>();
  const counts = (total: number): ReadonlyMap<ClusterId, number> => {
    const known = byTotal.get(total) ?? counting.counts(total);
    byTotal.set(total, known);
    return known;
  };
  return { ...counting, counts };
}

/** Shape: a lost cluster keeps its share, since every seat counts whether its cluster answers or not. */
function weightedCounts(
  rule: WeightedDivision,
  seats: readonly Seat[],
  records: ReadonlyMap<CellId, CellRecord>,
): Counting {
  const shares = seats.map(
    ({ app, cluster }): Share => ({
      cluster: cluster.id,
      weight: rule.weights.find((each) => matches(each.clusters, cluster))?.weight ?? 1,
      min: rule.minPerCluster,
      max: rule.maxPerCluster ?? Number.POSITIVE_INFINITY,
      previous: previousOf(rule, records.get(cellId(app, cluster.id))),
    }),
  );
  return {
    kind: 'known',
    counts: (total) => divide(total, shares),
    digest: digestOf(
      shares.map(({ cluster, weight, min, max, previous }) => [cluster, weight, min, `${max}`, previous]),
    ),
  };
}

/** What the cluster has now of what the target means; the first of several. */
function previousOf({ target }: ReplicaDivision, record: CellRecord | undefined): number {
  for (const [key, count] of record?.replicas ?? []) {
    const { group, kind, namespace, name } = partsOf(key);
    const isMeant =
      (target.group ?? group) === group &&
      (target.kind ?? kind) === kind &&
      (target.namespace ?? namespace) === namespace &&
      (target.name ?? name) === name;
    if (isMeant) return count;
  }
  return 0;
}

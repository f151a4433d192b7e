/** How the counts of a placement are shared between the clusters that an App takes. */
import { digestOf } from '../json/digest.ts';
import { matches } from '../model/fleet.ts';
import type { CellId, ClusterId } from '../model/id.ts';
import { cellId, partsOf } from '../model/id.ts';
import type { ReplicaDivision } from '../model/placement.ts';
import type { CellRecord } from '../model/record.ts';
import { divide, type Share } from '../placement/divide.ts';
import type { Division } from '../render/division.ts';
import type { Seat } from './seat.ts';

/**
 * The divisions of one App's seats, for one of its clusters at a time.
 *
 * Shape: a lost cluster keeps its share, since every seat counts whether its cluster answers or not.
 */
export function divisionsOf(
  seats: readonly Seat[],
  records: ReadonlyMap<CellId, CellRecord>,
): (cluster: ClusterId) => readonly Division[] {
  const [first] = seats;
  const rules =
    first === undefined
      ? []
      : first.placement.replicas.map((rule) => ({ rule, countsOf: counter(rule, seats, records) }));
  return (cluster) =>
    rules.map(({ rule, countsOf }) => ({
      target: rule.target,
      total: rule.total,
      shareOf: (total) => countsOf.counts(total).get(cluster) ?? 0,
      digest: countsOf.digest,
    }));
}

type Counter = {
  readonly counts: (total: number) => ReadonlyMap<ClusterId, number>;
  /** Of all claims: what every share of every total follows from. */
  readonly digest: string;
};

function counter(rule: ReplicaDivision, seats: readonly Seat[], records: ReadonlyMap<CellId, CellRecord>): Counter {
  const shares = seats.map(
    ({ app, cluster }): Share => ({
      cluster: cluster.id,
      weight: rule.weights.find((each) => matches(each.clusters, cluster))?.weight ?? 1,
      min: rule.minPerCluster,
      max: rule.maxPerCluster ?? Number.POSITIVE_INFINITY,
      previous: previousOf(rule, records.get(cellId(app, cluster.id))),
    }),
  );
  const byTotal = new Map<number, ReadonlyMap<ClusterId, number>>();
  return {
    counts: (total) => {
      const counts = byTotal.get(total) ?? divide(total, shares);
      byTotal.set(total, counts);
      return counts;
    },
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

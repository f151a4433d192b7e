/** How a count is shared between clusters by what runs there now. */
import { digestOf } from '../json/digest.ts';
import { type Fleet, matches } from '../model/fleet.ts';
import type { ClusterId } from '../model/id.ts';
import type { Observed } from '../model/observed.ts';
import type { PreferredDivision } from '../model/placement.ts';
import { prefer } from '../placement/prefer.ts';
import type { Counting } from './counting.ts';
import { countOn } from './running.ts';

/**
 * Shape: only for clusters that take part; what a cluster overflows is asked for there once more, to see whether there is room.
 *   Where one cluster cannot be counted nothing is known: to guess would move what runs.
 */
export function preferredCounts(rule: PreferredDivision, fleet: Fleet, observed: Observed): Counting {
  const clusters = [...fleet.values()]
    .filter((cluster) => cluster.lifecycle !== 'Retired' && cluster.lifecycle !== 'Draining')
    .filter((cluster) => matches(rule.candidates, cluster) && !observed.lost.has(cluster.id))
    .map((cluster) => ({
      cluster: cluster.id,
      preference: rule.preferences.find((each) => matches(each.clusters, cluster)),
    }));
  if (clusters.length === 0) return { kind: 'unknown', reason: 'no cluster answers that could take replicas' };
  const current = new Map<ClusterId, number>();
  const capacity = new Map<ClusterId, number>();
  for (const { cluster } of clusters) {
    const count = countOn(rule, cluster, observed);
    if (count.kind === 'unknown') return { kind: 'unknown', reason: `what runs is not known: ${count.reason}` };
    if (count.running !== undefined) current.set(cluster, count.running);
    if (count.capacity !== undefined) capacity.set(cluster, count.capacity);
  }
  const { isRebalancing, key } = rule;
  const countsOf = (total: number): ReadonlyMap<ClusterId, number> => {
    const { counts, overflow } = prefer({ total, isRebalancing, clusters, current, capacity, key });
    return new Map([...counts].map(([cluster, count]) => [cluster, count + (overflow.get(cluster) ?? 0)]));
  };
  const wishes = clusters.map(({ cluster, preference: wish }) => [
    cluster,
    ...(wish === undefined ? [] : [wish.min, `${wish.max}`, wish.weight]),
  ]);
  return {
    kind: 'known',
    counts: countsOf,
    digest: digestOf([wishes, [...current], [...capacity], isRebalancing, key]),
  };
}

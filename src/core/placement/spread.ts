/** Which of the candidates to use when a placement wants only so many. */
import type { Cluster } from '../model/fleet.ts';
import type { ClusterId } from '../model/id.ts';
import type { Spread } from '../model/placement.ts';

/**
 * At most `maxClusters` of the candidates, over as many values of the label as can be, with the fewest moves.
 *
 * Shape: in the order of the candidates. Those in `current` stay while the spread allows; a cluster without the label
 *   counts as a value of its own.
 */
export function spreadOver(
  candidates: readonly Cluster[],
  spread: Spread,
  current: ReadonlySet<ClusterId>,
): readonly Cluster[] {
  if (candidates.length <= spread.maxClusters) return candidates;
  const groups = Map.groupBy(candidates, (cluster) => spreadValue(cluster, spread.topologyKey));
  // Within a value those that are in use come first; then values that are in use come before those that are not.
  const queues = [...groups.values()].map((members) => members.toSorted((a, b) => rank(a, current) - rank(b, current)));
  queues.sort((a, b) => usedIn(b, current) - usedIn(a, current));
  const chosen = new Set<Cluster>();
  for (let round = 0; chosen.size < spread.maxClusters; round++) {
    for (const queue of queues) {
      const next = queue[round];
      if (next !== undefined && chosen.size < spread.maxClusters) chosen.add(next);
    }
  }
  return candidates.filter((cluster) => chosen.has(cluster));
}

const spreadValue = (cluster: Cluster, key: string): string => cluster.labels[key] ?? `\0${cluster.id}`;
const rank = (cluster: Cluster, current: ReadonlySet<ClusterId>): number => (current.has(cluster.id) ? 0 : 1);
const usedIn = (queue: readonly Cluster[], current: ReadonlySet<ClusterId>): number =>
  queue.filter((cluster) => current.has(cluster.id)).length;

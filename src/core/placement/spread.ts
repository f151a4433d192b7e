/** Which of the candidates to use when a placement wants only so many. */
import { type Cluster, labelOf } from '../model/fleet.ts';
import type { ClusterId } from '../model/id.ts';
import type { Spread } from '../model/placement.ts';

/**
 * At most `maxClusters` of the candidates, over as many values of the label as can be, with the fewest moves.
 *
 * Shape: in the order of the candidates. Those in `current` stay while the spread allows; what is new goes where the fewest
 *   are. A cluster without the label counts as a value of its own.
 */
export function spreadOver(
  candidates: readonly Cluster[],
  spread: Spread,
  current: ReadonlySet<ClusterId>,
): readonly Cluster[] {
  if (candidates.length <= spread.maxClusters) return candidates;
  const groups = Map.groupBy(candidates, (cluster) => spreadValue(cluster, spread.topologyKey));
  // Values that are in use come before those that are not, and within a value the clusters that are.
  const queues = [...groups.values()]
    .map((members) => members.toSorted((a, b) => rank(a, current) - rank(b, current)))
    .toSorted((a, b) => usedIn(b, current) - usedIn(a, current));
  const chosen = new Set<Cluster>();
  const take = (cluster: Cluster | undefined): void => {
    if (cluster !== undefined && chosen.size < spread.maxClusters) chosen.add(cluster);
  };
  for (const [first] of queues) take(first);
  const isUsed = ({ id }: Cluster): boolean => current.has(id);
  for (const cluster of inTurn(queues, chosen)) if (isUsed(cluster)) take(cluster);
  for (const cluster of inTurn(queues, chosen)) take(cluster);
  return candidates.filter((cluster) => chosen.has(cluster));
}

/** Clusters that are not chosen yet, each time one of the value that has the fewest chosen. */
function inTurn(queues: readonly (readonly Cluster[])[], chosen: ReadonlySet<Cluster>): readonly Cluster[] {
  const turns = queues.flatMap((queue) => {
    const left = queue.filter((cluster) => !chosen.has(cluster));
    return left.map((cluster, index) => ({ cluster, turn: queue.length - left.length + index }));
  });
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ cluster }) => cluster);
}

const spreadValue = (cluster: Cluster, key: string): string => labelOf(cluster, key) ?? `\0${cluster.id}`;
const rank = (cluster: Cluster, current: ReadonlySet<ClusterId>): number => (current.has(cluster.id) ? 0 : 1);
const usedIn = (queue: readonly Cluster[], current: ReadonlySet<ClusterId>): number =>
  queue.filter((cluster) => current.has(cluster.id)).length;

/** The order in which the clusters of a stage change. */
import { type Cluster, labelOf } from '../model/fleet.ts';
import type { ClusterId } from '../model/id.ts';
import type { Stage, Waves } from '../model/placement.ts';

/**
 * Clusters that may change together, one wave after the other.
 *
 * Shape: every cluster once. With `waves`, one value of the label a wave, so that two regions never change at once.
 */
export function wavesOf(stage: Stage, clusters: readonly Cluster[]): readonly (readonly ClusterId[])[] {
  if (clusters.length === 0) return [];
  const { waves } = stage;
  if (waves === undefined) return [clusters.map(({ id }) => id)];
  const groups = Map.groupBy(clusters, (cluster) => labelOf(cluster, waves.topologyKey));
  return [...groups]
    .toSorted(([a], [b]) => compareValues(a, b, waves))
    .map(([, members]) => members.map(({ id }) => id));
}

function compareValues(a: string | undefined, b: string | undefined, waves: Waves): number {
  const [rankA, rankB] = [rankOf(a, waves), rankOf(b, waves)];
  if (rankA !== rankB) return rankA - rankB;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

function rankOf(value: string | undefined, waves: Waves): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const index = waves.order.indexOf(value);
  return index === -1 ? waves.order.length : index;
}

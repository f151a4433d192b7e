/** Which clusters a placement goes to, and to which of its stages each belongs. */
import { type Cluster, dependsOnLabels, type Fleet, matches, namesIn } from '../model/fleet.ts';
import type { ClusterId } from '../model/id.ts';
import { unreachable } from '../model/invariant.ts';
import type { Placement, Stage } from '../model/placement.ts';
import { spreadOver } from './spread.ts';

export type Chosen = { readonly cluster: Cluster; readonly stage: Stage };

/**
 * The clusters of a placement with their stages, in order of stage, then as named or by name.
 *
 * Shape: each cluster once, in the first stage that selects it. `current` are the clusters that hold the placement now:
 *   a Cordoned cluster takes nothing new and keeps what it has; a Draining one is left as soon as another takes over,
 *   a Retired one is not there.
 */
export function chooseClusters(placement: Placement, fleet: Fleet, current: ReadonlySet<ClusterId>): readonly Chosen[] {
  const taken = new Set<ClusterId>();
  const selected = placement.stages.flatMap((stage) =>
    candidatesOf(stage, fleet)
      .filter((cluster) => !taken.has(cluster.id) && isOpen(cluster, current))
      .map((cluster): Chosen => {
        taken.add(cluster.id);
        return { cluster, stage };
      }),
  );
  const staying = drained(selected);
  if (placement.spread === undefined) return staying;
  const kept = new Set(
    spreadOver(
      staying.map(({ cluster }) => cluster),
      placement.spread,
      current,
    ),
  );
  return staying.filter(({ cluster }) => kept.has(cluster));
}

function candidatesOf(stage: Stage, fleet: Fleet): readonly Cluster[] {
  // Names say an order, too.
  const listed = dependsOnLabels(stage.clusters) ? [...fleet.keys()] : namesIn(stage.clusters);
  return listed.flatMap((name) => fleet.get(name) ?? []).filter((cluster) => matches(stage.clusters, cluster));
}

export function isOpen(cluster: Cluster, current: ReadonlySet<ClusterId>): boolean {
  switch (cluster.lifecycle) {
    case 'Active':
    case 'Joining':
      return true;
    case 'Cordoned':
    case 'Draining':
      return current.has(cluster.id);
    case 'Retired':
      return false;
    default:
      return unreachable(cluster.lifecycle);
  }
}

/** Make before break: a draining cluster goes only when the placement has another to be on. */
function drained(selected: readonly Chosen[]): readonly Chosen[] {
  const staying = selected.filter(({ cluster }) => cluster.lifecycle !== 'Draining');
  return staying.length === 0 ? selected : staying;
}

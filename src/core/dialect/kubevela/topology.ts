/** Topology policies: where the components of a step go. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { readWritten } from '../native/read.ts';
import { labelled, local, named, sameMatch } from './clusters.ts';
import type { Policy } from './policies.ts';
import { caution } from './problem.ts';
import { Topology } from './schema/policy.ts';

/** Some clusters, and the namespace that objects go to there; undefined: to the one that they name themselves. */
export type Place = { readonly clusters: ClusterMatch; readonly namespace: string | undefined };

export const here: Place = { clusters: named([local]), namespace: undefined };

export function placesOf(policies: readonly Policy[]): Findings<readonly Place[]> {
  if (policies.length === 0) return { value: [here], diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const places: Place[] = [];
  for (const { name, properties } of policies) {
    const { value, diagnostics: found } = readWritten(Topology, properties);
    diagnostics.push(...found);
    if (value === undefined) continue;
    const labels = value.clusterLabelSelector ?? value.clusterSelector;
    if (value.clusters?.length === 0) {
      const message = `topology policy ${name} names no cluster, so it places nothing`;
      diagnostics.push(
        caution('A1525', properties.originAt(['clusters']), message, 'without `clusters` it means `local`'),
      );
    }
    const clusters = value.clusters ? named(value.clusters) : labels ? labelled(labels) : named([local]);
    const place: Place = { clusters, namespace: value.namespace || undefined };
    const isDouble = places.some(
      (other) => other.namespace === place.namespace && sameMatch(other.clusters, place.clusters),
    );
    if (!isDouble) places.push(place);
  }
  return { value: places, diagnostics };
}

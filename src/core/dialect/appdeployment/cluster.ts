/** Cluster objects, of which one fleet may have the same in many namespaces. */

import { canonical } from '../../json/digest.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { Cluster as FleetCluster } from '../../model/fleet.ts';
import { type ClusterId, clusterId } from '../../model/id.ts';
import type { Files } from '../files.ts';
import { nativeGroup } from '../files.ts';
import { readNative } from '../native/read.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { Cluster } from './schema.ts';

export type Declared = { readonly cluster: FleetCluster; readonly namespace: string };

export function readCluster(placed: Placed): Findings<Declared | undefined> {
  const { value, diagnostics } = readNative(Cluster, placed);
  if (value === undefined) return { value, diagnostics };
  const { metadata, spec } = value;
  const cluster: FleetCluster = {
    id: clusterId(metadata.name),
    origin: placed.origin,
    labels: metadata.labels,
    clusterID: undefined,
    access: { kind: 'secret', namespace: metadata.namespace, name: spec.kubeconfigSecretRef.name },
    proxyURL: undefined,
    lifecycle: 'Active',
    isSuspended: false,
    variables: {},
    movedFrom: [],
  };
  return { value: { cluster, namespace: metadata.namespace }, diagnostics };
}

/**
 * The clusters of the fleet, each once.
 *
 * Shape: the first of those that say the same, in order of namespace. A native Cluster of that name says more, so it
 *   counts; two that differ in their labels are both left, for `gather` to refuse.
 */
export function fleetClusters(declared: readonly Declared[], files: Files): readonly FleetCluster[] {
  const native = new Set(
    files.all.flatMap((file) =>
      files.documentsOf(file).flatMap(({ document }) => {
        const { group, kind, name } = kindOfDocument(document);
        return group === nativeGroup && kind === 'Cluster' ? [name] : [];
      }),
    ),
  );
  const seen = new Map<string, FleetCluster>();
  for (const { cluster } of declared.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1))) {
    const key = canonical([cluster.id, cluster.labels]);
    if (!native.has(cluster.id) && !seen.has(key)) seen.set(key, cluster);
  }
  return [...seen.values()];
}

/** Clusters by namespace, for the AppDeployments there. */
export function clustersIn(
  declared: readonly Declared[],
  namespace: string,
): ReadonlyMap<ClusterId, Readonly<Record<string, string>>> {
  const here = declared.filter((each) => each.namespace === namespace);
  return new Map(here.map(({ cluster }) => [cluster.id, cluster.labels]));
}

/** The native Cluster. */
import type { z } from 'zod';
import type { Findings } from '../../model/diagnostic.ts';
import type { Access, Cluster } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { Placed } from '../placed.ts';
import { readNative } from './read.ts';
import { Cluster as Schema } from './schema/cluster.ts';

/** Shape: undefined when it cannot be read; then the inventory is incomplete, and nothing is removed. */
export function readCluster(placed: Placed): Findings<Cluster | undefined> {
  const { value, diagnostics } = readNative(Schema, placed);
  if (value === undefined) return { value: undefined, diagnostics };
  const { metadata, spec } = value;
  const cluster: Cluster = {
    id: clusterId(metadata.name),
    origin: placed.origin,
    labels: metadata.labels,
    clusterID: spec.clusterID,
    access: accessOf(spec.access),
    proxyURL: spec.access.proxyURL,
    lifecycle: spec.lifecycle,
    isSuspended: spec.suspend,
    variables: spec.variables,
    movedFrom: spec.movedFrom.map(({ name }) => clusterId(name)),
  };
  return { value: cluster, diagnostics: [] };
}

function accessOf(access: z.output<typeof Schema>['spec']['access']): Access {
  if (access.secretRef !== undefined)
    return { kind: 'secret', namespace: access.secretRef.namespace, name: access.secretRef.name };
  if (access.file !== undefined) return { kind: 'file', path: access.file, context: access.context };
  if (access.exec !== undefined) return { kind: 'exec', provider: access.exec.provider };
  return { kind: 'inCluster' };
}

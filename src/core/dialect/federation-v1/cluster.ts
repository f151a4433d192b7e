/** A cluster of a federation: its kubeconfig is in a Secret beside the control plane. */
import { z } from 'zod';
import type { Findings } from '../../model/diagnostic.ts';
import type { Cluster } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import { labelsOf } from '../kubefed/cluster.ts';
import { Labels, Name } from '../native/field.ts';
import { readNative } from '../native/read.ts';
import { kindOfDocument, type Placed } from '../placed.ts';

const controlPlane = 'federation-system';

const Schema = z.looseObject({
  metadata: z.looseObject({ name: Name, labels: Labels.nullish() }),
  spec: z.looseObject({ secretRef: z.looseObject({ name: Name }).nullish() }).nullish(),
});

/** Shape: a cluster that is wrong is known by its name, and nothing is written to it. */
export function readCluster(placed: Placed): Findings<Cluster | undefined> {
  const { value, diagnostics } = readNative(Schema, placed);
  const { name } = kindOfDocument(placed.document);
  if (name === '') return { value: undefined, diagnostics };
  const cluster: Cluster = {
    id: clusterId(name),
    origin: placed.origin,
    // A cluster with an error elsewhere is still where it was: else its share would go to the others.
    labels: labelsOf(placed),
    clusterID: undefined,
    access: { kind: 'secret', namespace: controlPlane, name: value?.spec?.secretRef?.name ?? name },
    proxyURL: undefined,
    lifecycle: 'Active',
    isSuspended: value === undefined,
    variables: {},
    movedFrom: [],
  };
  return { value: cluster, diagnostics };
}

/** Clusters of `vela cluster join`: Secrets that stand for them. */
import { isObject, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Cluster } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { Document } from '../../model/source.ts';
import { Name } from '../native/field.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { caution, problem } from './problem.ts';

const credentialLabel = 'cluster.core.oam.dev/cluster-credential-type';
const ownPrefix = 'cluster.core.oam.dev';

/** Where the old control plane keeps them. */
const home = 'vela-system';

export function isClusterSecret(document: Document): boolean {
  const { namespace } = kindOfDocument(document);
  return namespace === home && typeof labelsOf(document.value)[credentialLabel] === 'string';
}

function labelsOf({ metadata }: JsonObject): JsonObject {
  return isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
}

/**
 * The name and the labels; what the cluster is reached with stays in the Secret of that name on the hub.
 *
 * Shape: undefined with an error.
 */
export function readCluster(placed: Placed): Findings<Cluster | undefined> {
  const { value } = placed.document;
  const { name, namespace } = kindOfDocument(placed.document);
  if (!Name.safeParse(name).success) {
    const message = `${JSON.stringify(name)} cannot be the name of a cluster`;
    return { value: undefined, diagnostics: [problem('A1528', originAt(placed, ['metadata', 'name']), message)] };
  }
  const held = (['data', 'stringData'] as const).filter((field) => isObject(value[field]) && value[field] !== null);
  const diagnostics: readonly Diagnostic[] = held.map((field) =>
    caution(
      'A1529',
      originAt(placed, [field]),
      `the credentials of cluster ${name} lie in Git, where they say nothing: the Secret on the hub counts`,
      `take \`${field}\` out, and give the cluster new credentials`,
    ),
  );
  const labels = Object.entries(labelsOf(value)).flatMap(([key, label]) =>
    typeof label === 'string' && !key.startsWith(ownPrefix) ? [[key, label] as const] : [],
  );
  const cluster: Cluster = {
    id: clusterId(name),
    origin: placed.origin,
    labels: Object.fromEntries(labels),
    clusterID: undefined,
    access: { kind: 'secret', namespace, name },
    proxyURL: undefined,
    lifecycle: 'Active',
    isSuspended: false,
    variables: {},
    movedFrom: [],
  };
  return { value: cluster, diagnostics };
}

/** Kinds that KubeFed federates only once somebody says so: a FederatedTypeConfig for each, as `kubefedctl enable` makes it. */
import type { JsonObject } from '../json/value.ts';
import { groupOf, type KubeObject } from '../model/object.ts';

/** What KubeFed's chart enables, by group. */
const enabled: Readonly<Record<string, readonly string[]>> = {
  '': ['ConfigMap', 'Namespace', 'Secret', 'Service', 'ServiceAccount'],
  apps: ['Deployment', 'ReplicaSet'],
  batch: ['Job'],
  'networking.k8s.io': ['Ingress'],
  'rbac.authorization.k8s.io': ['ClusterRole'],
};

export const isEnabled = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean =>
  enabled[groupOf(apiVersion)]?.includes(kind) === true;

/** Where nobody says otherwise, the plural is guessed, and what has a namespace is of a kind that has. */
export type Served = { readonly plural: string; readonly isNamespaced: boolean };

/** Shape: one for each kind that is not enabled, in the order of the objects. */
export function typeConfigsFor(
  objects: readonly KubeObject[],
  served: (object: KubeObject) => Served | undefined,
): readonly JsonObject[] {
  const kinds = Map.groupBy(
    objects.filter((object) => !isEnabled(object)),
    ({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`,
  );
  return [...kinds.values()].flatMap(([object]) =>
    object === undefined ? [] : [typeConfig(object, served(object) ?? guessed(object))],
  );
}

const guessed = ({ kind, metadata }: KubeObject): Served => ({
  plural: pluralOf(kind.toLowerCase()),
  isNamespaced: metadata.namespace !== undefined,
});

/** Source: kubefed, pkg/kubefedctl/enable: how it makes a plural of a kind. */
function pluralOf(singular: string): string {
  if (/(?:s|x|z|o|ch|sh)$/.test(singular)) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

function typeConfig({ apiVersion, kind }: KubeObject, { plural, isNamespaced }: Served): JsonObject {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const scope = isNamespaced ? 'Namespaced' : 'Cluster';
  return {
    apiVersion: 'core.kubefed.io/v1beta1',
    kind: 'FederatedTypeConfig',
    metadata: { name: group === '' ? plural : `${plural}.${group}`, namespace: 'kube-federation-system' },
    spec: {
      targetType: { ...(group === '' ? {} : { group }), version, kind, pluralName: plural, scope },
      propagation: 'Enabled',
      federatedType: {
        group: 'types.kubefed.io',
        version: 'v1beta1',
        kind: `Federated${kind}`,
        pluralName: `federated${plural}`,
        scope,
      },
    },
  };
}

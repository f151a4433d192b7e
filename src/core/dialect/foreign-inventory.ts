/** Clusters as other tools register them: nobody here reads them, and nobody should have to find that out. */
import { isObject, textOf } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { kindOfDocument, type Placed } from './placed.ts';

/** `<group>/<Kind>` and whose it is. */
const foreign: ReadonlyMap<string, string> = new Map([
  ['cluster.open-cluster-management.io/ManagedCluster', 'Open Cluster Management'],
  ['cluster.open-cluster-management.io/ManagedClusterSet', 'Open Cluster Management'],
  ['cluster.karmada.io/Cluster', 'Karmada'],
  ['cluster.kubesphere.io/Cluster', 'KubeSphere'],
  ['cluster.x-k8s.io/Cluster', 'Cluster API'],
  ['cluster.core.oam.dev/ClusterGateway', 'KubeVela’s cluster gateway'],
  ['cluster.core.oam.dev/VirtualCluster', 'KubeVela’s cluster gateway'],
  ['fleet.cattle.io/Cluster', 'Rancher Fleet'],
  ['fleet.cattle.io/ClusterGroup', 'Rancher Fleet'],
  ['multicluster.x-k8s.io/ClusterProfile', 'a cluster inventory'],
]);

/** Labels of Secrets that stand for clusters. */
const ofSecrets: readonly { readonly label: string; readonly value: string | undefined; readonly whose: string }[] = [
  { label: 'argocd.argoproj.io/secret-type', value: 'cluster', whose: 'Argo CD' },
  {
    label: 'cluster.core.oam.dev/cluster-credential-type',
    value: undefined,
    whose: 'KubeVela outside of `vela-system`',
  },
];

/** Shape: a warning for a document that no dialect claims and that registers a cluster somewhere else; else nothing. */
export function foreignInventory(placed: Placed): readonly Diagnostic[] {
  const { group, kind, name } = kindOfDocument(placed.document);
  const whose = foreign.get(`${group}/${kind}`) ?? (group === '' && kind === 'Secret' ? ofSecret(placed) : undefined);
  if (whose === undefined) return [];
  return [
    {
      code: 'A1228',
      severity: 'warning',
      origin: placed.origin,
      message: `${kind} ${name} registers a cluster for ${whose}; it is not read, so Landfall knows no such cluster from it`,
      hint: hintOf(kind),
    },
  ];
}

const hintOf = (kind: string): string =>
  kind === 'ManagedClusterSet' || kind === 'ClusterGroup'
    ? 'give the clusters labels, and select by those'
    : '`landfall cluster join` writes a Cluster manifest that is read, with labels that topologies can select by';

function ofSecret({ document }: Placed): string | undefined {
  const { metadata } = document.value;
  const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
  return ofSecrets.find(({ label, value }) => {
    const given = textOf(labels[label]);
    return given !== undefined && (value === undefined || given === value);
  })?.whose;
}

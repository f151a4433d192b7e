/** The API groups and kinds of KubeFed, under all the names that they have had. */

import { unreachable } from '../../model/invariant.ts';

export type Area = 'core' | 'types' | 'scheduling' | 'dns';

const prefixes: Readonly<Record<string, Area>> = {
  core: 'core',
  types: 'types',
  primitives: 'types',
  generated: 'types',
  scheduling: 'scheduling',
  multiclusterdns: 'dns',
};
const suffixes = ['kubefed.io', 'kubefed.k8s.io', 'federation.k8s.io'];

const areas: ReadonlyMap<string, Area> = new Map(
  Object.entries(prefixes).flatMap(([prefix, area]) =>
    suffixes.map((suffix) => [`${prefix}.${suffix}`, area] as const),
  ),
);

/** Kinds of the core group; before 2019 the federated kinds were in it, too. */
const coreKinds: ReadonlySet<string> = new Set([
  'ClusterPropagatedVersion',
  'EnableTypeDirective',
  'FederatedCluster',
  'FederatedServiceStatus',
  'FederatedTypeConfig',
  'KubeFedCluster',
  'KubeFedConfig',
  'PropagatedVersion',
]);

const schedulingKinds = ['ReplicaSchedulingPreference'];
const dnsKinds = ['DNSEndpoint', 'Domain', 'IngressDNSRecord', 'ServiceDNSRecord'];

/** The kinds of an area, but for those that are federated: of these there are any. */
export function kindsOf(area: Exclude<Area, 'types'>): readonly string[] {
  switch (area) {
    case 'core':
      return [...coreKinds];
    case 'scheduling':
      return schedulingKinds;
    case 'dns':
      return dnsKinds;
    default:
      return unreachable(area);
  }
}

/** Shape: undefined for a group that is not KubeFed's. */
export function areaOf(group: string, kind: string): Area | undefined {
  const area = areas.get(group);
  return area === 'core' && !coreKinds.has(kind) && kind.startsWith('Federated') ? 'types' : area;
}

/** Of 2018, when many things had another form. */
export const isEarly = (group: string): boolean => group.endsWith('.federation.k8s.io');

/** Of the time before paths of overrides were JSON pointers. */
export const hasDottedPaths = (group: string): boolean => !group.endsWith('.kubefed.io');

/** Labels that say that KubeFed manages an object. */
export const managedLabels = ['kubefed.io/managed', 'kubefed.k8s.io/managed', 'federation.k8s.io/managed'];
/** Annotations of a federated object: `orphan` of `kubefed.io`, and so on. */
export const annotationKeys = (name: string): readonly string[] =>
  ['kubefed.io', 'kubefed.k8s.io', 'federation.k8s.io'].map((prefix) => `${prefix}/${name}`);

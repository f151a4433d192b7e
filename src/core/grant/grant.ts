/** May this repository do that? One function for every path that leads to a write or a copy. Default deny. */
import { type Cluster, matches } from '../model/fleet.ts';
import { type ObjectKey, partsOf } from '../model/id.ts';
import type { CopyRef } from '../model/intent.ts';
import type { KindRule, Tenant } from '../model/tenant.ts';
import { isResourceName } from './resource-name.ts';

export type Grant =
  /** A repository that is operator and tenant at once. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Where a copy may come from at all: the operator's setting. */
export type CopyScope = 'global' | 'cluster' | 'namespace';

/** Kinds that change who may do what, or how the API itself behaves: `*` never means them. */
const powerful: readonly KindRule[] = [
  {
    apiGroups: [
      'rbac.authorization.k8s.io',
      'apiextensions.k8s.io',
      'admissionregistration.k8s.io',
      'apiregistration.k8s.io',
      'certificates.k8s.io',
    ],
    resources: ['*'],
  },
  { apiGroups: [''], resources: ['namespaces', 'nodes', 'persistentvolumes'] },
];

/** Shape: undefined when it may; else why not, for the author. */
export function refuseObject(grant: Grant, key: ObjectKey, cluster: Cluster): string | undefined {
  if (grant.kind === 'everything') return undefined;
  if (grant.kind === 'nothing') return grant.reason;
  const { group, kind, namespace } = partsOf(key);
  const { tenant } = grant;
  const destinations = tenant.destinations.filter((each) => matches(each.clusters, cluster));
  if (destinations.length === 0) return `tenant ${tenant.name} has no destination on cluster ${cluster.id}`;
  if (!tenant.rules.some((rule) => allows(rule, group, kind)))
    return `tenant ${tenant.name} may not have ${kind} objects`;
  // A kind without namespaces reaches everybody, so it takes a destination of all namespaces.
  const needed = namespace === '' ? '*' : namespace;
  const isInside = destinations.some(({ namespaces }) => namespaces.some((pattern) => isNamespaceIn(needed, pattern)));
  if (isInside) return undefined;
  return namespace === ''
    ? `tenant ${tenant.name} may not have ${kind} objects, which have no namespace, on cluster ${cluster.id}`
    : `namespace ${namespace} on cluster ${cluster.id} is not a destination of tenant ${tenant.name}`;
}

/** The other end of a copy: may the original be read for this repository? */
export function refuseCopy(grant: Grant, copy: CopyRef, appNamespace: string, scope: CopyScope): string | undefined {
  const isOnHub = copy.cluster === 'hub';
  if (scope !== 'global' && !isOnHub) return `copies come from the hub only here, not from ${copy.cluster}`;
  if (scope === 'namespace' && (copy.namespace ?? appNamespace) !== appNamespace) {
    return `copies come from the App's own namespace only here, not from ${copy.namespace}`;
  }
  if (grant.kind === 'everything') return undefined;
  if (grant.kind === 'nothing') return grant.reason;
  const isGranted = grant.tenant.copies.some(
    (each) =>
      each.cluster === copy.cluster &&
      each.namespace === (copy.namespace ?? appNamespace) &&
      isResourceName(copy.resource, each.kind) &&
      (each.names.length === 0 || (copy.which.kind === 'name' && each.names.includes(copy.which.name))),
  );
  if (isGranted) return undefined;
  return `tenant ${grant.tenant.name} may not copy this ${copy.resource} from ${copy.cluster}`;
}

function allows(rule: KindRule, group: string, kind: string): boolean {
  const isGroup = rule.apiGroups.includes(group) || rule.apiGroups.includes('*');
  if (!isGroup) return false;
  if (rule.resources.some((resource) => isResourceName(resource, kind))) return rule.apiGroups.includes(group);
  return rule.resources.includes('*') && !isPowerful(group, kind);
}

function isPowerful(group: string, kind: string): boolean {
  return powerful.some(
    ({ apiGroups, resources }) =>
      apiGroups.includes(group) &&
      (resources.includes('*') || resources.some((resource) => isResourceName(resource, kind))),
  );
}

/** `shop-*` holds `shop-eu`; `*` holds all. */
function isNamespaceIn(namespace: string, pattern: string): boolean {
  return pattern.endsWith('*') ? namespace.startsWith(pattern.slice(0, -1)) : namespace === pattern;
}

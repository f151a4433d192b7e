/** May this repository do that? One function for every path that leads to a write or a copy. Default deny. */
import { type Cluster, matches } from '../model/fleet.ts';
import { type ObjectKey, partsOf } from '../model/id.ts';
import type { CopyRef } from '../model/intent.ts';
import type { Destination, KindRule, Tenant } from '../model/tenant.ts';
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

/** Where a tenant may go on one cluster. */
export const destinationsOn = ({ destinations }: Tenant, cluster: Cluster): readonly Destination[] =>
  destinations.filter((each) => matches(each.clusters, cluster));

/** Shape: undefined when it may; else why not, for the author. `destinations` are those of the cluster. */
export function refuseObject(grant: Grant, key: ObjectKey, destinations: readonly Destination[]): string | undefined {
  if (grant.kind === 'everything') return undefined;
  if (grant.kind === 'nothing') return grant.reason;
  const { group, kind, namespace } = partsOf(key);
  const { tenant } = grant;
  if (destinations.length === 0) return `tenant ${tenant.name} has no destination here`;
  if (!tenant.rules.some((rule) => allows(rule, group, kind)))
    return `tenant ${tenant.name} may not have ${kind} objects`;
  // A kind without namespaces reaches everybody, so it takes a destination of all namespaces.
  const needed = namespace === '' ? '*' : namespace;
  const isInside = destinations.some(({ namespaces }) => namespaces.some((pattern) => isNamespaceIn(needed, pattern)));
  if (isInside) return undefined;
  return namespace === ''
    ? `tenant ${tenant.name} may not have ${kind} objects, which have no namespace`
    : `namespace ${namespace} is not a destination of tenant ${tenant.name}`;
}

/**
 * May it have Apps and Placements in this namespace? Names are the installation's, so another tenant's must not be taken.
 * The namespace is also where objects that name none go.
 */
export function refuseNamespace(grant: Grant, namespace: string): string | undefined {
  if (grant.kind === 'everything') return undefined;
  if (grant.kind === 'nothing') return grant.reason;
  const { name, destinations } = grant.tenant;
  const allowed = destinations.flatMap(({ namespaces }) => namespaces);
  if (allowed.some((pattern) => isNamespaceIn(namespace, pattern))) return undefined;
  return `namespace ${namespace} is not a destination of tenant ${name}`;
}

/** May it say of a kind whether it has namespaces? A definition does so for everybody. */
export function mayDefine(grant: Grant): boolean {
  if (grant.kind !== 'tenant') return grant.kind === 'everything';
  const { destinations, rules } = grant.tenant;
  return (
    rules.some((rule) => allows(rule, 'apiextensions.k8s.io', 'CustomResourceDefinition')) &&
    destinations.some(({ namespaces }) => namespaces.includes('*'))
  );
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
  const which = copy.which.kind === 'name' ? copy.which.name : '*';
  const where = `${copy.namespace ?? appNamespace}/${which} from ${copy.cluster}`;
  return `tenant ${grant.tenant.name} may not copy ${copy.resource} ${where}`;
}

function allows(rule: KindRule, group: string, kind: string): boolean {
  const isNamed = rule.resources.some((resource) => isResourceName(resource, kind));
  if (isNamed && rule.apiGroups.includes(group)) return true;
  const isCovered =
    (isNamed || rule.resources.includes('*')) && (rule.apiGroups.includes(group) || rule.apiGroups.includes('*'));
  return isCovered && !isPowerful(group, kind);
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

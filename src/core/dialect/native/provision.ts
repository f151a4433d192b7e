/** What a Tenant with `provision: true` needs on the clusters: as Apps of the operator, so they roll out like any other. */
import { digestOf } from '../../json/digest.ts';
import type { Json } from '../../json/value.ts';
import { type AppId, appId, digest } from '../../model/id.ts';
import type { DeclaredObject, Intent } from '../../model/intent.ts';
import { asKubeObject } from '../../model/object.ts';
import type { Placement, Stage } from '../../model/placement.ts';
import type { Destination, Tenant } from '../../model/tenant.ts';

export type Provision = { readonly intents: readonly Intent[]; readonly placements: readonly Placement[] };

const systemNamespace = 'landfall-system';

/** Shape: one App with the identity, wherever the tenant has a destination, and one App with the namespaces for each destination. */
export function provisionOf(tenant: Tenant): Provision {
  const account = tenant.serviceAccount;
  if (!tenant.isProvisioned || account === undefined) return { intents: [], placements: [] };
  const apps = [
    {
      id: appId(systemNamespace, `tenant-${tenant.name}`),
      objects: identityOf(tenant, account),
      destinations: tenant.destinations,
    },
    ...tenant.destinations.map((destination, index) => ({
      id: appId(systemNamespace, `tenant-${tenant.name}-${index + 1}`),
      objects: namespacesOf(tenant, account, destination),
      destinations: [destination],
    })),
  ].filter(({ objects }) => objects.length > 0);
  return {
    intents: apps.map(({ id, objects }) => intentOf(id, objects, tenant)),
    placements: apps.map(({ id, destinations }) => placementOf(id, destinations, tenant)),
  };
}

type Account = NonNullable<Tenant['serviceAccount']>;

const roleName = (tenant: Tenant): string => `landfall-tenant-${tenant.name}`;

function identityOf(tenant: Tenant, account: Account): readonly Json[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace: account.namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: roleName(tenant) },
      rules: tenant.rules.map(({ apiGroups, resources }) => ({
        apiGroups,
        resources,
        verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      })),
    },
  ];
}

/** A pattern such as `shop-*` names no namespace to make; what it covers has to be there, and bound, by other means. */
function namespacesOf(tenant: Tenant, account: Account, { namespaces }: Destination): readonly Json[] {
  const exact = namespaces.filter((name) => !name.includes('*'));
  return exact.flatMap((namespace): readonly Json[] => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: roleName(tenant), namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName(tenant) },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
    },
  ]);
}

function intentOf(id: AppId, objects: readonly Json[], { origin }: Tenant): Intent {
  const declared = objects.map((object): DeclaredObject => ({ object: asKubeObject(object), origin }));
  return {
    id,
    repository: origin.repository,
    origin,
    parts: [
      {
        name: 'provision',
        origin,
        namespace: undefined,
        dependsOn: [],
        clusters: undefined,
        source: { kind: 'objects', objects: declared },
      },
    ],
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: [],
    isSuspended: false,
    isBroken: false,
    digest: digest(digestOf(objects)),
  };
}

function placementOf(id: AppId, destinations: readonly Destination[], { origin }: Tenant): Placement {
  const stages = destinations.map(
    ({ clusters }, index): Stage => ({
      name: `destination-${index + 1}`,
      origin,
      clusters,
      revision: 'Head',
      soakMs: 0,
      waves: undefined,
      maxUnavailable: { kind: 'share', percent: 25 },
      maxFailures: 0,
      progressDeadlineMs: 600_000,
    }),
  );
  return {
    id,
    repository: origin.repository,
    origin,
    apps: [id],
    stages,
    spread: undefined,
    replicas: [],
    // The namespaces hold what is not ours.
    onDelete: 'Orphan',
    isCreatingNamespaces: false,
    isMakingFirst: false,
    isAddOn: true,
    isSuspended: false,
    isBroken: false,
  };
}

/** The roles that people bind to in every cluster. Source: kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy; `admin`, `edit` and `view` are shortened to the kinds the sandbox knows. */
import type { JsonObject } from '../../core/json/value.ts';

type Seed = { readonly place: string; readonly object: JsonObject };

const group = 'rbac.authorization.k8s.io';
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

const reads = ['get', 'list', 'watch'];
const writes = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const workloads: readonly JsonObject[] = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
    ],
  },
  {
    apiGroups: ['apps'],
    resources: [
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
];
const statuses: readonly JsonObject[] = [
  {
    apiGroups: [''],
    resources: [
      'bindings',
      'events',
      'limitranges',
      'namespaces',
      'namespaces/status',
      'pods/log',
      'pods/status',
      'resourcequotas',
    ],
  },
  {
    apiGroups: ['apps'],
    resources: ['controllerrevisions', 'daemonsets/status', 'deployments/status', 'statefulsets/status'],
  },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
];
const secrets: readonly JsonObject[] = [{ apiGroups: [''], resources: ['secrets'] }];

const may = (rules: readonly JsonObject[], verbs: readonly string[]): readonly JsonObject[] =>
  rules.map((rule) => ({ ...rule, verbs }));

const view = [...may(workloads, reads), ...may(statuses, reads)];
const edit = [
  ...view,
  ...may(secrets, [...reads, ...writes]),
  ...may(workloads, writes),
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...reads, ...writes] },
];
const administer = [
  ...edit,
  { apiGroups: [group], resources: ['rolebindings', 'roles'], verbs: [...reads, ...writes] },
  { apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'], verbs: ['create'] },
];

const roles: Readonly<Record<string, readonly JsonObject[]>> = {
  'cluster-admin': [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
  admin: administer,
  edit,
  view,
  'system:basic-user': [
    {
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      verbs: ['create'],
    },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ],
  'system:discovery': [
    {
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
      verbs: ['get'],
    },
  ],
  'system:public-info-viewer': [
    { nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] },
  ],
};

const bindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
};

export function bootstrapRoles(): readonly Seed[] {
  return [
    ...Object.entries(roles).map(([name, rules]) => ({
      place: `clusterroles.${group}`,
      object: { metadata: { name, labels }, rules },
    })),
    ...Object.entries(bindings).map(([name, groups]) => ({
      place: `clusterrolebindings.${group}`,
      object: {
        metadata: { name, labels },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name },
        subjects: groups.map((each) => ({ apiGroup: group, kind: 'Group', name: each })),
      },
    })),
  ];
}

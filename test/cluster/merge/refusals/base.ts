/** Valid objects to spoil, one of each kind. */
import type { Json, JsonObject } from '../../../../src/core/json/value.ts';
import type { TriedKind } from '../kinds.ts';

export type Place = Pick<TriedKind, 'apiVersion' | 'kind' | 'resource' | 'isNamespaced' | 'isCustom' | 'isCutOnRead'>;

type Base = { readonly place: Place; readonly valid: JsonObject };

const named = (metadata: JsonObject = {}): JsonObject => ({ metadata: { name: 'refused', ...metadata } });
export const container: JsonObject = { name: 'web', image: 'nginx' };
const template: JsonObject = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } };
const workload: JsonObject = { ...named(), spec: { selector: { matchLabels: { app: 'a' } }, template } };
const job: JsonObject = { template: { spec: { restartPolicy: 'Never', containers: [container] } } };
const base = (apiVersion: string, kind: string, resource: string, valid: JsonObject, isNamespaced = true): Base => ({
  place: { apiVersion, kind, resource, isNamespaced, isCustom: apiVersion === 'example.com/v1', isCutOnRead: true },
  valid,
});

const rbac = 'rbac.authorization.k8s.io';
const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: 'r' };
const schemaOf = (properties: JsonObject): JsonObject => ({ openAPIV3Schema: { type: 'object', properties } });
export const version = (properties: JsonObject): JsonObject => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: schemaOf(properties),
});
const definition: JsonObject = {
  metadata: { name: 'gears.refused.example.com' },
  spec: {
    group: 'refused.example.com',
    scope: 'Namespaced',
    names: { plural: 'gears', kind: 'Gear' },
    versions: [version({ spec: { type: 'object' } })],
  },
};

export const bases = {
  ConfigMap: base('v1', 'ConfigMap', 'configmaps', { ...named(), data: { a: '1' } }),
  Secret: base('v1', 'Secret', 'secrets', { ...named(), stringData: { a: '1' } }),
  Service: base('v1', 'Service', 'services', { ...named(), spec: { ports: [{ port: 80 }], selector: { app: 'a' } } }),
  Pod: base('v1', 'Pod', 'pods', { ...named(), spec: { containers: [container] } }),
  Namespace: base('v1', 'Namespace', 'namespaces', named(), false),
  PersistentVolumeClaim: base('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    ...named(),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  Deployment: base('apps/v1', 'Deployment', 'deployments', workload),
  ReplicaSet: base('apps/v1', 'ReplicaSet', 'replicasets', workload),
  DaemonSet: base('apps/v1', 'DaemonSet', 'daemonsets', workload),
  StatefulSet: base('apps/v1', 'StatefulSet', 'statefulsets', workload),
  Job: base('batch/v1', 'Job', 'jobs', { ...named(), spec: job }),
  CronJob: base('batch/v1', 'CronJob', 'cronjobs', {
    ...named(),
    spec: { schedule: '* * * * *', jobTemplate: { spec: job } },
  }),
  Ingress: base('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    ...named(),
    spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
  }),
  HorizontalPodAutoscaler: base('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    ...named(),
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  }),
  Role: base(`${rbac}/v1`, 'Role', 'roles', {
    ...named(),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  RoleBinding: base(`${rbac}/v1`, 'RoleBinding', 'rolebindings', { ...named(), roleRef }),
  ClusterRoleBinding: base(`${rbac}/v1`, 'ClusterRoleBinding', 'clusterrolebindings', { ...named(), roleRef }, false),
  PodDisruptionBudget: base('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    ...named(),
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
  }),
  CustomResourceDefinition: base(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'customresourcedefinitions',
    definition,
    false,
  ),
  Widget: base('example.com/v1', 'Widget', 'widgets', { ...named(), spec: { size: 1 } }),
} as const;

/** `created` is laid over the valid object (null removes); `changes` are merge patches, one after the other. */
export type Row = readonly [name: string, kind: keyof typeof bases, created: JsonObject, ...changes: readonly Json[]];

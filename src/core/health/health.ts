/** How well an object is: one rule for each kind. */
import { isArray, textOf } from '../json/value.ts';
import { type Health, healthy } from '../model/health.ts';
import { type GroupKind, groupKind } from '../model/id.ts';
import { type KubeObject, kindOf } from '../model/object.ts';
import { conditionsOf, health } from './condition.ts';
import { customHealth } from './custom.ts';
import { apiServiceHealth, definitionHealth } from './extension.ts';
import { cronJobHealth, jobHealth } from './job.ts';
import { ingressHealth, serviceHealth } from './network.ts';
import { podHealth } from './pod.ts';
import { autoscalerHealth, disruptionBudgetHealth } from './scaling.ts';
import { claimHealth, volumeHealth } from './storage.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workload.ts';

type HealthRule = (object: KubeObject) => Health;

const rules: ReadonlyMap<GroupKind, HealthRule> = new Map([
  [groupKind('', 'Pod'), podHealth],
  [groupKind('', 'Service'), serviceHealth],
  [groupKind('', 'PersistentVolume'), volumeHealth],
  [groupKind('', 'PersistentVolumeClaim'), claimHealth],
  [groupKind('', 'ReplicationController'), replicaSetHealth],
  [groupKind('apps', 'DaemonSet'), daemonSetHealth],
  [groupKind('apps', 'Deployment'), deploymentHealth],
  [groupKind('apps', 'ReplicaSet'), replicaSetHealth],
  [groupKind('apps', 'StatefulSet'), statefulSetHealth],
  [groupKind('batch', 'CronJob'), cronJobHealth],
  [groupKind('batch', 'Job'), jobHealth],
  [groupKind('autoscaling', 'HorizontalPodAutoscaler'), autoscalerHealth],
  [groupKind('policy', 'PodDisruptionBudget'), disruptionBudgetHealth],
  [groupKind('networking.k8s.io', 'Ingress'), ingressHealth],
  [groupKind('apiextensions.k8s.io', 'CustomResourceDefinition'), definitionHealth],
  [groupKind('apiregistration.k8s.io', 'APIService'), apiServiceHealth],
]);

// Kinds of Kubernetes that no controller has to bring to life: being there, and not being deleted, is being well.
const inert: ReadonlySet<GroupKind> = new Set([
  ...['ConfigMap', 'Endpoints', 'LimitRange', 'PodTemplate', 'ResourceQuota', 'Secret', 'ServiceAccount'].map((kind) =>
    groupKind('', kind),
  ),
  // A Namespace's only bad state is being deleted, which its metadata tells.
  groupKind('', 'Namespace'),
  groupKind('apps', 'ControllerRevision'),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) =>
    groupKind('rbac.authorization.k8s.io', kind),
  ),
  ...['NetworkPolicy', 'IngressClass'].map((kind) => groupKind('networking.k8s.io', kind)),
  ...['StorageClass', 'CSIDriver', 'VolumeAttributesClass'].map((kind) => groupKind('storage.k8s.io', kind)),
  groupKind('scheduling.k8s.io', 'PriorityClass'),
  groupKind('node.k8s.io', 'RuntimeClass'),
  groupKind('discovery.k8s.io', 'EndpointSlice'),
  groupKind('coordination.k8s.io', 'Lease'),
  ...[
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ].map((kind) => groupKind('admissionregistration.k8s.io', kind)),
]);

/**
 * Does health need the body of objects of this kind? The others can be watched as PartialObjectMetadata.
 *
 * Kinds that are not known, custom ones above all, need it: what they say of themselves is in their conditions, and
 * whether a kind has any is known only after one has been seen.
 */
export function needsStatus(kind: GroupKind): boolean {
  return !inert.has(kind);
}

/**
 * Tells how well an object is, and in one short line why not better.
 *
 * Shape: `kind` for PartialObjectMetadata, which does not name its own; Missing is never the answer, since the object is
 *   there; Unknown when the rule needs a body that was not read.
 * Source: the words of Argo CD with the meaning of cli-utils' kstatus. Three differ from it: a Job is well when it has
 *   completed, a load balancer when it has an address, and a paused or suspended object is Suspended.
 */
export function healthOf(object: KubeObject, kind: GroupKind = kindOf(object)): Health {
  if (textOf(object.metadata.deletionTimestamp) !== undefined) {
    return health('Progressing', `being deleted${whatDeletionAwaits(object)}`);
  }
  if (inert.has(kind)) return healthy;
  if (object.kind === 'PartialObjectMetadata') return health('Unknown', 'its status was not read');
  const rule = rules.get(kind) ?? customHealth;
  return rule(object);
}

/** A Namespace says what is left in it; every object names its finalizers. */
function whatDeletionAwaits(object: KubeObject): string {
  const remains = conditionsOf(object).find(({ type, status }) => type.startsWith('Namespace') && status === 'True');
  if (remains !== undefined && remains.message !== '') return `: ${remains.message}`;
  const { finalizers } = object.metadata;
  const names = isArray(finalizers) ? finalizers.flatMap((name) => textOf(name) ?? []) : [];
  return names.length === 0 ? '' : `, waits for ${names.join(', ')}`;
}

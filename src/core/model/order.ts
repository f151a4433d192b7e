/** In which order kinds are applied. Deletion goes the other way round. */
import type { GroupKind } from './id.ts';

const ranks: readonly (readonly string[])[] = [
  ['/Namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition'],
  [
    '/ServiceAccount',
    '/ResourceQuota',
    '/LimitRange',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/RoleBinding',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'scheduling.k8s.io/PriorityClass',
    'storage.k8s.io/StorageClass',
    'networking.k8s.io/IngressClass',
    'networking.k8s.io/NetworkPolicy',
    'policy/PodDisruptionBudget',
  ],
  ['/ConfigMap', '/Secret', '/PersistentVolume', '/PersistentVolumeClaim'],
  ['/Service'],
];

const last: readonly string[] = [
  'apiregistration.k8s.io/APIService',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
];

const rankByKind = new Map(ranks.flatMap((kinds, rank) => kinds.map((kind) => [kind, rank] as const)));
for (const kind of last) rankByKind.set(kind, ranks.length + 1);

/** Small numbers first. All that is not listed, custom resources and workloads, goes between Services and webhooks. */
export const rankOf = (kind: GroupKind): number => rankByKind.get(kind) ?? ranks.length;

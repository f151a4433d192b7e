/** Which kinds have namespaces. */
import { digestOf } from '../json/digest.ts';
import { at, textOf } from '../json/value.ts';
import { type GroupKind, groupKind } from '../model/id.ts';
import { type KubeObject, kindOf } from '../model/object.ts';

/** True for a namespaced kind. */
export type ScopeOf = (kind: GroupKind) => boolean;

export type Scopes = {
  readonly scopeOf: ScopeOf;
  /** Equal for equal answers to every question. */
  readonly digest: string;
};

/** Groups that only Kubernetes itself serves. Source: discovery of Kubernetes 1.36. */
const builtInGroups: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Kinds of these groups that have no namespace. */
const clusterScoped: ReadonlySet<string> = new Set([
  '/ComponentStatus',
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'authentication.k8s.io/SelfSubjectReview',
  'authentication.k8s.io/TokenReview',
  'authorization.k8s.io/SelfSubjectAccessReview',
  'authorization.k8s.io/SelfSubjectRulesReview',
  'authorization.k8s.io/SubjectAccessReview',
  'certificates.k8s.io/CertificateSigningRequest',
  'certificates.k8s.io/ClusterTrustBundle',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'internal.apiserver.k8s.io/StorageVersion',
  'networking.k8s.io/IPAddress',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'resource.k8s.io/DeviceTaintRule',
  'resource.k8s.io/ResourceSlice',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
  'storagemigration.k8s.io/StorageVersionMigration',
]);

/** Does only Kubernetes itself serve this group? Then neither a definition nor a cluster changes what is known of it. */
export const isBuiltIn = (group: string): boolean => builtInGroups.has(group);

/**
 * Scopes from what Kubernetes ships, what definitions in Git say, and what a cluster's discovery told.
 *
 * Shape: the first definition of a kind counts; a kind that nobody knows counts as namespaced; the API server has the last
 *   word.
 */
export function scopesOf(definitions: Iterable<KubeObject>, discovered: ReadonlyMap<GroupKind, boolean>): Scopes {
  const defined = new Map([...definitions].flatMap(definitionOf).toReversed());
  const custom = new Map([...[...discovered].filter(([kind]) => !isBuiltIn(groupOfKind(kind))), ...defined]);
  return {
    scopeOf: (kind) => (isBuiltIn(groupOfKind(kind)) ? !clusterScoped.has(kind) : (custom.get(kind) ?? true)),
    digest: digestOf([...custom].map(([kind, isNamespaced]) => `${kind} ${isNamespaced}`).toSorted()),
  };
}

const groupOfKind = (kind: GroupKind): string => kind.slice(0, kind.indexOf('/'));

function definitionOf(object: KubeObject): readonly (readonly [GroupKind, boolean])[] {
  if (kindOf(object) !== 'apiextensions.k8s.io/CustomResourceDefinition') return [];
  const group = textOf(at(object, 'spec', 'group'));
  const kind = textOf(at(object, 'spec', 'names', 'kind'));
  if (group === undefined || kind === undefined || isBuiltIn(group)) return [];
  return [[groupKind(group, kind), textOf(at(object, 'spec', 'scope')) !== 'Cluster']];
}

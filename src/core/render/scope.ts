/** Which kinds have namespaces. */
import { at, textOf } from '../json/value.ts';
import { type GroupKind, groupKind } from '../model/id.ts';
import type { KubeObject } from '../model/object.ts';

/** True for a namespaced kind. */
export type ScopeOf = (kind: GroupKind) => boolean;

/** Kinds of Kubernetes itself that have no namespace. Source: discovery of Kubernetes 1.36. */
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
  'resource.k8s.io/ResourceSlice',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
  'storagemigration.k8s.io/StorageVersionMigration',
]);

/**
 * Scopes from what Kubernetes ships, what definitions in Git say, and what a cluster's discovery told.
 *
 * Shape: a kind that nobody knows counts as namespaced; the API server has the last word.
 */
export function scopesOf(objects: Iterable<KubeObject>, discovered: ReadonlyMap<GroupKind, boolean>): ScopeOf {
  const defined = new Map([...objects].flatMap(definitionOf));
  return (kind) => defined.get(kind) ?? discovered.get(kind) ?? !clusterScoped.has(kind);
}

function definitionOf(object: KubeObject): readonly (readonly [GroupKind, boolean])[] {
  if (object.kind !== 'CustomResourceDefinition') return [];
  const group = textOf(at(object, 'spec', 'group'));
  const kind = textOf(at(object, 'spec', 'names', 'kind'));
  if (group === undefined || kind === undefined) return [];
  return [[groupKind(group, kind), textOf(at(object, 'spec', 'scope')) !== 'Cluster']];
}

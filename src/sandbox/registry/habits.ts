/** How kinds differ in being written and removed. Source: the strategies and storages of kubernetes/pkg/registry. */

export type Habits = {
  /** A PUT must say which version it replaces. */
  readonly needsVersion: boolean;
  /** A PUT of what is not there creates it. */
  readonly createsOnPut: boolean;
  /** DELETE answers the object, not a Status. */
  readonly answersDeleted: boolean;
  /** A DELETE that does not say what becomes of dependents leaves them. */
  readonly orphansByDefault: boolean;
};

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const needVersion = set(
  'runtimeclasses.node.k8s.io poddisruptionbudgets.policy csidrivers.storage.k8s.io csistoragecapacities.storage.k8s.io volumeattachments.storage.k8s.io csinodes.storage.k8s.io leases.coordination.k8s.io validatingadmissionpolicies.admissionregistration.k8s.io mutatingadmissionpolicies.admissionregistration.k8s.io mutatingwebhookconfigurations.admissionregistration.k8s.io validatingwebhookconfigurations.admissionregistration.k8s.io mutatingadmissionpolicybindings.admissionregistration.k8s.io validatingadmissionpolicybindings.admissionregistration.k8s.io customresourcedefinitions.apiextensions.k8s.io apiservices.apiregistration.k8s.io',
);
const createOnPut = set(
  'runtimeclasses.node.k8s.io rolebindings.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io roles.rbac.authorization.k8s.io clusterroles.rbac.authorization.k8s.io leases.coordination.k8s.io limitranges events services endpoints',
);
const answerDeleted = set(
  'resourceclaimtemplates.resource.k8s.io resourceslices.resource.k8s.io resourceclaims.resource.k8s.io deviceclasses.resource.k8s.io csidrivers.storage.k8s.io storageclasses.storage.k8s.io volumeattachments.storage.k8s.io csinodes.storage.k8s.io volumeattributesclasses.storage.k8s.io resourcequotas persistentvolumes serviceaccounts persistentvolumeclaims namespaces pods services podtemplates',
);
const orphan = set('jobs.batch replicationcontrollers');

export const habitsOf = (place: string, isCustom: boolean): Habits => ({
  needsVersion: isCustom || needVersion.has(place),
  createsOnPut: createOnPut.has(place),
  answersDeleted: answerDeleted.has(place),
  orphansByDefault: orphan.has(place),
});

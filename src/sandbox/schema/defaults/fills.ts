/** All defaults that take thought, by the type they are of; those that are part of a declaration are in the types. */
import { isArray, isObject, type JsonObject, textOf } from '../../../core/json/value.ts';
import { defaulting, type Fill, type Fills, withDefaults, within } from './fill.ts';
import { podFills } from './pod.ts';
import { networkFills } from './service.ts';
import { workloadFills } from './workload.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

const binding: Fill = (value) =>
  within(value, 'roleRef', (role) =>
    role.apiGroup === '' || role.apiGroup === undefined ? { ...role, apiGroup: rbacGroup } : role,
  );

const subject: Fill = (value) =>
  value.kind === 'User' || value.kind === 'Group' ? withDefaults(value, { apiGroup: rbacGroup }) : value;

const webhook = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
};

const resourceClass: Fill = (value) => {
  const withMode = withDefaults(value, { allocationMode: 'ExactCount' });
  return withMode.allocationMode === 'ExactCount' ? withDefaults(withMode, { count: 1 }) : withMode;
};

function withNames(spec: JsonObject): JsonObject {
  const named = within(spec, 'names', (names) => {
    const kind = textOf(names.kind) ?? '';
    if (kind === '') return names;
    return withDefaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  });
  return withDefaults(named, { conversion: { strategy: 'None' } });
}

const definition: Fill = (value) => {
  const filled = within(value, 'spec', withNames);
  const versions = isObject(filled.spec) && isArray(filled.spec.versions) ? filled.spec.versions : [];
  const stored = versions.find((version) => isObject(version) && version.storage === true);
  if (!isObject(stored)) return filled;
  return within(filled, 'status', (status) => {
    const isSet = isArray(status.storedVersions) && status.storedVersions.length > 0;
    return isSet ? status : { ...status, storedVersions: [stored.name ?? ''] };
  });
};

const webhookPort = defaulting({ port: 443 });
const admission = (type: string): string => `io.k8s.api.admissionregistration.v1.${type}`;
const flow = (type: string): string => `io.k8s.api.flowcontrol.v1.${type}`;

export const fills: Fills = {
  ...podFills,
  ...workloadFills,
  ...networkFills,
  'io.k8s.api.rbac.v1.RoleBinding': binding,
  'io.k8s.api.rbac.v1.ClusterRoleBinding': binding,
  'io.k8s.api.rbac.v1.Subject': subject,
  'io.k8s.api.storage.v1.StorageClass': defaulting({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'io.k8s.api.storage.v1.CSIDriverSpec': defaulting({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  }),
  'io.k8s.api.scheduling.v1.PriorityClass': defaulting({ preemptionPolicy: 'PreemptLowerPriority' }),
  'io.k8s.api.resource.v1.ExactDeviceRequest': resourceClass,
  'io.k8s.api.resource.v1.DeviceSubRequest': resourceClass,
  [admission('ValidatingWebhook')]: defaulting(webhook),
  [admission('MutatingWebhook')]: defaulting({ ...webhook, reinvocationPolicy: 'Never' }),
  [admission('RuleWithOperations')]: defaulting({ scope: '*' }),
  [admission('NamedRuleWithOperations')]: defaulting({ scope: '*' }),
  [admission('ServiceReference')]: webhookPort,
  [admission('ValidatingAdmissionPolicySpec')]: defaulting({ failurePolicy: 'Fail' }),
  [admission('MutatingAdmissionPolicySpec')]: defaulting({ failurePolicy: 'Fail' }),
  [admission('MatchResources')]: defaulting({ matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} }),
  [flow('FlowSchemaSpec')]: (value) =>
    value.matchingPrecedence === 0 || value.matchingPrecedence === undefined
      ? { ...value, matchingPrecedence: 1000 }
      : value,
  [flow('ExemptPriorityLevelConfiguration')]: defaulting({ nominalConcurrencyShares: 0, lendablePercent: 0 }),
  [flow('LimitedPriorityLevelConfiguration')]: defaulting({ nominalConcurrencyShares: 30, lendablePercent: 0 }),
  [flow('QueuingConfiguration')]: defaulting({ handSize: 8, queues: 64, queueLengthLimit: 50 }),
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition': definition,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference': webhookPort,
};

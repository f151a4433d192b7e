/** The rows of what governs others: autoscalers, budgets, admission, priorities, leases, claims. */
import { at, type Json, type JsonObject, numberOf, textOf } from '../../../core/json/value.ts';
import {
  ageOf,
  type Cells,
  conditionOf,
  durationText,
  fewText,
  listAt,
  nameOf,
  none,
  numberAt,
  textAt,
  unset,
} from './cell-text.ts';

const autoscaler: Cells = (object, nowMs) => {
  const metrics = listAt(object, 'spec', 'metrics');
  const current = listAt(object, 'status', 'currentMetrics');
  const texts = metrics.map((metric, index) => metricText(metric, current[index]));
  const min = numberOf(at(object, 'spec', 'minReplicas'));
  return [
    nameOf(object),
    `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`,
    metrics.length === 0 ? none : fewText(texts, 2, ', '),
    min === undefined ? unset : String(min),
    numberAt(object, 'spec', 'maxReplicas'),
    numberAt(object, 'status', 'currentReplicas'),
    ageOf(object, nowMs),
  ];
};

const sourceFields: Readonly<Record<string, string>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function metricText(metric: Json, status: Json | undefined): string {
  const field = sourceFields[textAt(metric, 'type')];
  if (field === undefined) return '<unknown type>';
  const source = at(metric, field);
  const now = (value: string): string => textOf(at(status, field, 'current', value)) ?? '<unknown>';
  const average = textOf(at(source, 'target', 'averageValue'));
  if (field === 'resource' || field === 'containerResource') {
    const name = textAt(source, 'name');
    if (average !== undefined) return `${name}: ${now('averageValue')}/${average}`;
    const share = (of: Json | undefined, absent: string): string => {
      const percent = numberOf(of);
      return percent === undefined ? absent : `${percent}%`;
    };
    const target = share(at(source, 'target', 'averageUtilization'), '<auto>');
    return `${name}: ${share(at(status, field, 'current', 'averageUtilization'), '<unknown>')}/${target}`;
  }
  if (field === 'pods') return `${now('averageValue')}/${average ?? ''}`;
  if (average !== undefined) return `${now('averageValue')}/${average} (avg)`;
  return `${now('value')}/${textAt(source, 'target', 'value')}`;
}

const amountText = (value: Json | undefined): string => textOf(value) ?? numberOf(value)?.toString() ?? 'N/A';

const budget: Cells = (object, nowMs) => [
  nameOf(object),
  amountText(at(object, 'spec', 'minAvailable')),
  amountText(at(object, 'spec', 'maxUnavailable')),
  numberAt(object, 'status', 'disruptionsAllowed'),
  ageOf(object, nowMs),
];

const webhooks: Cells = (object, nowMs) => [nameOf(object), listAt(object, 'webhooks').length, ageOf(object, nowMs)];

const admission =
  (field: string): Cells =>
  (object, nowMs) => {
    const kind = at(object, 'spec', 'paramKind');
    const text = `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}`;
    return [
      nameOf(object),
      listAt(object, 'spec', field).length,
      kind === undefined ? unset : text,
      ageOf(object, nowMs),
    ];
  };

const admissionBinding: Cells = (object, nowMs) => {
  const reference = at(object, 'spec', 'paramRef');
  const name = textAt(reference, 'name');
  const text = name === '' ? unset : `${textAt(reference, 'namespace') || '*'}/${name}`;
  return [nameOf(object), textAt(object, 'spec', 'policyName'), text, ageOf(object, nowMs)];
};

const priorityClass: Cells = (object, nowMs) => [
  nameOf(object),
  numberAt(object, 'value'),
  object.globalDefault === true,
  ageOf(object, nowMs),
  textAt(object, 'preemptionPolicy'),
];

const lease: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'spec', 'holderIdentity'),
  ageOf(object, nowMs),
];

const runtimeClass: Cells = (object, nowMs) => [nameOf(object), textAt(object, 'handler'), ageOf(object, nowMs)];

const apiService: Cells = (object, nowMs) => {
  const service = at(object, 'spec', 'service');
  const available = conditionOf(object, 'Available');
  const status = textAt(available, 'status') || 'Unknown';
  return [
    nameOf(object),
    service === undefined ? 'Local' : `${textAt(service, 'namespace')}/${textAt(service, 'name')}`,
    available === undefined || status === 'True' ? status : `${status} (${textAt(available, 'reason')})`,
    ageOf(object, nowMs),
  ];
};

const signingRequest: Cells = (object, nowMs) => {
  const seconds = numberOf(at(object, 'spec', 'expirationSeconds'));
  return [
    nameOf(object),
    ageOf(object, nowMs),
    textAt(object, 'spec', 'signerName') || none,
    textAt(object, 'spec', 'username'),
    seconds === undefined ? none : durationText(seconds * 1_000),
    signingStatus(object),
  ];
};

function signingStatus(object: JsonObject): string {
  const has = (type: string): boolean => conditionOf(object, type) !== undefined;
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  const isIssued = textAt(object, 'status', 'certificate') !== '';
  return [verdict, ...(has('Failed') ? ['Failed'] : []), ...(isIssued ? ['Issued'] : [])].join(',');
}

const flowSchema: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'spec', 'priorityLevelConfiguration', 'name'),
  numberAt(object, 'spec', 'matchingPrecedence'),
  textOf(at(object, 'spec', 'distinguisherMethod', 'type')) ?? none,
  ageOf(object, nowMs),
  textAt(conditionOf(object, 'Dangling'), 'status') || '?',
];

const priorityLevel: Cells = (object, nowMs) => {
  const limited = at(object, 'spec', 'limited');
  const queuing = at(limited, 'limitResponse', 'queuing');
  return [
    nameOf(object),
    textAt(object, 'spec', 'type'),
    at(limited, 'nominalConcurrencyShares') ?? none,
    ...['queues', 'handSize', 'queueLengthLimit'].map((field) => at(queuing, field) ?? none),
    ageOf(object, nowMs),
  ];
};

const deviceClass: Cells = (object, nowMs) => [nameOf(object), ageOf(object, nowMs)];

const resourceClaim: Cells = (object, nowMs) => {
  const isDeleted = at(object, 'metadata', 'deletionTimestamp') !== undefined;
  const isAllocated = at(object, 'status', 'allocation') !== undefined;
  const isReserved = isAllocated && listAt(object, 'status', 'reservedFor').length > 0;
  const states = [
    ...(isDeleted ? ['deleted'] : []),
    ...(isAllocated ? ['allocated'] : isDeleted ? [] : ['pending']),
    ...(isReserved ? ['reserved'] : []),
  ];
  return [nameOf(object), states.join(','), ageOf(object, nowMs)];
};

const resourceSlice: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'spec', 'nodeName'),
  textAt(object, 'spec', 'driver'),
  textAt(object, 'spec', 'pool', 'name'),
  ageOf(object, nowMs),
];

export const policyCells: Readonly<Record<string, Cells>> = {
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': budget,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': admission('mutations'),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': admission('validations'),
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': admissionBinding,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': admissionBinding,
  'apiregistration.k8s.io/APIService': apiService,
  'certificates.k8s.io/CertificateSigningRequest': signingRequest,
  'coordination.k8s.io/Lease': lease,
  'flowcontrol.apiserver.k8s.io/FlowSchema': flowSchema,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': priorityLevel,
  'node.k8s.io/RuntimeClass': runtimeClass,
  'resource.k8s.io/DeviceClass': deviceClass,
  'resource.k8s.io/ResourceClaim': resourceClaim,
  'resource.k8s.io/ResourceClaimTemplate': deviceClass,
  'resource.k8s.io/ResourceSlice': resourceSlice,
  'scheduling.k8s.io/PriorityClass': priorityClass,
};

/** The rows of what a cluster is made of: nodes, namespaces, configuration, rights, events. */
import { at, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import {
  ageOf,
  type Cells,
  conditionOf,
  listAt,
  mapAt,
  nameOf,
  none,
  numberAt,
  sinceText,
  textAt,
} from './cell-text.ts';

const sizeOf = (object: JsonObject, ...fields: readonly string[]): number =>
  Object.keys(mapAt(object, ...fields)).length;

const namespace: Cells = (object, nowMs) => [nameOf(object), textAt(object, 'status', 'phase'), ageOf(object, nowMs)];

const configMap: Cells = (object, nowMs) => [
  nameOf(object),
  sizeOf(object, 'data') + sizeOf(object, 'binaryData'),
  ageOf(object, nowMs),
];

const secret: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'type'),
  sizeOf(object, 'data'),
  ageOf(object, nowMs),
];

const serviceAccount: Cells = (object, nowMs) => [nameOf(object), ageOf(object, nowMs)];

const node: Cells = (object, nowMs) => {
  const info = at(object, 'status', 'nodeInfo');
  const architecture = textAt(info, 'architecture');
  const kernel = textAt(info, 'kernelVersion') || '<unknown>';
  return [
    nameOf(object),
    nodeStatus(object),
    rolesOf(object).join(',') || none,
    ageOf(object, nowMs),
    textAt(info, 'kubeletVersion'),
    addressOf(object, 'InternalIP'),
    addressOf(object, 'ExternalIP'),
    textAt(info, 'osImage') || '<unknown>',
    architecture === '' ? kernel : `${kernel} (${architecture})`,
    textAt(info, 'containerRuntimeVersion') || '<unknown>',
  ];
};

function nodeStatus(object: JsonObject): string {
  const ready = conditionOf(object, 'Ready');
  const status = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(object, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status;
}

const rolePrefix = 'node-role.kubernetes.io/';

function rolesOf(object: JsonObject): readonly string[] {
  const roles = Object.entries(mapAt(object, 'metadata', 'labels')).map(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === 'kubernetes.io/role' ? (textOf(value) ?? '') : '';
  });
  return [...new Set(roles)].filter((role) => role !== '').toSorted();
}

const addressOf = (object: JsonObject, type: string): string =>
  textAt(
    listAt(object, 'status', 'addresses').find((address) => textAt(address, 'type') === type),
    'address',
  ) || none;

const binding: Cells = (object, nowMs) => {
  const subjects = listAt(object, 'subjects');
  const namesOf = (kind: string): string =>
    subjects
      .filter((subject) => textAt(subject, 'kind') === kind)
      .map(
        (subject) => `${kind === 'ServiceAccount' ? `${textAt(subject, 'namespace')}/` : ''}${textAt(subject, 'name')}`,
      )
      .join(', ');
  return [
    nameOf(object),
    `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`,
    ageOf(object, nowMs),
    namesOf('User'),
    namesOf('Group'),
    namesOf('ServiceAccount'),
  ];
};

/** Shape: either API of events; they name the same things differently. */
const event: Cells = (object, nowMs) => {
  const either = (name: string, other: string): Json | undefined => object[name] ?? object[other];
  const first = either('firstTimestamp', 'deprecatedFirstTimestamp') ?? object.eventTime;
  const last = either('lastTimestamp', 'deprecatedLastTimestamp') ?? first;
  const about = either('involvedObject', 'regarding');
  const source = either('source', 'deprecatedSource');
  const { series } = object;
  const component =
    textAt(source, 'component') || textAt(object, 'reportingComponent') || textAt(object, 'reportingController');
  const instance = textAt(source, 'host') || textAt(object, 'reportingInstance');
  const [kind, name] = [textAt(about, 'kind').toLowerCase(), textAt(about, 'name')];
  const count = numberAt(object, 'count') || numberAt(object, 'deprecatedCount') || 1;
  return [
    sinceText(series === undefined ? last : at(series, 'lastObservedTime'), nowMs),
    textAt(object, 'type'),
    textAt(object, 'reason'),
    name === '' ? kind : `${kind}/${name}`,
    textAt(about, 'fieldPath'),
    instance === '' ? component : `${component}, ${instance}`,
    (textOf(either('message', 'note')) ?? '').trim(),
    sinceText(first, nowMs),
    series === undefined ? count : numberAt(series, 'count'),
    nameOf(object),
  ];
};

const quota: Cells = (object, nowMs) => {
  const hard = Object.entries(mapAt(object, 'status', 'hard')).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = hard.map(([name, limit]) => {
    const used = textOf(at(object, 'status', 'used', name)) ?? '0';
    return { isLimit: name.startsWith('limits.'), text: `${name}: ${used}/${textOf(limit) ?? '0'}` };
  });
  const textOfThose = (isLimit: boolean): string =>
    rows.flatMap((row) => (row.isLimit === isLimit ? row.text : [])).join(', ');
  return [nameOf(object), textOfThose(false), textOfThose(true), ageOf(object, nowMs)];
};

const componentStatus: Cells = (object) => {
  const healthy = listAt(object, 'conditions').find((condition) => textAt(condition, 'type') === 'Healthy');
  const status = healthy === undefined ? 'Unknown' : textAt(healthy, 'status') === 'True' ? 'Healthy' : 'Unhealthy';
  return [nameOf(object), status, textAt(healthy, 'message'), textAt(healthy, 'error')];
};

export const clusterCells: Readonly<Record<string, Cells>> = {
  '/Namespace': namespace,
  '/ConfigMap': configMap,
  '/Secret': secret,
  '/ServiceAccount': serviceAccount,
  '/Node': node,
  '/Event': event,
  '/ResourceQuota': quota,
  '/ComponentStatus': componentStatus,
  'events.k8s.io/Event': event,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
};

/** Checks of single kinds that are not workloads. */
import { equal } from '../../../core/json/equal.ts';
import {
  at,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  numberOf,
  textOf,
  withFields,
} from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import type { Findings } from './findings.ts';
import { checkLabels } from './metadata.ts';
import { dataKeyProblems, labelNameProblems, pathSegmentProblems, portProblems } from './names.ts';
import { checkPodKept, checkPodSpec } from './pod.ts';
import { checkSelector } from './selector.ts';
import type { Check } from './workload.ts';

const specOf = (object: KubeObject | undefined): JsonObject => (isObject(object?.spec) ? object.spec : {});
const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const mapOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const textAt = (value: Json | undefined, ...fields: readonly string[]): string => textOf(at(value, ...fields)) ?? '';
const dataBytesMax = 1_048_576;

const sizeOf = (values: JsonObject, encoding: 'utf8' | 'base64'): number =>
  Object.values(values).reduce<number>((sum, value) => sum + Buffer.byteLength(textOf(value) ?? '', encoding), 0);

function checkFrozen(
  object: KubeObject,
  live: KubeObject | undefined,
  fields: readonly string[],
  findings: Findings,
): void {
  if (live?.immutable !== true) return;
  const why = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) findings.forbidden('immutable', why);
  for (const field of fields) if (!equal(object[field], live[field])) findings.forbidden(field, why);
}

export const checkConfigMap: Check = (object, live, findings) => {
  checkFrozen(object, live, ['data', 'binaryData'], findings);
  const [data, binary] = [mapOf(object.data), mapOf(object.binaryData)];
  for (const key of Object.keys(data)) {
    findings.eachInvalid(`data[${key}]`, key, dataKeyProblems(key));
    if (Object.hasOwn(binary, key)) findings.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
  }
  for (const key of Object.keys(binary)) findings.eachInvalid(`binaryData[${key}]`, key, dataKeyProblems(key));
  if (sizeOf(data, 'utf8') + sizeOf(binary, 'base64') > dataBytesMax) findings.tooLong('[]', dataBytesMax);
};

const secretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export const checkSecret: Check = (object, live, findings) => {
  if (live !== undefined) findings.immutable('type', object.type, equal(object.type, live.type));
  checkFrozen(object, live, ['data'], findings);
  const data = mapOf(object.data);
  for (const key of Object.keys(data)) findings.eachInvalid(`data[${key}]`, key, dataKeyProblems(key));
  if (sizeOf(data, 'base64') > dataBytesMax) findings.tooLong('data', dataBytesMax);
  for (const key of secretKeys[textAt(object, 'type')] ?? []) {
    if (!Object.hasOwn(data, key)) findings.required(`data[${key}]`);
  }
};

const protocols = ['SCTP', 'TCP', 'UDP'];

export const checkService: Check = (object, live, findings) => {
  const spec = specOf(object);
  const type = textAt(spec, 'type');
  const isHeadless = listOf(spec.clusterIPs)[0] === 'None';
  if (live !== undefined && type !== 'ExternalName' && specOf(live).type !== 'ExternalName') {
    const before = listOf(specOf(live).clusterIPs);
    const now = listOf(spec.clusterIPs);
    const wasHeadless = before[0] === 'None';
    if (!(wasHeadless && isHeadless) && before.length === now.length) {
      for (const [index, address] of before.entries()) {
        if (address !== now[index]) findings.invalid(`spec.clusterIPs[${index}]`, now, 'may not change once set');
      }
    }
  }
  const ports = listOf(spec.ports);
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') findings.required('spec.ports');
  if (type === 'ExternalName' && textAt(spec, 'externalName') === '') findings.required('spec.externalName');
  checkServicePorts(ports, findings);
  checkLabels(spec.selector, 'spec.selector', findings);
  const affinity = textAt(spec, 'sessionAffinity');
  if (!['ClientIP', 'None'].includes(affinity))
    findings.unsupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']);
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (!types.includes(type)) findings.unsupported('spec.type', type, types);
  for (const [index, port] of ports.entries()) {
    if (type === 'ClusterIP' && at(port, 'nodePort') !== undefined) {
      findings.forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
    }
  }
  const isExposed =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && listOf(spec.externalIPs).length > 0);
  if (!isExposed && textAt(spec, 'externalTrafficPolicy') !== '') {
    const why = 'may only be set for externally-accessible services';
    findings.invalid('spec.externalTrafficPolicy', textAt(spec, 'externalTrafficPolicy'), why);
  }
};

function checkServicePorts(ports: readonly Json[], findings: Findings): void {
  const [names, pairs] = [new Set<string>(), new Set<string>()];
  for (const [index, port] of ports.entries()) {
    const here = `spec.ports[${index}]`;
    const name = textAt(port, 'name');
    if (name === '' && ports.length > 1) findings.required(`${here}.name`);
    if (name !== '') {
      findings.eachInvalid(`${here}.name`, name, labelNameProblems(name));
      if (names.has(name)) findings.duplicate(`${here}.name`, name);
      names.add(name);
    }
    const number = numberOf(at(port, 'port')) ?? 0;
    for (const problem of portProblems(number)) findings.invalid(`${here}.port`, number, problem);
    const protocol = textAt(port, 'protocol');
    if (!protocols.includes(protocol)) findings.unsupported(`${here}.protocol`, protocol, protocols);
    const target = numberOf(at(port, 'targetPort'));
    for (const problem of target === undefined ? [] : portProblems(target)) {
      findings.invalid(`${here}.targetPort`, target, problem);
    }
  }
  for (const [index, port] of ports.entries()) {
    const pair = `${textAt(port, 'protocol')} ${numberOf(at(port, 'port'))}`;
    if (pairs.has(pair)) findings.duplicate(`spec.ports[${index}]`, duplicatePort(port));
    pairs.add(pair);
  }
}

// The server shows its own struct here, all fields of it.
const duplicatePort = (port: Json): Json => ({
  port: at(port, 'port') ?? 0,
  protocol: at(port, 'protocol') ?? '',
});

export const checkPod: Check = (object, live, findings) => {
  checkPodSpec(object.spec, 'spec', findings);
  if (live !== undefined) checkPodKept(object.spec, live.spec, findings);
};

export const checkRole: Check = (object, _live, findings) => {
  for (const [index, rule] of listOf(object.rules).entries()) {
    const here = `rules[${index}]`;
    if (listOf(at(rule, 'verbs')).length === 0)
      findings.required(`${here}.verbs`, 'verbs must contain at least one value');
    const urls = listOf(at(rule, 'nonResourceURLs'));
    if (urls.length > 0) {
      const why = 'namespaced rules cannot apply to non-resource URLs';
      if (object.kind === 'Role') findings.invalid(`${here}.nonResourceURLs`, urls, why);
      continue;
    }
    if (listOf(at(rule, 'apiGroups')).length === 0)
      findings.required(`${here}.apiGroups`, 'resource rules must supply at least one api group');
    if (listOf(at(rule, 'resources')).length === 0)
      findings.required(`${here}.resources`, 'resource rules must supply at least one resource');
  }
};

const rbacGroup = 'rbac.authorization.k8s.io';

export const checkBinding: Check = (object, live, findings) => {
  const role = object.roleRef;
  const kinds = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (at(role, 'apiGroup') !== rbacGroup) findings.unsupported('roleRef.apiGroup', at(role, 'apiGroup'), [rbacGroup]);
  if (!kinds.includes(textAt(role, 'kind'))) findings.unsupported('roleRef.kind', textAt(role, 'kind'), kinds);
  const name = textAt(role, 'name');
  if (name === '') findings.required('roleRef.name');
  else findings.eachInvalid('roleRef.name', name, pathSegmentProblems(name));
  for (const [index, subject] of listOf(object.subjects).entries()) {
    const here = `subjects[${index}]`;
    if (textAt(subject, 'name') === '') findings.required(`${here}.name`);
    const kind = textAt(subject, 'kind');
    if (!['ServiceAccount', 'User', 'Group'].includes(kind)) {
      findings.unsupported(`${here}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
    }
    if (kind === 'ServiceAccount' && object.kind === 'ClusterRoleBinding' && textAt(subject, 'namespace') === '') {
      findings.required(`${here}.namespace`);
    }
  }
  if (live !== undefined && !equal(role, live.roleRef)) {
    // The server shows the value by the names of its own fields.
    const shown = { APIGroup: textAt(role, 'apiGroup'), Kind: textAt(role, 'kind'), Name: textAt(role, 'name') };
    findings.invalid('roleRef', shown, 'cannot change roleRef');
  }
};

export const checkClaim: Check = (object, live, findings) => {
  const spec = specOf(object);
  if (listOf(spec.accessModes).length === 0)
    findings.required('spec.accessModes', 'at least 1 access mode is required');
  if (at(spec, 'resources', 'requests', 'storage') === undefined) findings.required('spec.resources[storage]');
  if (live === undefined) return;
  const before = specOf(live);
  const isBound = at(live, 'status', 'phase') === 'Bound';
  const open = {
    ...(textAt(before, 'volumeName') === '' ? { volumeName: undefined } : {}),
    ...(textAt(before, 'storageClassName') === '' ? { storageClassName: undefined } : {}),
    ...(isBound ? { resources: undefined } : {}),
  };
  if (!equal(withFields(spec, open), withFields(before, open))) {
    findings.forbidden(
      'spec',
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    );
  }
};

export const checkAutoscaler: Check = (object, live, findings) => {
  const spec = specOf(object);
  const [min, max] = [numberOf(spec.minReplicas), numberOf(spec.maxReplicas) ?? 0];
  if (min !== undefined && min < 1) findings.invalid('spec.minReplicas', min, 'must be greater than or equal to 1');
  if (max === 0) findings.required('spec.maxReplicas', 'must be set and greater than 0');
  else if (max < 0) findings.invalid('spec.maxReplicas', max, 'must be greater than or equal to 1');
  if (min !== undefined && max < min) {
    findings.invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`');
  }
  for (const field of ['kind', 'name']) {
    if (textAt(spec, 'scaleTargetRef', field) === '') findings.required(`spec.scaleTargetRef.${field}`);
  }
  checkTargetGroup(spec, specOf(live), findings);
};

// A target that stays the same stays welcome.
function checkTargetGroup(spec: JsonObject, live: JsonObject, findings: Findings): void {
  const [apiVersion, kind] = [textAt(spec, 'scaleTargetRef', 'apiVersion'), textAt(spec, 'scaleTargetRef', 'kind')];
  const before = at(live, 'scaleTargetRef');
  const isSame = before !== undefined && textAt(before, 'apiVersion') === apiVersion && textAt(before, 'kind') === kind;
  if (isSame || apiVersion.includes('/') || kind === 'ReplicationController') return;
  findings.invalid('spec.scaleTargetRef.apiVersion', apiVersion, 'apiVersion must specify API group');
}

export const checkBudget: Check = (object, _live, findings) => {
  const spec = specOf(object);
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    findings.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
  }
  checkSelector(spec.selector, 'spec.selector', findings);
};

/** Checks of the containers of a pod. */
import { compareQuantities, parseQuantity } from '../../../core/json/quantity.ts';
import { at, isArray, isObject, type Json, numberOf, textOf } from '../../../core/json/value.ts';
import type { Findings } from './findings.ts';
import { labelNameProblems, portProblems } from './names.ts';

const listAt = (value: Json | undefined, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};
const textAt = (value: Json | undefined, field: string): string => textOf(at(value, field)) ?? '';

/** `volumes` are those of the pod. */
export function checkContainers(
  containers: readonly Json[],
  path: string,
  volumes: ReadonlySet<string>,
  findings: Findings,
): void {
  const isInit = path.endsWith('.initContainers');
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(container, 'name');
    if (name === '') findings.required(`${here}.name`);
    else findings.eachInvalid(`${here}.name`, name, labelNameProblems(name));
    if (textAt(container, 'image') === '') findings.required(`${here}.image`);
    checkPorts(listAt(container, 'ports'), `${here}.ports`, findings);
    checkVariables(listAt(container, 'env'), `${here}.env`, findings);
    checkMounts(listAt(container, 'volumeMounts'), `${here}.volumeMounts`, volumes, findings);
    const pull = textAt(container, 'imagePullPolicy');
    if (!['Always', 'IfNotPresent', 'Never'].includes(pull)) {
      findings.unsupported(`${here}.imagePullPolicy`, pull, ['Always', 'IfNotPresent', 'Never']);
    }
    checkResources(at(container, 'resources'), `${here}.resources`, findings);
    if (isInit && textAt(container, 'restartPolicy') !== 'Always') checkEnds(container, here, findings);
    else for (const probe of probes) checkProbe(at(container, probe), `${here}.${probe}`, findings);
    if (names.has(name)) findings.duplicate(`${here}.name`, name);
    names.add(name);
  }
}

function checkVariables(variables: readonly Json[], path: string, findings: Findings): void {
  for (const [index, variable] of variables.entries()) {
    if (textAt(variable, 'name') === '') findings.required(`${path}[${index}].name`);
    checkSource(variable, `${path}[${index}].valueFrom`, findings);
  }
}

function checkSource(variable: Json, path: string, findings: Findings): void {
  const source = at(variable, 'valueFrom');
  if (!isObject(source)) return;
  const count = Object.keys(source).length;
  const choice = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
  if (count === 0) findings.invalid(path, '', `must specify one of: ${choice}`);
  if (textAt(variable, 'value') !== '') {
    if (count > 0) findings.invalid(path, '', 'may not be specified when `value` is not empty');
  } else if (count > 1) findings.invalid(path, '', 'may not have more than one field specified at a time');
}

function checkPorts(ports: readonly Json[], path: string, findings: Findings): void {
  const names = new Set<string>();
  const protocols = ['SCTP', 'TCP', 'UDP'];
  for (const [index, port] of ports.entries()) {
    const here = `${path}[${index}]`;
    const name = textAt(port, 'name');
    if (name !== '' && names.has(name)) findings.duplicate(`${here}.name`, name);
    names.add(name);
    const number = numberOf(at(port, 'containerPort')) ?? 0;
    if (number === 0) findings.required(`${here}.containerPort`);
    else for (const problem of portProblems(number)) findings.invalid(`${here}.containerPort`, number, problem);
    const protocol = textAt(port, 'protocol');
    if (!protocols.includes(protocol)) findings.unsupported(`${here}.protocol`, protocol, protocols);
  }
}

function checkMounts(mounts: readonly Json[], path: string, volumes: ReadonlySet<string>, findings: Findings): void {
  const places = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const here = `${path}[${index}]`;
    const [name, place] = [textAt(mount, 'name'), textAt(mount, 'mountPath')];
    if (name === '') findings.required(`${here}.name`);
    if (!volumes.has(name)) findings.notFound(`${here}.name`, name);
    if (place === '') findings.required(`${here}.mountPath`);
    if (places.has(place)) findings.invalid(`${here}.mountPath`, place, 'must be unique');
    places.add(place);
  }
}

function checkResources(resources: Json | undefined, path: string, findings: Findings): void {
  const limits = at(resources, 'limits');
  for (const list of ['limits', 'requests']) {
    const amounts = at(resources, list);
    for (const [name, amount] of Object.entries(isObject(amounts) ? amounts : {})) {
      const text = textOf(amount) ?? '';
      if (isLess(text, '0')) {
        findings.invalid(`${path}.${list}[${name}]`, text, 'must be greater than or equal to 0');
      }
      const limit = textOf(at(limits, name));
      if (list === 'requests' && limit !== undefined && isLess(limit, text)) {
        findings.invalid(`${path}.requests`, text, `must be less than or equal to ${name} limit of ${limit}`);
      }
    }
  }
}

function isLess(left: string, right: string): boolean {
  const [a, b] = [parseQuantity(left), parseQuantity(right)];
  return a !== undefined && b !== undefined && compareQuantities(a, b) < 0;
}

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];

// What ends by itself is never asked how it is.
function checkEnds(container: Json, path: string, findings: Findings): void {
  for (const field of ['lifecycle', ...probes]) {
    const isSet = at(container, field) !== undefined;
    if (isSet)
      findings.forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always');
  }
}

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function checkProbe(probe: Json | undefined, path: string, findings: Findings): void {
  if (!isObject(probe)) return;
  const named = handlers.filter((handler) => Object.hasOwn(probe, handler));
  if (named.length === 0) findings.required(path, 'must specify a handler type');
  for (const handler of named.slice(1)) {
    findings.forbidden(`${path}.${handler}`, 'may not specify more than 1 handler type');
  }
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    findings.nonNegative(`${path}.${field}`, probe[field]);
  }
}

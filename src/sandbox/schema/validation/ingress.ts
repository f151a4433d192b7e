/** Checks of Ingresses. */
import { at, isArray, isObject, type Json, numberOf, textOf } from '../../../core/json/value.ts';
import type { Findings } from './findings.ts';
import { labelNameProblems, portProblems } from './names.ts';
import type { Check } from './workload.ts';

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const textAt = (value: Json | undefined, ...fields: readonly string[]): string => textOf(at(value, ...fields)) ?? '';

export const checkIngress: Check = (object, _live, findings) => {
  const spec = isObject(object.spec) ? object.spec : {};
  if (listOf(spec.rules).length === 0 && spec.defaultBackend === undefined) {
    findings.invalid('spec', spec.rules, 'either `defaultBackend` or `rules` must be specified');
  }
  if (spec.defaultBackend !== undefined) checkBackend(spec.defaultBackend, 'spec.defaultBackend', findings);
  for (const [index, rule] of listOf(spec.rules).entries()) {
    for (const [place, path] of listOf(at(rule, 'http', 'paths')).entries()) {
      checkPath(path, `spec.rules[${index}].http.paths[${place}]`, findings);
    }
  }
};

function checkPath(path: Json, here: string, findings: Findings): void {
  const [type, text] = [textAt(path, 'pathType'), textAt(path, 'path')];
  const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
  if (type === '') {
    findings.required(`${here}.pathType`, 'pathType must be specified');
    return;
  }
  if (!types.includes(type)) findings.unsupported(`${here}.pathType`, type, types);
  else if (!text.startsWith('/') && !(type === 'ImplementationSpecific' && text === '')) {
    findings.invalid(`${here}.path`, text, 'must be an absolute path');
  }
  checkBackend(at(path, 'backend'), `${here}.backend`, findings);
}

function checkBackend(backend: Json | undefined, here: string, findings: Findings): void {
  const service = at(backend, 'service');
  if (at(backend, 'resource') !== undefined) {
    if (service !== undefined) findings.invalid(here, '', 'cannot set both resource and service backends');
    return;
  }
  if (service === undefined) {
    findings.invalid(here, '', 'resource or service backend is required');
    return;
  }
  const name = textAt(service, 'name');
  if (name === '') findings.required(`${here}.service.name`);
  else findings.eachInvalid(`${here}.service.name`, name, labelNameProblems(name));
  const number = numberOf(at(service, 'port', 'number')) ?? 0;
  const hasName = textAt(service, 'port', 'name') !== '';
  if (hasName && number !== 0) findings.invalid(here, '', 'cannot set both port name & port number');
  else if (number !== 0) {
    for (const problem of portProblems(number)) findings.invalid(`${here}.service.port.number`, number, problem);
  } else if (!hasName) findings.required(here, 'port name or number is required');
}

/** Checks of CustomResourceDefinitions. */
import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import type { Findings } from './findings.ts';
import { subdomainProblems, wordProblems } from './names.ts';
import { checkSchema } from './structural.ts';
import type { Check } from './workload.ts';

const listAt = (value: Json | undefined, ...fields: readonly string[]): readonly Json[] => {
  const list = at(value, ...fields);
  return isArray(list) ? list : [];
};
const textAt = (value: Json | undefined, ...fields: readonly string[]): string => textOf(at(value, ...fields)) ?? '';

export const checkDefinition: Check = (object, live, findings) => {
  const spec = isObject(object.spec) ? object.spec : {};
  const name = object.metadata.name ?? '';
  const fullName = `${textAt(spec, 'names', 'plural')}.${textAt(spec, 'group')}`;
  if (live === undefined && name !== fullName) {
    findings.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group');
  }
  checkGroup(textAt(spec, 'group'), findings);
  const scope = textAt(spec, 'scope');
  if (scope === '') findings.required('spec.scope');
  else if (!['Cluster', 'Namespaced'].includes(scope))
    findings.unsupported('spec.scope', scope, ['Cluster', 'Namespaced']);
  checkVersions(listAt(spec, 'versions'), findings);
  checkNames(at(spec, 'names'), findings);
  const stored = at(object, 'status', 'storedVersions');
  if (!isArray(stored) || stored.length === 0) {
    findings.invalid('status.storedVersions', stored, 'must have at least one stored version');
  }
  if (live !== undefined) checkKept(spec, live.spec, isEstablished(live), findings);
  checkApproval(object.metadata.annotations, textAt(spec, 'group'), findings);
};

function checkGroup(group: string, findings: Findings): void {
  const problems = subdomainProblems(group);
  if (group === '') findings.required('spec.group');
  else if (problems.length > 0) findings.invalid('spec.group', group, problems.join(','));
  else if (!group.includes('.')) findings.invalid('spec.group', group, 'should be a domain with at least one dot');
}

function checkVersions(versions: readonly Json[], findings: Findings): void {
  const schemaOf = (version: Json): Json | undefined => at(version, 'schema', 'openAPIV3Schema');
  for (const [index, version] of versions.entries()) {
    if (schemaOf(version) === undefined) findings.required(`spec.versions[${index}].schema.openAPIV3Schema`);
  }
  for (const [index, version] of versions.entries()) {
    const here = `spec.versions[${index}]`;
    const name = textAt(version, 'name');
    const problems = wordProblems(name);
    if (problems.length > 0) findings.invalid(`${here}.name`, name, problems.join(','));
    const schema = schemaOf(version);
    // What all versions share, the server holds once and names so.
    const isShared = versions.every((other) => equal(schemaOf(other), schema));
    const schemaPath = isShared ? 'spec.validation' : `${here}.schema`;
    if (schema !== undefined && !(isShared && index > 0))
      checkSchema(schema, `${schemaPath}.openAPIV3Schema`, findings);
    for (const [place, column] of listAt(version, 'additionalPrinterColumns').entries()) {
      const columnPath = versions.length === 1 ? 'spec' : here;
      checkColumn(column, `${columnPath}.additionalPrinterColumns[${place}]`, findings);
    }
  }
  const names = new Set(versions.map((version) => textAt(version, 'name')));
  if (names.size < versions.length) findings.invalid('spec.versions', versions, 'must contain unique version names');
  if (versions.filter((version) => at(version, 'storage') === true).length !== 1) {
    findings.invalid('spec.versions', versions, 'must have exactly one version marked as storage version');
  }
  const first = textAt(versions[0], 'name');
  const problems = first === '' ? [] : wordProblems(first);
  if (problems.length > 0) findings.invalid('spec.version', first, problems.join(','));
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function checkColumn(column: Json, path: string, findings: Findings): void {
  const type = textAt(column, 'type');
  if (textAt(column, 'name') === '') findings.required(`${path}.name`);
  if (type === '') findings.required(`${path}.type`, `must be one of ${columnTypes.join(',')}`);
  else if (!columnTypes.includes(type))
    findings.invalid(`${path}.type`, type, `must be one of ${columnTypes.join(',')}`);
  if (textAt(column, 'jsonPath') === '') findings.required(`${path}.JSONPath`);
}

function checkNames(names: Json | undefined, findings: Findings): void {
  const words = ['plural', 'singular', 'kind', 'listKind'] as const;
  for (const word of words) if (textAt(names, word) === '') findings.required(`spec.names.${word}`);
  for (const word of words) {
    const name = textAt(names, word);
    const isMixed = word === 'kind' || word === 'listKind';
    const problems = name === '' ? [] : wordProblems(isMixed ? name.toLowerCase() : name);
    const why = `${isMixed ? 'may have mixed case, but should otherwise match: ' : ''}${problems.join(',')}`;
    if (problems.length > 0) findings.invalid(`spec.names.${word}`, name, why);
  }
  for (const list of ['shortNames', 'categories']) {
    for (const [index, name] of listAt(names, list).entries()) {
      const problems = wordProblems(textOf(name) ?? '');
      if (problems.length > 0) findings.invalid(`spec.names.${list}[${index}]`, name, problems.join(','));
    }
  }
  const kind = textAt(names, 'kind');
  if (kind !== '' && kind === textAt(names, 'listKind')) {
    findings.invalid('spec.names.listKind', kind, 'kind and listKind may not be the same');
  }
}

const isEstablished = (definition: JsonObject): boolean =>
  listAt(definition, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
  );

function checkKept(spec: JsonObject, live: Json | undefined, isServed: boolean, findings: Findings): void {
  const kept = [...(isServed ? [['scope'], ['names', 'kind']] : []), ['group'], ['names', 'plural']];
  for (const path of kept) {
    findings.immutable(`spec.${path.join('.')}`, at(spec, ...path), equal(at(spec, ...path), at(live, ...path)));
  }
}

const approval = 'api-approved.kubernetes.io';

// The groups of Kubernetes itself are open to those who have been let in.
function checkApproval(annotations: Json | undefined, group: string, findings: Findings): void {
  const isProtected = ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`));
  if (!isProtected || textAt(annotations, approval) !== '') return;
  const why = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
  findings.required(`metadata.annotations[${approval}]`, why);
}

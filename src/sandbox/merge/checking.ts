/** Does a configuration fit its type? In the words of the API server's server-side apply. */
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import type { ListType, MapType, Type } from '../schema/type.ts';
import { type Element, itemElement, showElement } from './element.ts';
import { choiceOf } from './kind-of-value.ts';

/** All that is wrong with a value, as one text; undefined when it fits. `path` is empty for a whole object. */
export function misfit(value: Json, type: Type): string | undefined {
  const problems: string[] = [];
  check(value, type, '', problems);
  if (problems.length <= 1) return problems[0];
  return ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}

function check(value: Json, type: Type, path: string, problems: string[]): void {
  const say = (text: string): void => {
    problems.push(path === '' ? text : `${path}: ${text}`);
  };
  if (value === null) return;
  switch (choiceOf(type, value)) {
    case 'scalar': {
      const text = scalarMisfit(value, type);
      if (text !== undefined) say(text);
      return;
    }
    case 'list':
      if (!isArray(value)) say(`expected list, got ${shownValue(value)}`);
      else if (type.list !== undefined) checkItems(value, type.list, path, problems, say);
      return;
    case 'map':
      if (!isObject(value)) say(`expected map, got ${shownValue(value)}`);
      else if (type.map !== undefined) checkFields(value, type.map, path, problems);
      return;
  }
}

function checkFields(value: { readonly [field: string]: Json }, map: MapType, path: string, problems: string[]): void {
  for (const name of Object.keys(value)) {
    const type = map.fields.get(name)?.type ?? map.element;
    const inner = value[name];
    if (type === undefined) {
      problems.push(`${path}.${name}: field not declared in schema`);
      return;
    }
    // A scalar of the right kind is by far the most common, and needs no path.
    if (inner !== undefined && !isFitScalar(inner, type)) check(inner, type, `${path}.${name}`, problems);
  }
}

const isFitScalar = (value: Json, type: Type): boolean =>
  (typeof value === 'string' && type.scalar === 'string') || (typeof value === 'number' && type.scalar === 'numeric');

function checkItems(
  items: readonly Json[],
  list: ListType,
  path: string,
  problems: string[],
  say: (text: string) => void,
): void {
  const seen = new Set<Element>();
  for (const [at, item] of items.entries()) {
    if (list.isAtomic) {
      if (!isFitScalar(item, list.element)) check(item, list.element, `${path}[${at}]`, problems);
      continue;
    }
    const step = itemElement(list, item);
    if (step.kind === 'problem') {
      say(`element ${at}: ${step.problem}`);
      return;
    }
    if (seen.has(step.element)) say(`duplicate entries for key ${showElement(step.element)}`);
    seen.add(step.element);
    check(item, list.element, `${path}${showElement(step.element)}`, problems);
  }
}

function scalarMisfit(value: Json, type: Type): string | undefined {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  switch (type.scalar) {
    case 'numeric':
      return isNumber ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${shownValue(value)}`;
    default:
      return isArray(value) || isObject(value) ? `expected any scalar, got ${shownValue(value)}` : undefined;
  }
}

// The three ways in which Go prints a value.

function goTypeOf(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int64';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

function goSyntax(value: Json): string {
  if (isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value))
    return value === null ? 'interface {}(nil)' : typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = sortedFields(value).map(([name, inner]) => `${JSON.stringify(name)}:${goSyntax(inner)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}

const shownValue = (value: Json): string => `&{${goText(value)}}`;

function goText(value: Json): string {
  if (isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  return `map[${sortedFields(value)
    .map(([name, inner]) => `${name}:${goText(inner)}`)
    .join(' ')}]`;
}

const sortedFields = (value: { readonly [field: string]: Json }): [string, Json][] =>
  Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));

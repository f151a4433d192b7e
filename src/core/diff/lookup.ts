/** Finding what a field path names inside an object. */
import { canonical } from '../json/digest.ts';
import { formatPointer } from '../json/pointer.ts';
import { fieldOf, isArray, isObject, type Json } from '../json/value.ts';
import { type FieldPath, isShallow, type KeyField, type PathElement } from './path.ts';

/** Finds one step below a value; undefined where there is none. */
export type Finder = (element: PathElement) => Json | undefined;

/**
 * Looks into one value, a list once for all questions.
 *
 * Cost: linear in the list on the first question, constant after.
 */
export function finderIn(value: Json | undefined): Finder {
  if (!isArray(value)) return (element) => (element.kind === 'field' ? fieldOf(value, element.name) : undefined);
  const indexIn = indexerOf(value);
  return (element) => {
    const index = indexIn(element);
    return index === undefined ? undefined : value[index];
  };
}

/** The value at a path, or undefined. */
export function valueAtPath(value: Json | undefined, path: FieldPath): Json | undefined {
  let here = value;
  for (const element of path) here = finderIn(here)(element);
  return here;
}

/**
 * The path as a JSON pointer into this very object, where list elements are numbers.
 *
 * Shape: undefined when a list element of the path is not in the object; a missing last field still has a pointer.
 * Source: RFC 6901.
 */
export function pointerTo(object: Json, path: FieldPath): string | undefined {
  let here: Json | undefined = object;
  const pointer: string[] = [];
  for (const element of path) {
    const index: string | number | undefined = element.kind === 'field' ? element.name : indexerOf(here)(element);
    if (index === undefined) return undefined;
    pointer.push(String(index));
    here = finderIn(here)(element);
  }
  return formatPointer(pointer);
}

/** Where in a list an element stands; undefined when it is not there, or `value` is no list. */
export function indexerOf(value: Json | undefined): (element: PathElement) => number | undefined {
  if (!isArray(value)) return () => undefined;
  const byKey = new Map<string, KeyIndex>();
  let byValue: ReadonlyMap<string, number> | undefined;
  return (element) => {
    switch (element.kind) {
      case 'field':
        return undefined;
      case 'index':
        return element.index < value.length ? element.index : undefined;
      case 'value':
        byValue ??= firstIndexes(value.map(textOf));
        return byValue.get(canonical(element.value));
      case 'key': {
        const names = element.fields.map((field) => field.name);
        const shape = canonical(names);
        const index = byKey.get(shape) ?? keyIndexOf(value, names);
        byKey.set(shape, index);
        return lookUp(index, element.fields);
      }
    }
  };
}

/** Elements of one list by their values at the key fields; a field that an element lacks counts as null. */
type KeyIndex = {
  readonly indexes: ReadonlyMap<string, number>;
  /** Which key fields some element lacks, one list of names for each case met. */
  readonly gaps: readonly (readonly string[])[];
};

function keyIndexOf(list: readonly Json[], names: readonly string[]): KeyIndex {
  const gaps = new Map<string, readonly string[]>();
  const texts = list.map((part) => {
    if (!isObject(part)) return '';
    const missing = names.filter((name) => fieldOf(part, name) === undefined);
    if (missing.length > 0 && missing.length < names.length) gaps.set(canonical(missing), missing);
    return canonical(names.map((name) => shallowOf(fieldOf(part, name))));
  });
  return { indexes: firstIndexes(texts), gaps: [...gaps.values()] };
}

// What a manifest leaves out of a key (`protocol` of a port) the server fills in before it writes the key.
function lookUp({ indexes, gaps }: KeyIndex, fields: readonly KeyField[]): number | undefined {
  const exact = indexes.get(canonical(fields.map((field) => field.value)));
  if (exact !== undefined) return exact;
  for (const gap of gaps) {
    const found = indexes.get(canonical(fields.map(({ name, value }) => (gap.includes(name) ? null : value))));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What cannot be an element of a set, or the value of a key, is found by nobody. */
const textOf = (part: Json): string => (isShallow(part) ? canonical(part) : '');
const shallowOf = (part: Json | undefined): Json => (part !== undefined && isShallow(part) ? part : null);

function firstIndexes(texts: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, text] of texts.entries()) if (!indexes.has(text)) indexes.set(text, index);
  return indexes;
}

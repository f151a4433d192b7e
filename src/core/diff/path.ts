/** Where a field is, in the words of managedFields: fields by name, list elements by key, by value or by index. */
import { canonical } from '../json/digest.ts';
import { formatJson, parseJson } from '../json/text.ts';
import { isArray, isObject, type Json } from '../json/value.ts';

export type PathElement =
  | { readonly kind: 'field'; readonly name: string }
  /** The element of an associative list that has these values at these fields; names in code unit order. */
  | { readonly kind: 'key'; readonly fields: readonly KeyField[] }
  /** The element of a set that equals this scalar. */
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'index'; readonly index: number };

export type KeyField = { readonly name: string; readonly value: Json };

/** From the object's root; never empty in what this folder returns. */
export type FieldPath = readonly PathElement[];

/**
 * Reads one field name of `fieldsV1`: `f:spec`, `k:{"name":"web"}`, `v:"a"`, `i:0`.
 *
 * Shape: undefined for what is none of these, as the API server skips kinds of elements of a later version.
 */
export function readElement(text: string): PathElement | undefined {
  const rest = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'f:':
      return { kind: 'field', name: rest };
    case 'k:':
      return keyElement(readJson(rest));
    case 'v:': {
      const value = readJson(rest);
      return value === undefined || !isShallow(value) ? undefined : { kind: 'value', value };
    }
    case 'i:':
      return /^\d{1,9}$/.test(rest) ? { kind: 'index', index: Number(rest) } : undefined;
    default:
      return undefined;
  }
}

/** Writes an element as `fieldsV1` does; equal elements have equal texts, so the text can be a key of a map. */
export function writeElement(element: PathElement): string {
  switch (element.kind) {
    case 'field':
      return `f:${element.name}`;
    case 'key':
      return `k:${canonical(Object.fromEntries(element.fields.map(({ name, value }) => [name, value])))}`;
    case 'value':
      return `v:${canonical(element.value)}`;
    case 'index':
      return `i:${element.index}`;
  }
}

/** Is `path` at `place`, or below it? */
export function isWithin(place: FieldPath, path: FieldPath): boolean {
  return place.every((element, index) => {
    const other = path[index];
    return other !== undefined && writeElement(other) === writeElement(element);
  });
}

/** As the API server prints paths in conflicts: `.spec.template.spec.containers[name="web"].image`. */
export function printPath(path: FieldPath): string {
  return path.map(printElement).join('');
}

/** Keys and elements of sets are scalars or small structs; what a hostile object nests deeper must not overflow the stack. */
export function isShallow(value: Json, depthMax = 16): boolean {
  if (isArray(value)) return depthMax > 0 && value.every((part) => isShallow(part, depthMax - 1));
  return !isObject(value) || (depthMax > 0 && Object.values(value).every((part) => isShallow(part, depthMax - 1)));
}

/** A path of field names only, for the well-known places. */
export function fieldPath(...names: readonly string[]): FieldPath {
  return names.map((name) => ({ kind: 'field', name }));
}

function printElement(element: PathElement): string {
  switch (element.kind) {
    case 'field':
      return `.${element.name}`;
    case 'key':
      return `[${element.fields.map(({ name, value }) => `${name}=${formatJson(value)}`).join(',')}]`;
    case 'value':
      return `[=${formatJson(element.value)}]`;
    case 'index':
      return `[${element.index}]`;
  }
}

function keyElement(value: Json | undefined): PathElement | undefined {
  if (!isObject(value)) return undefined;
  const fields = Object.entries(value).map(([name, part]) => ({ name, value: part }));
  if (!fields.every((field) => isShallow(field.value))) return undefined;
  return { kind: 'key', fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Strategic merge patch: a merge patch that knows how the lists of built-in kinds are merged. */
import { equal } from '../../core/json/equal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import type { Field, MapType, Patching, Type } from '../schema/type.ts';
import { itemsOf } from './kind-of-value.ts';
import { deletedItems, mergeMaps, mergeScalars, ordered, PatchError } from './strategic-lists.ts';

export { PatchError } from './strategic-lists.ts';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * Merges a patch into an object.
 *
 * Shape: pure; what the patch does not reach is the object's own. Directives: `$patch`, `$retainKeys`,
 * `$setElementOrder/…`, `$deleteFromPrimitiveList/…`. Errors: PatchError.
 */
export function strategicMerge(object: JsonObject, patch: JsonObject, type: Type): JsonObject {
  if (Object.hasOwn(patch, '$patch')) return directed(patch);
  const fields = new Map<string, Json>(Object.entries(retained(object, patch)));
  const ordering = Object.keys(patch).filter((name) => name.startsWith(orderPrefix));
  const arranged = new Set(ordering.map((name) => name.slice(orderPrefix.length)));
  for (const name of ordering) {
    const list = name.slice(orderPrefix.length);
    const merged = mergeOrdered(fields.get(list), patch[list], patch[name], listAt(list, type));
    if (merged !== undefined) fields.set(list, merged);
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name === '$retainKeys' || name.startsWith(orderPrefix) || arranged.has(name)) continue;
    if (name.startsWith(deletePrefix)) {
      const list = name.slice(deletePrefix.length);
      const present = fields.get(list);
      if (isArray(present) && isArray(value)) fields.set(list, deletedItems(present, value));
    } else mergeField(fields, name, value, type);
  }
  return Object.fromEntries(fields);
}

function mergeField(fields: Map<string, Json>, name: string, value: Json, type: Type): void {
  const present = fields.get(name);
  const { inner, patching } = fieldAt(name, type);
  if (value === null) fields.delete(name);
  else if (isObject(value) && isObject(present)) fields.set(name, strategicMerge(present, value, inner));
  else if (isArray(value) && isArray(present)) fields.set(name, mergeLists(present, value, inner, patching));
  else {
    const bare = withoutDirectives(value);
    if (bare === undefined) fields.delete(name);
    else fields.set(name, bare);
  }
}

function directed(patch: JsonObject): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw new PatchError(500, `unknown patch type: ${String(directive)} in map: ${JSON.stringify(patch)}`);
}

// A union's fields go when the patch names the ones to keep.
function retained(object: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch.$retainKeys;
  if (keys === undefined) return object;
  const isListed = (name: string): boolean => itemsOf(keys).includes(name);
  const isForeign = Object.entries(patch).some(
    ([name, value]) => value !== null && !name.startsWith('$') && !isListed(name),
  );
  if (!isArray(keys) || isForeign) throw new PatchError(400, 'invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(object).filter(([name]) => isListed(name)));
}

type FieldType = { readonly inner: Type; readonly patching: Patching | undefined };

function fieldAt(name: string, type: Type): FieldType {
  const map: MapType | undefined = type.map;
  const field: Field | undefined = map?.fields.get(name);
  return { inner: field?.type ?? map?.element ?? type, patching: field?.patch };
}

const listAt = fieldAt;

function mergeLists(
  present: readonly Json[],
  patch: readonly Json[],
  inner: Type,
  patching: Patching | undefined,
): Json {
  if (patching?.isMerged !== true) return patch;
  if (present.length === 0 && patch.length === 0) return present;
  const isMaps = isObject(present[0] ?? patch[0]);
  if (!isMaps) return mergeScalars(present, patch);
  const { key } = patching;
  const element = inner.list?.element ?? inner;
  const { merged, wanted } = mergeMaps(present, patch, key, (one, change) => strategicMerge(one, change, element));
  return ordered(merged, wanted, present, key);
}

function mergeOrdered(
  present: Json | undefined,
  patch: Json | undefined,
  order: Json | undefined,
  { inner, patching }: FieldType,
): Json | undefined {
  if (!isArray(order)) throw new PatchError(400, 'invalid patch format of setElementOrder list');
  if (patch !== undefined && !isArray(patch)) {
    if (patch === null && present === undefined) return undefined;
    throw new PatchError(500, `expected a []interface {}, but received a ${typeof patch}`);
  }
  const key = patching?.key ?? '';
  checkOrder(itemsOf(patch), order, key);
  if (present === undefined || present === null) return patch === undefined ? undefined : withoutDirectives(patch);
  if (!isArray(present)) return undefined;
  const merged = patch === undefined ? present : mergeLists(present, patch, inner, patching);
  return ordered(itemsOf(merged), order, present, key);
}

// The items of a patch come in the order that it asks for.
function checkOrder(patch: readonly Json[], order: readonly Json[], key: string): void {
  const isSame = (a: Json, b: Json | undefined): boolean =>
    key === '' ? equal(a, b) : isObject(a) && isObject(b) && equal(a[key], b[key]);
  const items = patch.filter((item) => !(isObject(item) && Object.hasOwn(item, '$patch')));
  let at = 0;
  for (const wanted of order) if (at < items.length && isSame(items[at] ?? null, wanted)) at += 1;
  if (at === items.length || order.length === 0) return;
  throw new PatchError(
    500,
    `The order in patch list:\n${JSON.stringify(patch)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
  );
}

/** A value that nothing is there to merge with: directives do nothing, nulls set nothing. */
function withoutDirectives(value: Json): Json | undefined {
  if (isArray(value)) return value.flatMap((item) => withoutDirectives(item) ?? []);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$patch')) return undefined;
  const fields = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    const bare = inner === null ? undefined : withoutDirectives(inner);
    return bare === undefined ? [] : [[name, bare]];
  });
  return Object.fromEntries(fields);
}

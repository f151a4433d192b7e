/** Changes to a JSON value that name list items by what they hold, not by where they stand. */
import { equal } from './equal.ts';
import { mergePatch } from './merge.ts';
import { applyPatch } from './patch.ts';
import type { PatchOperation } from './patch-operation.ts';
import { formatPointer, type Pointer, valueAt } from './pointer.ts';
import { fieldOf, isArray, isObject, type Json, type JsonObject, textOf } from './value.ts';

/** A field; the one item of a list whose field has a value; the first item; every item. */
export type Step =
  | string
  | { readonly field: string; readonly is: string }
  | { readonly which: 'first' }
  | { readonly which: 'each' };

export type Change =
  /** Of fields, as a JSON Merge Patch. */
  | { readonly do: 'merge'; readonly value: Json }
  | { readonly do: 'set'; readonly value: Json }
  /** As far as both say the same; a value that is another is refused. */
  | { readonly do: 'unify'; readonly value: Json }
  /** Into a list: an item with the same keys is replaced, or unified; others come last. */
  | {
      readonly do: 'upsert';
      readonly keys: readonly string[];
      readonly items: readonly JsonObject[];
      readonly meeting: 'replace' | 'unify';
    }
  /** Out of a list: items whose field is one of these. */
  | { readonly do: 'drop'; readonly field: string; readonly values: readonly string[] }
  /** Out of a list, then into it: what is there already is not added twice. */
  | { readonly do: 'relist'; readonly without: readonly Json[]; readonly plus: readonly Json[] };

export type Edit =
  | {
      readonly kind: 'change';
      readonly at: readonly Step[];
      /** Only where this is there already. */
      readonly where?: Pointer;
      readonly change: Change;
    }
  | { readonly kind: 'patch'; readonly operations: readonly PatchOperation[] };

export type EditResult =
  | { readonly kind: 'edited'; readonly value: Json }
  | { readonly kind: 'refused'; readonly message: string };

const edited = (value: Json): EditResult => ({ kind: 'edited', value });
const refused = (message: string): EditResult => ({ kind: 'refused', message });

/** Shape: pure; all of them in order, or a refusal that says which place could not be changed. Fields on the way are made. */
export function applyEdits(value: Json, edits: readonly Edit[]): EditResult {
  let result = value;
  for (const edit of edits) {
    const outcome = applyEdit(result, edit);
    if (outcome.kind === 'refused') return outcome;
    result = outcome.value;
  }
  return edited(result);
}

function applyEdit(value: Json, edit: Edit): EditResult {
  if (edit.kind === 'patch') {
    const result = applyPatch(value, edit.operations);
    if (result.kind === 'patched') return edited(result.value);
    return refused(`${result.problem.path || '/'}: ${result.problem.message}`);
  }
  if (edit.where !== undefined && valueAt(value, edit.where) === undefined) return edited(value);
  return walk(value, edit.at, [], edit.change);
}

function walk(value: Json | undefined, at: readonly Step[], done: Pointer, change: Change): EditResult {
  const [step, ...rest] = at;
  if (step === undefined) return applyChange(value, change, done);
  if (typeof step === 'string') {
    if (value !== undefined && value !== null && !isObject(value))
      return refused(`${formatPointer(done)} is no object`);
    const inner = walk(fieldOf(value ?? undefined, step), rest, [...done, step], change);
    if (inner.kind === 'refused') return inner;
    return edited({ ...(isObject(value) ? value : {}), [step]: inner.value });
  }
  const list = isArray(value) ? value : [];
  const indexes = indexesOf(list, step);
  if (indexes.length === 0 && !('which' in step && step.which === 'each')) return refused(missing(step, done));
  const items = [...list];
  for (const index of indexes) {
    const inner = walk(items[index], rest, [...done, String(index)], change);
    if (inner.kind === 'refused') return inner;
    items[index] = inner.value;
  }
  return edited(items);
}

function indexesOf(list: readonly Json[], step: Exclude<Step, string>): readonly number[] {
  if ('which' in step) return step.which === 'first' ? [...list.keys()].slice(0, 1) : [...list.keys()];
  return [...list.keys()].filter((index) => textOf(fieldOf(list[index], step.field)) === step.is).slice(0, 1);
}

function missing(step: Exclude<Step, string>, done: Pointer): string {
  const list = done.at(-1) ?? 'list';
  // `containers` holds a container.
  const item = list.endsWith('s') ? list.slice(0, -1) : list;
  return 'which' in step ? `there is no ${item}` : `${item} ${step.is} not found`;
}

function applyChange(value: Json | undefined, change: Change, done: Pointer): EditResult {
  switch (change.do) {
    case 'merge':
      return edited(mergePatch(value, change.value));
    case 'set':
      return edited(change.value);
    case 'unify':
      return unify(value, change.value, done);
    case 'upsert':
      return upsert(listOf(value), change, done);
    case 'drop':
      return edited(
        listOf(value).filter((item) => !change.values.includes(textOf(fieldOf(item, change.field)) ?? '\0')),
      );
    case 'relist': {
      const kept = listOf(value).filter((item) => !change.without.some((each) => equal(each, item)));
      return edited([...kept, ...change.plus.filter((item) => !kept.some((each) => equal(each, item)))]);
    }
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);

function upsert(list: readonly Json[], change: Extract<Change, { do: 'upsert' }>, done: Pointer): EditResult {
  const items = [...list];
  for (const item of change.items) {
    const isSame = (other: Json): boolean =>
      change.keys.every((key) => equal(fieldOf(other, key) ?? null, fieldOf(item, key) ?? null));
    const index = items.findIndex(isSame);
    const met = items[index];
    if (met === undefined) {
      items.push(item);
      continue;
    }
    const outcome = change.meeting === 'replace' ? edited(item) : unify(met, item, [...done, String(index)]);
    if (outcome.kind === 'refused') return outcome;
    items[index] = outcome.value;
  }
  return edited(items);
}

/** Objects field by field, lists item by item; what only one of them has is added. */
function unify(value: Json | undefined, other: Json, done: Pointer): EditResult {
  if (value === undefined) return edited(other);
  if (isObject(value) && isObject(other)) return unifyEntries(value, other, done);
  if (isArray(value) && isArray(other)) {
    const merged: Json[] = [...value];
    for (const [index, item] of other.entries()) {
      const outcome = unify(merged[index], item, [...done, String(index)]);
      if (outcome.kind === 'refused') return outcome;
      merged[index] = outcome.value;
    }
    return edited(merged);
  }
  return equal(value, other) ? edited(value) : refused(`${formatPointer(done)} has another value already`);
}

function unifyEntries(value: JsonObject, other: JsonObject, done: Pointer): EditResult {
  const fields = new Map<string, Json>(Object.entries(value));
  for (const [field, part] of Object.entries(other)) {
    const outcome = unify(fields.get(field), part, [...done, field]);
    if (outcome.kind === 'refused') return outcome;
    fields.set(field, outcome.value);
  }
  return edited(Object.fromEntries(fields));
}

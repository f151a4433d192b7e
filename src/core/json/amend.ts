/** Amendments of a value by path, as Go's JSON patch library makes them: more forgiving than RFC 6902. */
import { formatPointer, type Pointer } from './pointer.ts';
import { isArray, isObject, type Json } from './value.ts';

export type Amendment =
  | { readonly op: 'add' | 'replace'; readonly path: Pointer; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Pointer };

export type AmendResult =
  | { readonly kind: 'amended'; readonly value: Json }
  /** `index`: which, from 0. `path`: how far it led, as text. */
  | { readonly kind: 'refused'; readonly index: number; readonly path: string; readonly message: string };

type Outcome = { readonly value: Json } | { readonly path: Pointer; readonly message: string };

/**
 * Makes the amendments in order; the first that cannot be made refuses them all.
 *
 * Shape: pure. `replace` sets a field that is not there; negative indexes count from the end of a list, where -1 of `add`
 *   is behind the last item. Source: evanphx/json-patch 4.12, as manifests of many tools rely on it.
 */
export function amend(value: Json, amendments: readonly Amendment[]): AmendResult {
  let result = value;
  for (const [index, edit] of amendments.entries()) {
    const outcome = applyOne(result, edit, 0);
    if ('message' in outcome)
      return { kind: 'refused', index, path: formatPointer(outcome.path), message: outcome.message };
    result = outcome.value;
  }
  return { kind: 'amended', value: result };
}

function applyOne(here: Json, edit: Amendment, depth: number): Outcome {
  const step = edit.path[depth];
  if (step === undefined) {
    if (edit.op === 'replace') return { value: edit.value };
    return { path: edit.path, message: `the whole object cannot be ${edit.op === 'add' ? 'added' : 'removed'}` };
  }
  if (depth === edit.path.length - 1) return isArray(here) ? editItem(here, step, edit) : editField(here, step, edit);
  const found = childAt(here, step);
  if (found === undefined || typeof found.child !== 'object' || found.child === null)
    return { path: edit.path.slice(0, depth + 1), message: 'there is nothing to edit inside of' };
  const inner = applyOne(found.child, edit, depth + 1);
  return 'message' in inner ? inner : { value: found.withChild(inner.value) };
}

type Found = { readonly child: Json; readonly withChild: (child: Json) => Json };

function childAt(here: Json, step: string): Found | undefined {
  if (isArray(here)) {
    const index = itemIndex(step, here.length);
    const child = index === undefined ? undefined : here[index];
    if (index === undefined || child === undefined) return undefined;
    return { child, withChild: (changed) => here.with(index, changed) };
  }
  if (!isObject(here) || !Object.hasOwn(here, step)) return undefined;
  return { child: here[step] ?? null, withChild: (changed) => ({ ...here, [step]: changed }) };
}

function editField(here: Json, step: string, edit: Amendment): Outcome {
  if (!isObject(here)) return { path: edit.path, message: 'there is nothing to edit inside of' };
  // A computed `__proto__` is a field like any other.
  if (edit.op !== 'remove') return { value: { ...here, [step]: edit.value } };
  if (!Object.hasOwn(here, step)) return { path: edit.path, message: 'there is nothing to remove' };
  return { value: Object.fromEntries(Object.entries(here).filter(([field]) => field !== step)) };
}

function editItem(here: readonly Json[], step: string, edit: Amendment): Outcome {
  const refused: Outcome = { path: edit.path, message: `a list of ${here.length} has no place ${step}` };
  if (edit.op === 'add') {
    // One place more than there are items: behind the last.
    const index = step === '-' ? here.length : itemIndex(step, here.length + 1);
    return index === undefined ? refused : { value: here.toSpliced(index, 0, edit.value) };
  }
  const index = itemIndex(step, here.length);
  if (index === undefined) return refused;
  return { value: edit.op === 'remove' ? here.toSpliced(index, 1) : here.with(index, edit.value) };
}

/** Shape: undefined for what is no index of a list with so many places. */
function itemIndex(step: string, places: number): number | undefined {
  if (!/^[+-]?[0-9]{1,15}$/.test(step)) return undefined;
  const number = Number(step);
  const index = number < 0 ? number + places : number;
  return index >= 0 && index < places ? index : undefined;
}

/** What makes one JSON value of another, in the fewest places: what is equal stays where it is. */
import { equal } from './equal.ts';
import type { Pointer } from './pointer.ts';
import { isArray, isObject, type Json, type JsonObject } from './value.ts';

/** Of a JSON Patch. */
export type Difference =
  | { readonly op: 'add' | 'replace'; readonly path: Pointer; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Pointer };

/**
 * Compares two values.
 *
 * Shape: operations in the order in which they are to be applied; none for equal values. Objects are gone into, lists too:
 *   items that are equal at both ends stay, those between are taken for each other one by one.
 */
export function differenceOf(before: Json, wanted: Json, at: Pointer = []): readonly Difference[] {
  if (equal(before, wanted)) return [];
  if (isObject(before) && isObject(wanted)) return ofObjects(before, wanted, at);
  if (isArray(before) && isArray(wanted)) return ofLists(before, wanted, at);
  return [{ op: 'replace', path: at, value: wanted }];
}

function ofObjects(before: JsonObject, wanted: JsonObject, at: Pointer): readonly Difference[] {
  const names = Object.keys(wanted);
  // What comes goes in first: so a map is never empty in between, for which there is no layout to keep.
  const changed = names.flatMap((name): readonly Difference[] => {
    const [old, value] = [Object.hasOwn(before, name) ? before[name] : undefined, wanted[name]];
    if (value === undefined) return [];
    return old === undefined ? [{ op: 'add', path: [...at, name], value }] : differenceOf(old, value, [...at, name]);
  });
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(wanted, name));
  return [...changed, ...gone.map((name): Difference => ({ op: 'remove', path: [...at, name] }))];
}

function ofLists(before: readonly Json[], wanted: readonly Json[], at: Pointer): readonly Difference[] {
  const most = Math.min(before.length, wanted.length);
  const same = (a: Json | undefined, b: Json | undefined): boolean => a !== undefined && b !== undefined && equal(a, b);
  let head = 0;
  while (head < most && same(before[head], wanted[head])) head += 1;
  let tail = 0;
  while (tail < most - head && same(before.at(-1 - tail), wanted.at(-1 - tail))) tail += 1;
  const old = before.slice(head, before.length - tail);
  const next = wanted.slice(head, wanted.length - tail);
  const both = next.slice(0, old.length).flatMap((value, index) => {
    const here = old[index];
    return here === undefined ? [] : differenceOf(here, value, [...at, String(head + index)]);
  });
  const more = next.slice(old.length).map((value, index): Difference => {
    const place = head + old.length + index;
    return { op: 'add', path: [...at, place === before.length + index ? '-' : String(place)], value };
  });
  // From the end, so that what is before keeps its place.
  const fewer = old
    .slice(next.length)
    .map((_, index): Difference => ({ op: 'remove', path: [...at, String(head + next.length + index)] }))
    .toReversed();
  return [...both, ...more, ...fewer];
}

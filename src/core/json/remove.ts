/** A value without some of its parts. */
import { type Pointer, valueAt } from './pointer.ts';
import { isArray, isObject, type Json } from './value.ts';

/**
 * Takes out all that the pointers lead to.
 *
 * Shape: the value itself when none leads to anything. All of them lead into `value` as it is given, so that the second item
 *   of a list is the second whatever becomes of the first; the whole value cannot be taken out.
 */
export function withoutPointers(value: Json, pointers: readonly Pointer[]): Json {
  const present = pointers.filter((path) => path.length > 0 && valueAt(value, path) !== undefined);
  return present.length === 0 ? value : without(value, present, 0);
}

/** `paths` all lead to something, and beyond `depth`. */
function without(value: Json, paths: readonly Pointer[], depth: number): Json {
  const byStep = Map.groupBy(paths, (path) => path[depth] ?? '');
  const isGone = (step: string): boolean => byStep.get(step)?.some((path) => path.length === depth + 1) === true;
  const kept = (part: Json, step: string): Json => {
    const inside = byStep.get(step);
    return inside === undefined ? part : without(part, inside, depth + 1);
  };
  if (isArray(value)) return value.flatMap((item, index) => (isGone(String(index)) ? [] : [kept(item, String(index))]));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([field]) => !isGone(field));
  return Object.fromEntries(fields.map(([field, part]) => [field, kept(part, field)]));
}

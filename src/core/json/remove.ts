/** A value without some of its parts. */
import { applyPatch } from './patch.ts';
import { type Pointer, valueAt } from './pointer.ts';
import type { Json } from './value.ts';

/** Shape: the value itself when no pointer leads to anything. Pointers are taken one after the other. */
export function withoutPointers(value: Json, pointers: readonly Pointer[]): Json {
  const present = pointers.filter((path) => path.length > 0 && valueAt(value, path) !== undefined);
  if (present.length === 0) return value;
  const result = applyPatch(
    value,
    present.map((path) => ({ op: 'remove', path })),
  );
  return result.kind === 'patched' ? result.value : value;
}

/** Where in its file a value of a document was written. */
import { childOf, type Pointer, parsePointer } from '../json/pointer.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Document } from '../model/source.ts';

/** Lines and columns count from 1, columns in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number };

/**
 * The place of the value at a pointer; where the pointer leads nowhere, of the last value on its way.
 *
 * Shape: the value itself, not its key. Cost: linear in the values before it; nothing is kept between calls.
 */
export function locate(document: Document, pointer: string | Pointer): Place {
  const steps = typeof pointer === 'string' ? (parsePointer(pointer) ?? []) : pointer;
  let value: Json = document.value;
  let index = 0;
  for (const step of steps) {
    const child = childOf(value, step);
    if (child === undefined) break;
    index += 1 + valuesBefore(value, step);
    value = child;
  }
  return { line: document.marks[2 * index] ?? 1, column: document.marks[2 * index + 1] ?? 1 };
}

/** How many values a value has in it, itself included: half as many as it has marks. */
export function valuesIn(value: Json): number {
  if (isArray(value)) return value.reduce<number>((count, item) => count + valuesIn(item), 1);
  return isObject(value) ? Object.values(value).reduce<number>((count, part) => count + valuesIn(part), 1) : 1;
}

/** How many values stand in a container before the child at `step`. */
export function valuesBefore(container: Json, step: string): number {
  let count = 0;
  const children = isArray(container) ? container.entries() : isObject(container) ? Object.entries(container) : [];
  for (const [name, child] of children) {
    if (String(name) === step) return count;
    count += valuesIn(child);
  }
  return count;
}

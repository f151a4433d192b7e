/** From a path inside a document to the line and column a person can go to. */
import type { Json } from '../json/value.ts';
import type { Document } from './source.ts';

/** Field names and list indexes, from the root. */
export type Path = readonly (string | number)[];
export type Position = { readonly line: number; readonly column: number };

/**
 * Where the value at a path was written; where the path leads nowhere, its nearest ancestor.
 *
 * Cost: linear in what stands before it. Only problems are located, so this beats keeping a position with each node.
 */
export function locate(document: Document, path: Path): Position {
  let index = 0;
  let here: Json = document.value;
  for (const step of path) {
    const next = child(here, step);
    if (next === undefined) break;
    index += next.offset;
    here = next.value;
  }
  return { line: document.marks[2 * index] ?? 1, column: document.marks[2 * index + 1] ?? 1 };
}

function child(parent: Json, step: string | number): { readonly offset: number; readonly value: Json } | undefined {
  if (typeof parent !== 'object' || parent === null) return undefined;
  let offset = 1;
  for (const [name, value] of entriesOf(parent)) {
    if (name === String(step)) return { offset, value };
    offset += sizeOf(value);
  }
  return undefined;
}

const entriesOf = (parent: object): readonly (readonly [string, Json])[] => Object.entries(parent);

/** How many values a value holds, itself included. */
export function sizeOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const [, part] of entriesOf(value)) size += sizeOf(part);
  return size;
}

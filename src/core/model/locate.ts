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
  return positionAt(document, walk(document, path).index);
}

/**
 * Where each item of the list, or each value of the object, at a path was written.
 *
 * Shape: none where the path leads nowhere or to what has no parts. Cost: as `locate` of the last of them.
 */
export function locateEach(document: Document, path: Path): readonly Position[] {
  const { index, value, isWhole } = walk(document, path);
  if (!isWhole || typeof value !== 'object' || value === null) return [];
  let next = index + 1;
  return entriesOf(value).map(([, part]) => {
    const position = positionAt(document, next);
    next += sizeOf(part);
    return position;
  });
}

/** As far as the path leads: the number of the value in the order of marks, and the value. */
function walk(
  { value }: Document,
  path: Path,
): { readonly index: number; readonly value: Json; readonly isWhole: boolean } {
  let index = 0;
  let here: Json = value;
  for (const step of path) {
    const next = child(here, step);
    if (next === undefined) return { index, value: here, isWhole: false };
    index += next.offset;
    here = next.value;
  }
  return { index, value: here, isWhole: true };
}

const positionAt = ({ marks }: Document, index: number): Position => ({
  line: marks[2 * index] ?? 1,
  column: marks[2 * index + 1] ?? 1,
});

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

/** Lists to their items: `kubectl get -o yaml` writes them, and kubectl reads them as if the items stood alone. */
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { sizeOf } from '../model/locate.ts';
import type { Document, SourceProblem } from '../model/source.ts';
import { problemCodes } from './problem.ts';

export type Flat = { readonly documents: readonly Document[]; readonly problems: readonly SourceProblem[] };

/**
 * Gives the objects of one document: itself, or the items of a `kind: …List` in their order, lists in lists too.
 *
 * Shape: a list that SOPS has encrypted stays one; an item that names neither kind nor apiVersion gets them from its list, as kubectl does it.
 */
export function flattenList(value: Json, marks: readonly number[]): Flat {
  if (!isObject(value)) return refuse(value, marks);
  const { apiVersion, kind, items, sops } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !kind.endsWith('List') || !isArray(items))
    return { documents: [{ value, marks }], problems: [] };
  // What says that its items are encrypted would be lost with it.
  if (isObject(sops)) return { documents: [{ value, marks }], problems: [] };
  const typeOfItems = { apiVersion, kind: kind.slice(0, -'List'.length) };
  const flats: Flat[] = [];
  let start = 2 * (2 + sizeBefore(value, 'items'));
  for (const item of items) {
    const end = start + 2 * sizeOf(item);
    const own = marks.slice(start, end);
    start = end;
    const isBare = isObject(item) && item.kind === undefined && item.apiVersion === undefined;
    const here = own.slice(0, 2);
    flats.push(isBare ? flattenList({ ...item, ...typeOfItems }, [...own, ...here, ...here]) : flattenList(item, own));
  }
  return { documents: flats.flatMap((flat) => flat.documents), problems: flats.flatMap((flat) => flat.problems) };
}

function refuse(value: Json, [line = 1, column = 1]: readonly number[]): Flat {
  const found =
    value === null ? 'nothing' : isArray(value) ? 'a list' : typeof value === 'string' ? 'a text' : 'a value';
  const message = `found ${found} where an object must be`;
  return { documents: [], problems: [{ code: problemCodes.root, line, column, message }] };
}

/** How many values stand before a field of an object. */
function sizeBefore(object: JsonObject, field: string): number {
  const fields = Object.keys(object);
  return fields.slice(0, fields.indexOf(field)).reduce((size, name) => size + sizeOf(object[name] ?? null), 0);
}

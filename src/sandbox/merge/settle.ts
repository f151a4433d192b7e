/** Did a write change anything at all? */
import { equal } from '../../core/json/equal.ts';
import { readWhole } from '../schema/decode.ts';
import type { Schema } from '../schema/schema.ts';
import type { Held, Managed } from './managed.ts';

/**
 * The object to keep after a write, at the version it is held at: the live one itself when nothing changed, or only
 * the time of an owner's entry.
 *
 * Shape: compare by identity; the same means that there is nothing to store and nobody to tell. Call it last, with
 * `next` as prepared, still carrying the live `resourceVersion`; `schema` is of the request's version.
 */
export function settle(live: Held, next: Held, schema: Schema): Held {
  const object = schema.family.recast(next.object, live.object.apiVersion);
  const isEqual = equal(live.object, object);
  const managed = isEqual && isSame(live.managed, next.managed, false) ? live.managed : next.managed;
  if (isEqual && isSame(live.managed, managed, true)) return live;
  // A custom object that was applied may differ by what is cut on the way into the store only; that is a change too.
  return { object: isEqual ? live.object : asStored(object, schema), managed };
}

function asStored(object: Held['object'], schema: Schema): Held['object'] {
  const stored = schema.family.at(object.apiVersion) ?? schema;
  if (stored.custom === undefined) return object;
  const read = readWhole(stored, object);
  return read.kind === 'read' ? read.value : object;
}

// Entry by entry: a time that moved an entry to another place is a change, as on the API server.
function isSame(before: Managed, after: Managed, withTimes: boolean): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  for (const [at, entry] of before.entries()) {
    const other = after[at];
    if (other === undefined || entry.manager !== other.manager || entry.operation !== other.operation) return false;
    if (entry.apiVersion !== other.apiVersion || entry.subresource !== other.subresource) return false;
    // Sets are shared: equal ones are the same.
    if (entry.fields !== other.fields || (withTimes && entry.time !== other.time)) return false;
  }
  return true;
}

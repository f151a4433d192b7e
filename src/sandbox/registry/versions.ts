/** Objects at the version a client reads. */
import type { Schema } from '../schema/schema.ts';
import { type Entry, entryFrom } from '../store/entry.ts';
import type { Store } from '../store/store.ts';

/** The entry as a client of `schema` reads it: itself, where the kind has one version. */
export function shownAt(store: Pick<Store, 'held'>, schema: Schema, entry: Entry): Entry {
  if (entry.apiVersion === schema.apiVersion) return entry;
  const held = store.held(entry);
  return entryFrom({ ...held, object: schema.family.convert(held.object, schema.apiVersion) }, entry.revision);
}

/** Two values as one, as Helm and KubeVela lay values over values. */
import { isObject, type Json, type JsonObject } from './value.ts';

/** Objects field by field; anything else, null and lists too, takes the place of what was there. */
export function deepMerge(base: Json, patch: Json): Json {
  if (!isObject(base) || !isObject(patch)) return patch;
  const fields = new Map<string, Json>(Object.entries(base));
  for (const [field, part] of Object.entries(patch)) {
    const met = fields.get(field);
    fields.set(field, met === undefined ? part : deepMerge(met, part));
  }
  return Object.fromEntries(fields) satisfies JsonObject;
}

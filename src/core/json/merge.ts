/** JSON Merge Patch: a patch that looks like the value it changes. */
import { isObject, type Json, type JsonObject } from './value.ts';

/**
 * Merges `patch` into `target`: objects field by field, null removes, anything else replaces.
 *
 * Shape: pure; the parts that the patch does not reach are the target's own. Source: RFC 7386.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const fields = new Map<string, Json>(isObject(target) ? Object.entries(target) : []);
  for (const [field, part] of Object.entries(patch)) {
    if (part === null) fields.delete(field);
    else fields.set(field, mergePatch(fields.get(field), part));
  }
  return Object.fromEntries(fields) satisfies JsonObject;
}

/** Any JSON value, deeply read-only. */

/** A `bigint` stands for an integer that a double cannot hold; Kubernetes reads and writes int64. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [field: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The field of an object, or undefined when `value` is no object or lacks it. Never looks at prototypes. */
export function fieldOf(value: Json | undefined, field: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

/** The value at a path of fields, or undefined where the path ends early. */
export function at(value: Json | undefined, ...fields: readonly string[]): Json | undefined {
  let here = value;
  for (const field of fields) here = fieldOf(here, field);
  return here;
}

export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;

/** Copies `object` with some fields set; a field given as undefined is left out. Keeps `__proto__` a plain field. */
export function withFields(object: JsonObject, fields: { readonly [field: string]: Json | undefined }): JsonObject {
  const entries = new Map<string, Json>(Object.entries(object));
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) entries.delete(field);
    else entries.set(field, value);
  }
  return Object.fromEntries(entries);
}

/** The few words in which defaults are written. */
import { isObject, type JsonObject } from '../../../core/json/value.ts';

/** Fills the defaults of one struct; gives the same value when there is nothing to fill. */
export type Fill = (value: JsonObject) => JsonObject;

/** Fills by name of the type, as OpenAPI documents have it. */
export type Fills = Readonly<Record<string, Fill>>;

/** Sets the fields that are absent. */
export function withDefaults(value: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults).filter(([name]) => !Object.hasOwn(value, name));
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

export const defaulting =
  (defaults: JsonObject): Fill =>
  (value) =>
    withDefaults(value, defaults);

/** Changes one field that is there and is an object. */
export function within(value: JsonObject, field: string, change: Fill): JsonObject {
  const inner = Object.hasOwn(value, field) ? value[field] : undefined;
  if (!isObject(inner)) return value;
  const changed = change(inner);
  return changed === inner ? value : { ...value, [field]: changed };
}

/** Changes the items of a list of objects, where it is there. */
export function withinEach(value: JsonObject, field: string, change: Fill): JsonObject {
  const items = Object.hasOwn(value, field) ? value[field] : undefined;
  if (!Array.isArray(items)) return value;
  const changed = items.map((item) => (isObject(item) ? change(item) : item));
  return changed.every((item, at) => item === items[at]) ? value : { ...value, [field]: changed };
}

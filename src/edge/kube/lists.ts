/** Lists in JSON from outside: what is not as it should be is left out. */
import { fieldOf, isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';

/** The objects in a field that should be a list of them. */
export function listOf(value: Json, field: string): readonly JsonObject[] {
  const list = fieldOf(value, field);
  return isArray(list) ? list.filter(isObject) : [];
}

export const textsOf = (value: Json | undefined): readonly string[] =>
  isArray(value) ? value.filter((text) => typeof text === 'string') : [];

/** Which of a type's choices a value takes: scalar, list or map. */
import { isArray, type Json, type JsonObject } from '../../core/json/value.ts';
import type { Type } from '../schema/type.ts';

export type Choice = 'scalar' | 'list' | 'map';

/**
 * The choice by which a value is walked.
 *
 * Shape: a value of a kind that the type does not allow, and null, take the type's first choice in the order map,
 * scalar, list.
 */
export function choiceOf(type: Type, value: Json | undefined): Choice {
  if (value !== undefined && value !== null) {
    if (typeof value !== 'object') {
      if (type.scalar !== undefined) return 'scalar';
    } else if (isArray(value)) {
      if (type.list !== undefined) return 'list';
    } else if (type.map !== undefined) return 'map';
  }
  return firstChoice(type);
}

export const firstChoice = (type: Type): Choice =>
  type.map !== undefined ? 'map' : type.scalar !== undefined ? 'scalar' : 'list';

/** Does the value itself say which choice it takes? A null, or a value out of place, leaves it open. */
export function isDecided(type: Type, value: Json): boolean {
  if (value === null) return false;
  if (typeof value !== 'object') return type.scalar !== undefined;
  return isArray(value) ? type.list !== undefined : type.map !== undefined;
}

/** A list without items, for what is no list. */
export const itemsOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : noItems);
const noItems: readonly Json[] = [];

/** A map without fields, for what is no map. */
export const fieldsOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !isArray(value) ? value : noFields;
const noFields: JsonObject = {};

export function isEmptyObject(object: JsonObject): boolean {
  // No for-in here: it would look at prototypes.
  return Object.keys(object).length === 0;
}

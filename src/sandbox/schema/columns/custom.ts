/** The columns and rows of custom kinds: what their definition says, or the age. */
import { canonical } from '../../../core/json/digest.ts';
import { isArray, isObject, type Json, type JsonObject, numberOf } from '../../../core/json/value.ts';
import type { CustomColumn } from '../schema.ts';
import { nameOf, sinceText } from './cell-text.ts';
import { firstAt } from './json-path.ts';

export function customCells(object: JsonObject, columns: readonly CustomColumn[], nowMs: number): readonly Json[] {
  return [nameOf(object), ...columns.map((column) => cellOf(firstAt(object, column.jsonPath), column.type, nowMs))];
}

function cellOf(value: Json | undefined, type: string, nowMs: number): Json {
  if (value === undefined) return null;
  switch (type) {
    case 'string':
      return value === null ? '<no value>' : textOfAny(value);
    case 'integer':
      return wholeOf(value);
    case 'number':
      return numberOf(value) ?? null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? dateText(value, nowMs) : null;
    default:
      return null;
  }
}

function wholeOf(value: Json): Json {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' ? Math.trunc(value) : null;
}

function dateText(value: string, nowMs: number): string {
  return Number.isNaN(Date.parse(value)) ? '<invalid>' : sinceText(value, nowMs);
}

function textOfAny(value: Json): string {
  if (!isObject(value) && !isArray(value)) return String(value);
  // The server writes JSON that may stand in HTML.
  return canonical(value).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

/** Values to YAML text, as `kubectl get -o yaml` prints it. */
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { formatFloat64 } from './float.ts';
import { quote } from './quote.ts';

/**
 * Writes one document: block style, indented by two, a list's dashes below its key.
 *
 * Shape: fields in the order of the object; ends in a line end; reading it gives an equal value. A bigint keeps its digits.
 * As kubectl, but that a long line is not broken and that fields are not sorted.
 */
export function formatYaml(value: Json): string {
  return `${textOf(value, 0)}\n`;
}

/** Writes documents with `---` between them; nothing at all for none. */
export function formatYamlDocuments(values: readonly Json[]): string {
  return values.map(formatYaml).join('---\n');
}

/** Behind this many bytes kubectl writes a key with `?`. */
const keyBytesMax = 128;

/** The text of a value whose first line is indented already, and whose further lines stand at `column`. */
function textOf(value: Json, column: number): string {
  if (isArray(value)) return value.length === 0 ? '[]' : linesOfList(value, column);
  if (isObject(value)) return Object.keys(value).length === 0 ? '{}' : linesOfMap(value, column);
  return scalarOf(value, column);
}

function scalarOf(value: null | boolean | number | bigint | string, column: number): string {
  if (typeof value === 'string') return quote(value, 'value', column);
  return typeof value === 'number' ? numberOf(value) : String(value);
}

/** Integers of 64 bits are written in full, all other numbers as floats. */
function numberOf(value: number): string {
  const isWhole = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64;
  return isWhole ? String(value) : formatFloat64(value);
}

function linesOfList(items: readonly Json[], column: number): string {
  return items.map((item) => `- ${textOf(item, column + 2)}`).join(`\n${' '.repeat(column)}`);
}

function linesOfMap(object: JsonObject, column: number): string {
  return Object.entries(object)
    .map(([name, value]) => entryOf(name, value, column))
    .join(`\n${' '.repeat(column)}`);
}

function entryOf(name: string, value: Json, column: number): string {
  const pad = ' '.repeat(column);
  if (name.includes('\n') || new TextEncoder().encode(name).length > keyBytesMax)
    return `? ${quote(name, 'value', column + 2)}\n${pad}: ${textOf(value, column + 2)}`;
  const key = quote(name, 'key', column);
  if (isArray(value) && value.length > 0) return `${key}:\n${pad}${linesOfList(value, column)}`;
  if (isObject(value) && Object.keys(value).length > 0) return `${key}:\n${pad}  ${linesOfMap(value, column + 2)}`;
  return `${key}: ${textOf(value, column + 2)}`;
}

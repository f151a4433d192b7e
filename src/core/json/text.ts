/** JSON text to values and back, with every digit of an integer kept. */
import type { Json } from './value.ts';

// Only texts with a run of 16 digits can hold an integer above 2^53; all others take the fast road.
const longDigits = /[0-9]{16}/;

/**
 * Parses JSON text.
 *
 * Shape: integers beyond 2^53 become bigint, all other numbers double; `__proto__` is a field like any other.
 * Errors: SyntaxError, as JSON.parse.
 */
export function parseJson(text: string): Json {
  if (!longDigits.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, (_field, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
    return /^-?[0-9]+$/.test(context.source) ? BigInt(context.source) : value;
  }) as Json;
}

type RawJson = typeof JSON & { readonly rawJSON: (text: string) => unknown };

/** Writes JSON text, integers with all their digits. `indent` is in spaces; 0 writes one line. */
export function formatJson(value: Json, indent = 0): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch {
    return formatExactly(value, indent);
  }
}

// A replacer makes JSON.stringify several times slower, so only values that hold a bigint, which it refuses, pay for one.
function formatExactly(value: Json, indent: number): string {
  const replacer = (_field: string, part: unknown): unknown =>
    typeof part === 'bigint' ? (JSON as RawJson).rawJSON(String(part)) : part;
  return JSON.stringify(value, replacer, indent);
}

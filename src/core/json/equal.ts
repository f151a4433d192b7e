/** Deep equality of JSON values. */
import { isArray, isObject, type Json } from './value.ts';

/**
 * Do both stand for the same JSON? The order of fields does not matter; an absent value equals only an absent one.
 *
 * Shape: true exactly when `canonical` of both is the same text. So 1 equals 1n, 1.0 and 1e0, and -0 equals 0; a double
 * beyond 2^53 equals the integer that its own text names.
 */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (isObject(a)) return isObject(b) && haveEqualFields(a, b);
  // Only a pair of a double and a bigint can be two values with one text. Comparing with == would be wrong here: it takes
  // the double 18446744073709552000 for 2^64, the number it holds, and not for the one it is written as.
  if (typeof a === 'bigint') return typeof b === 'number' && String(a) === String(b);
  return typeof a === 'number' && typeof b === 'bigint' && String(a) === String(b);
}

function haveEqualFields(a: { readonly [field: string]: Json }, b: { readonly [field: string]: Json }): boolean {
  const fields = Object.keys(a);
  if (fields.length !== Object.keys(b).length) return false;
  return fields.every((field) => Object.hasOwn(b, field) && equal(a[field], b[field]));
}

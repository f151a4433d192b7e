/** Documents that say what they are in no way that can be read: a slip there must not make what they declared disappear. */
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { originAt, type Placed } from './placed.ts';

const fields = [
  ['apiVersion', 'A1301'],
  ['kind', 'A1302'],
] as const;

/** Shape: what is wrong with a document that gives both an `apiVersion` and a `kind`; nothing for files of other tools. */
export function unsaidType(placed: Placed): readonly Diagnostic[] {
  const { value } = placed.document;
  if (!fields.every(([field]) => Object.hasOwn(value, field))) return [];
  return fields
    .filter(([field]) => typeof value[field] !== 'string')
    .map(([field, code]) => ({
      code,
      severity: 'error',
      origin: originAt(placed, [field]),
      message: `\`${field}\` must be a string, not ${described(value[field])}`,
      hint: 'until it is known what this document is, nothing of its repository is removed',
    }));
}

function described(value: Json | undefined): string {
  if (isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}

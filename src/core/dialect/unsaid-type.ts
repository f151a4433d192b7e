/** Documents that say what they are in no way that can be read: a slip there must not make what they declared disappear. */
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import { slipOfObject } from './misspelt.ts';
import { originAt, type Placed } from './placed.ts';

const fields = [
  ['apiVersion', 'A1301'],
  ['kind', 'A1302'],
] as const;

const hint = 'until it is known what this document is, nothing of its repository is removed';

/**
 * Shape: what is wrong with a document that gives both an `apiVersion` and a `kind`, though one of them with a slip in its name;
 * nothing for files of other tools.
 */
export function unsaidType(placed: Placed): readonly Diagnostic[] {
  const { value } = placed.document;
  const given = fields.filter(([field]) => Object.hasOwn(value, field));
  const slip = given.length === 0 ? undefined : slipOfObject(value);
  if (slip !== undefined) return [slipped(slip, placed)];
  if (given.length < fields.length) return [];
  return fields
    .filter(([field]) => typeof value[field] !== 'string')
    .map(([field, code]) => ({
      code,
      severity: 'error',
      origin: originAt(placed, [field]),
      message: `\`${field}\` must be a string, not ${described(value[field])}`,
      hint,
    }));
}

function slipped({ path, meant }: NonNullable<ReturnType<typeof slipOfObject>>, placed: Placed): Diagnostic {
  const message = `unknown field ${excerpt(String(path.at(-1)))}: did you mean \`${meant}\`?`;
  return { code: 'A1101', severity: 'error', origin: originAt(placed, path), message, hint };
}

function described(value: Json | undefined): string {
  if (isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}

/** Fields that a schema does not know, for dialects whose old system let them pass: said, and not acted on. */
import type { z } from 'zod';
import { isArray, isObject, type Json } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import type { Path } from '../model/locate.ts';
import { fieldText } from './native/read.ts';
import { fieldsAt, isOpenAt } from './native/shape.ts';
import { fieldHint } from './nearest.ts';
import { originAt, type Placed } from './placed.ts';

/** Of one document; each costs a walk through it. */
const fieldsMax = 20;

/** Shape: one warning for each, in the order written. Values whose schema names no fields are not looked into. */
export function unknownFields(code: Diagnostic['code'], schema: z.ZodType, placed: Placed): readonly Diagnostic[] {
  return [...unknownIn(placed.document.value, schema, [])].slice(0, fieldsMax).map(({ path, key, known }) => {
    const where = path.length === 0 ? '' : ` in ${fieldText(path)}`;
    return {
      code,
      severity: 'warning',
      origin: originAt(placed, [...path, key]),
      message: `unknown field ${excerpt(key)}${where}: it does nothing`,
      ...fieldHint(key, known),
    };
  });
}

type Unknown = { readonly path: Path; readonly key: string; readonly known: readonly string[] };

function* unknownIn(value: Json, schema: z.ZodType, path: Path): Generator<Unknown> {
  if (isArray(value)) {
    for (const [index, part] of value.entries()) yield* unknownIn(part, schema, [...path, index]);
    return;
  }
  if (!isObject(value)) return;
  const known = fieldsAt(schema, path);
  const isOpen = isOpenAt(schema, path);
  for (const [key, part] of Object.entries(value)) {
    if (known.includes(key)) yield* unknownIn(part, schema, [...path, key]);
    else if (!isOpen) yield { path, key, known };
  }
}

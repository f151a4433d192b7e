/** The properties of a component or trait against what its template knew. */
import type { z } from 'zod';
import { isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Path } from '../../model/locate.ts';
import { meantBy } from '../misspelt.ts';
import { readWritten } from '../native/read.ts';
import { fieldsAt } from '../native/shape.ts';
import { nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';

/** Shape: undefined with at least one error. What the template did not know it ignored, so that is a warning, unless it is a slip. */
export function readProperties<Schema extends z.ZodObject>(
  schema: Schema,
  properties: JsonObject,
  placed: Placed,
  path: Path,
): Findings<z.output<Schema> | undefined> {
  const { value, diagnostics } = readPart(schema, properties, placed, path);
  return { value, diagnostics: [...diagnostics, ...unknownProperties(schema, properties, placed, path)] };
}

/** The same for what is no object with named fields. */
export const readPart = <Schema extends z.ZodType>(
  schema: Schema,
  value: Json,
  placed: Placed,
  path: Path,
): Findings<z.output<Schema> | undefined> =>
  readWritten(schema, {
    value,
    called: '`properties`',
    originAt: (inside) => originAt(placed, [...path, ...inside]),
  });

function unknownProperties(
  schema: z.ZodObject,
  properties: JsonObject,
  placed: Placed,
  path: Path,
): readonly Diagnostic[] {
  if (!isObject(properties)) return [];
  const known = fieldsAt(schema, []);
  return Object.keys(properties)
    .filter((key) => !known.includes(key) && meantBy(key, properties, known) === undefined)
    .map((key): Diagnostic => {
      const guess = nearest(key, known);
      return {
        code: 'A1620',
        severity: 'warning',
        origin: originAt(placed, [...path, key]),
        message: `unknown property ${excerpt(key)}: it does nothing`,
        hint: guess === undefined ? `its properties are ${known.join(', ')}` : `did you mean \`${guess}\`?`,
      };
    });
}

/** What components, traits and policies say of themselves: read with the places where it was written. */
import type { z } from 'zod';
import { valueAt } from '../../json/pointer.ts';
import { withoutPointers } from '../../json/remove.ts';
import { isObject, type Json } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Path } from '../../model/locate.ts';
import { readWritten, slipsIn, type Written } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';

/** A part of a document. */
export const writtenAt = (placed: Placed, path: Path, called: string): Written => ({
  value: valueAt(placed.document.value, path.map(String)) ?? {},
  called,
  originAt: (inside) => originAt(placed, [...path, ...inside]),
});

/** What was merged from two places: where the newer one wrote it, else where the older one did. */
export const mergedFrom = (older: Written, newer: Written, value: Json): Written => ({
  value,
  called: older.called,
  originAt: (path) =>
    path.length > 0 && valueAt(newer.value, path.map(String)) !== undefined
      ? newer.originAt(path)
      : older.originAt(path),
});

/** Levels at which fields may be unknown; a union tells of the inner ones only once the outer are gone. */
const roundsMax = 4;

/**
 * As KubeVela reads parameters: what a definition does not know says nothing, and is told. Only a slip of a parameter that is
 * missing is an error, since what it meant to say would be lost.
 *
 * Shape: undefined with at least one error.
 */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  written: Written,
): Findings<z.output<Schema> | undefined> {
  const slips = slipsIn(schema, written, true);
  if (slips.length > 0) {
    const others = readWritten(schema, written).diagnostics.filter(({ code }) => code !== 'A1101');
    return { value: undefined, diagnostics: [...slips, ...others] };
  }
  const warnings: Diagnostic[] = [];
  let { value } = written;
  for (let round = 0; round < roundsMax; round++) {
    const result = schema.safeParse(value);
    if (result.success) return { value: result.data, diagnostics: warnings };
    const unknown = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path.map(pathStep), key]) : [],
    );
    if (unknown.length === 0) break;
    warnings.push(...unknown.map((path) => unknownParameter(path, schema, written)));
    value = withoutPointers(
      value,
      unknown.map((path) => path.map(String)),
    );
  }
  const { diagnostics } = readWritten(schema, { ...written, value });
  return { value: undefined, diagnostics: [...warnings, ...diagnostics] };
}

const pathStep = (step: PropertyKey): string | number => (typeof step === 'number' ? step : String(step));

function unknownParameter(path: Path, schema: z.ZodType, { called, originAt: where }: Written): Diagnostic {
  const name = String(path.at(-1));
  const known = path.length === 1 ? fieldsOf(schema) : [];
  const guess = nearest(name, known);
  return {
    code: 'A1514',
    severity: 'warning',
    origin: where(path),
    message: `${called} do not know ${excerpt(path.join('.'))}, so it says nothing`,
    ...(guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` }),
  };
}

function fieldsOf(schema: z.ZodType): readonly string[] {
  const shape = (schema as { readonly shape?: unknown }).shape;
  return isObject(shape) ? Object.keys(shape) : [];
}

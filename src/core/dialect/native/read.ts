/** One native document against its schema: the value, or a diagnostic for each thing that is wrong, at its place. */
import type { z } from 'zod';
import { type Json, textOf } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { locate, type Path } from '../../model/locate.ts';
import type { Document, Origin } from '../../model/source.ts';
import { nearest } from '../nearest.ts';
import type { Placed } from '../placed.ts';

/** Shape: undefined with at least one error, or a value with none. */
export function readNative<Schema extends z.ZodType>(
  schema: Schema,
  placed: Placed,
): Findings<z.output<Schema> | undefined> {
  const result = schema.safeParse(placed.document.value);
  if (result.success) return { value: result.data, diagnostics: [] };
  return {
    value: undefined,
    diagnostics: result.error.issues.flatMap((issue) => diagnosticsOf(issue, schema, placed)),
  };
}

type Issue = z.core.$ZodIssue;

function diagnosticsOf(issue: Issue, schema: z.ZodType, placed: Placed): readonly Diagnostic[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(key, path, schema, placed));
  }
  const found = valueAt(placed.document, path);
  const isMissing = found === undefined && issue.code !== 'custom';
  const field = path.join('.');
  const message = isMissing
    ? `${field} is missing`
    : `${field === '' ? 'this document' : field}: ${messageOf(issue, found)}`;
  return [{ code: isMissing ? 'A1103' : 'A1102', severity: 'error', origin: originAt(placed, path), message }];
}

function unknownField(key: string, path: Path, schema: z.ZodType, placed: Placed): Diagnostic {
  const origin = originAt(placed, [...path, key]);
  const guess = nearest(key, fieldsAt(schema, path));
  const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
  const diagnostic: Diagnostic = {
    code: 'A1101',
    severity: 'error',
    origin,
    message: `unknown field ${JSON.stringify(key)}${where}`,
  };
  return guess === undefined ? diagnostic : { ...diagnostic, hint: `did you mean \`${guess}\`?` };
}

function messageOf(issue: Issue, found: Json | undefined): string {
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}, not ${describe(found)}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, not ${describe(found)}`;
  if (issue.code === 'invalid_union') return issue.errors.flat()[0]?.message ?? issue.message;
  return issue.message;
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function describe(found: Json | undefined): string {
  const text = textOf(found);
  if (text !== undefined) return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (Array.isArray(found)) return 'a list';
  return typeof found === 'object' && found !== null ? 'an object' : String(found);
}

const pathOf = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)));

function valueAt(document: Document, path: Path): Json | undefined {
  let here: Json | undefined = document.value;
  for (const step of path) {
    if (Array.isArray(here)) here = (here as readonly Json[])[Number(step)];
    else if (typeof here === 'object' && here !== null && Object.hasOwn(here, step))
      here = (here as { readonly [field: string]: Json })[step];
    else return undefined;
  }
  return here;
}

export function originAt(placed: Placed, path: Path): Origin {
  return { repository: placed.origin.repository, path: placed.origin.path, ...locate(placed.document, path) };
}

/** The names a schema knows at a path, to guess what was meant. */
function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  let here: unknown = schema;
  for (const step of path) here = inner(here, step);
  const shape = definition(unwrap(here))?.shape;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

type Definition = { readonly [field: string]: unknown };

function definition(schema: unknown): Definition | undefined {
  const internals = (schema as { readonly _zod?: { readonly def?: Definition } } | undefined)?._zod;
  return internals?.def;
}

/** Through defaults, optionals and pipes to the schema they wrap. */
function unwrap(schema: unknown): unknown {
  const def = definition(schema);
  const wrapped = def?.innerType ?? def?.in;
  return wrapped === undefined ? schema : unwrap(wrapped);
}

function inner(schema: unknown, step: string | number): unknown {
  const def = definition(unwrap(schema));
  if (typeof step === 'number') return def?.element;
  const shape = def?.shape;
  return typeof shape === 'object' && shape !== null ? (shape as Definition)[step] : undefined;
}

/** One native document against its schema: the value, or a diagnostic for each thing that is wrong, at its place. */
import type { z } from 'zod';
import { valueAt } from '../../json/pointer.ts';
import { isArray, isObject, type Json, textOf } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { unknownFieldsIn } from '../misspelt.ts';
import { fieldHint, nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';
import { fieldsAt } from './shape.ts';

/** Of one document; each costs a walk through it, and nobody reads more. */
const problemsMax = 20;

/** Shape: undefined with at least one error, or a value with none. */
export const readNative = <Schema extends z.ZodType>(
  schema: Schema,
  placed: Placed,
): Findings<z.output<Schema> | undefined> =>
  readWritten(schema, {
    value: placed.document.value,
    called: 'this document',
    originAt: (path) => originAt(placed, path),
  });

/** A value as somebody wrote it: a document, or a part of one. */
export type Written = {
  readonly value: Json;
  /** As a message calls it. */
  readonly called: string;
  readonly originAt: (path: Path) => Origin;
};

/** The same for any value. */
export function readWritten<Schema extends z.ZodType>(
  schema: Schema,
  written: Written,
): Findings<z.output<Schema> | undefined> {
  const result = schema.safeParse(written.value);
  const slips = slipsIn(schema, written, false);
  if (result.success)
    return slips.length === 0 ? { value: result.data, diagnostics: [] } : { value: undefined, diagnostics: slips };
  const { issues } = result.error;
  const told = [...slips, ...issues.slice(0, problemsMax).flatMap((issue) => diagnosticsOf(issue, schema, written))];
  const next = issues[problemsMax];
  if (next === undefined) return { value: undefined, diagnostics: told };
  const origin = written.originAt(pathOf(next.path));
  const message = `${written.called} has ${issues.length - problemsMax} more problems from here on`;
  return { value: undefined, diagnostics: [...told, { code: 'A1108', severity: 'error', origin, message }] };
}

/**
 * An error for each field that is a slip of another: to drop it would unsay what its author wrote.
 *
 * Shape: `isAll`: also of those that the schema itself refuses.
 */
export function slipsIn(schema: z.ZodType, written: Written, isAll: boolean): readonly Diagnostic[] {
  return [...unknownFieldsIn(written.value, schema)]
    .flatMap(({ key, path, meant, others }) =>
      meant === undefined || (others === 'refused' && !isAll)
        ? []
        : [unknownField(key, path, { hint: `did you mean \`${meant}\`?` }, written)],
    )
    .slice(0, problemsMax);
}

type Issue = z.core.$ZodIssue;

function diagnosticsOf(issue: Issue, schema: z.ZodType, written: Written): readonly Diagnostic[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, problemsMax)
      .map((key) => unknownField(key, path, fieldHint(key, fieldsAt(schema, path)), written));
  const found = valueAt(written.value, path.map(String));
  const isMissing = found === undefined && issue.code !== 'custom';
  const where = path.length === 0 ? written.called : fieldText(path);
  const message = isMissing ? `${where} is missing` : `${where}${said(messageOf(issue, found))}`;
  return [
    {
      code: isMissing ? 'A1103' : 'A1102',
      severity: 'error',
      origin: written.originAt(path),
      message,
      ...hintFor(issue, found),
    },
  ];
}

/** `spec.soak must be …`, but `spec.stages[0]: give one of …`. */
const said = (message: string): string => (message.startsWith('must ') ? ` ${message}` : `: ${message}`);

function unknownField(key: string, path: Path, hint: Pick<Diagnostic, 'hint'>, written: Written): Diagnostic {
  const where = path.length === 0 ? '' : ` in ${fieldText(path)}`;
  return {
    code: 'A1101',
    severity: 'error',
    origin: written.originAt([...path, key]),
    message: `unknown field ${excerpt(key)}${where}`,
    ...hint,
  };
}

function messageOf(issue: Issue, found: Json | undefined): string {
  const isOurs = issue.message.startsWith('must ') || issue.code === 'custom';
  switch (issue.code) {
    case 'invalid_type':
      return `${isOurs ? issue.message : `must be ${article(typeNames[issue.expected] ?? issue.expected)}`}, not ${describe(found)}`;
    case 'invalid_value':
      return `must be ${choice(issue.values)}, not ${describe(found)}`;
    case 'invalid_union':
    case 'invalid_format':
      return isOurs ? `${issue.message}, not ${describe(found)}` : issue.message;
    default:
      return issue.message;
  }
}

const choice = (values: readonly unknown[]): string =>
  `${values.length > 1 ? 'one of ' : ''}${values.map((value) => JSON.stringify(value)).join(', ')}`;

/** As YAML's and JSON's readers call them. */
const typeNames: Readonly<Record<string, string>> = { array: 'list', record: 'object', int: 'whole number' };

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function describe(found: Json | undefined): string {
  const text = textOf(found);
  if (text !== undefined) return excerpt(text);
  if (isArray(found)) return 'a list';
  return isObject(found) ? 'an object' : String(found);
}

/** The slips that are easily made: another case, no quotes, no value. */
function hintFor(issue: Issue, found: Json | undefined): { readonly hint?: string } {
  if (issue.code === 'invalid_value') {
    const known = issue.values.filter((value) => typeof value === 'string');
    const guess = nearest(textOf(found) ?? '', known);
    return guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
  }
  if (issue.code !== 'invalid_type' || issue.message.startsWith('must ')) return {};
  if (found === null) return { hint: 'give it a value, or take the line out' };
  const isScalar = typeof found === 'number' || typeof found === 'bigint' || typeof found === 'boolean';
  return issue.expected === 'string' && isScalar ? { hint: 'put it in quotes' } : {};
}

const pathOf = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)));

/** `spec.stages[0].soak` */
export const fieldText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

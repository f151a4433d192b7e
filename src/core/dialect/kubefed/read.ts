/**
 * One KubeFed document against its schema. Fields that are not known are dropped, as KubeFed's own API server did, and told;
 * but not what is a slip of a field that is missing.
 */
import type { z } from 'zod';
import { withoutPointers } from '../../json/remove.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { isError } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import { readNative, slipsIn } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';

/** Shape: undefined with at least one error, or a value and perhaps warnings. */
export function readManifest<Schema extends z.ZodType>(
  schema: Schema,
  placed: Placed,
): Findings<z.output<Schema> | undefined> {
  const strict = readNative(schema, placed);
  if (strict.value !== undefined) return strict;
  const written = { value: placed.document.value, called: '', originAt: (path: Path) => originAt(placed, path) };
  const slips = new Set(slipsIn(schema, written, true).map(placeOf));
  const diagnostics = strict.diagnostics.map((each): Diagnostic => {
    if (each.code !== 'A1101' || slips.has(placeOf(each))) return each;
    return { ...each, code: 'A1550', severity: 'warning' };
  });
  if (diagnostics.some(isError)) return { value: undefined, diagnostics };
  const { value } = placed.document;
  const unknown = (schema.safeParse(value).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path.map(String), key]) : [],
  );
  const read = schema.safeParse(withoutPointers(value, unknown));
  return { value: read.success ? read.data : undefined, diagnostics };
}

export const placeOf = ({ origin: { line, column } }: Diagnostic): string => `${line}:${column}`;

/** Problems of one document, each at its place. */
export type Problems = {
  readonly list: Diagnostic[];
  readonly error: (code: Diagnostic['code'], path: Path, message: string, hint?: string) => void;
  readonly warn: (code: Diagnostic['code'], path: Path, message: string, hint?: string) => void;
};

export function problemsIn(placed: Placed): Problems {
  const list: Diagnostic[] = [];
  const told =
    (severity: Diagnostic['severity']): Problems['error'] =>
    (code, path, message, hint) => {
      const origin = path.length === 0 ? placed.origin : originAt(placed, path);
      list.push({ code, severity, origin, message, ...(hint === undefined ? {} : { hint }) });
    };
  return { list, error: told('error'), warn: told('warning') };
}

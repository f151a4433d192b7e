/** Which fields a schema knows, to guess what an author meant. */
import type { z } from 'zod';
import type { Path } from '../../model/locate.ts';

/** The names that the schema of the value at a path takes; none where it is no object. */
export function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  const shape = definitionAt(schema, path)?.shape;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

/** May the value at a path have any other fields, too? */
export function isOpenAt(schema: z.ZodType, path: Path): boolean {
  const { shape, catchall } = definitionAt(schema, path) ?? {};
  return shape === undefined || (catchall !== undefined && definition(catchall)?.type !== 'never');
}

function definitionAt(schema: z.ZodType, path: Path): Definition | undefined {
  let here: unknown = schema;
  for (const step of path) here = inner(here, step);
  return definition(unwrap(here));
}

// The schemas' own description of themselves; zod has no typed way to walk it.
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
  if (typeof shape === 'object' && shape !== null) return (shape as Definition)[step];
  return def?.type === 'record' ? def.valueType : undefined;
}

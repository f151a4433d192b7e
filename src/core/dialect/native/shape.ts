/** Which fields a schema knows, to guess what an author meant. */
import type { z } from 'zod';
import type { Path } from '../../model/locate.ts';

/** The names that the schema of the value at a path takes; none where it is no object. */
export function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  const shape = definitionAt(schema, path)?.shape;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

/** What is known of one value. */
export type Shape = {
  readonly fields: readonly string[];
  /** What becomes of fields that are not among them. */
  readonly others: 'kept' | 'dropped' | 'refused';
  /** Undefined where nothing is known of a part. */
  readonly partAt: (step: string | number) => z.ZodType | undefined;
};

export function shapeOf(schema: z.ZodType): Shape {
  return {
    fields: fieldsAt(schema, []),
    others: othersOf(schema),
    partAt: (step) => inner(schema, step) as z.ZodType | undefined,
  };
}

function othersOf(schema: z.ZodType): Shape['others'] {
  const { shape, catchall } = definitionAt(schema, []) ?? {};
  if (shape === undefined) return 'kept';
  if (catchall === undefined) return 'dropped';
  return definition(catchall)?.type === 'never' ? 'refused' : 'kept';
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

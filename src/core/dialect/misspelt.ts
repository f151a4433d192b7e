/** A field that is not known, and is spelt almost as one that is and is missing: a slip, which must not unsay what was written. */
import type { z } from 'zod';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import type { Path } from '../model/locate.ts';
import { type Shape, shapeOf } from './native/shape.ts';
import { editDistance } from './nearest.ts';

export type UnknownField = {
  readonly path: Path;
  readonly key: string;
  readonly known: readonly string[];
  /** The known field that it is a slip of. */
  readonly meant: string | undefined;
  /** What becomes of it. */
  readonly others: Shape['others'];
};

/** Shape: in the order written. Values whose schema names no fields are not looked into. */
export function* unknownFieldsIn(value: Json, schema: z.ZodType, path: Path = []): Generator<UnknownField> {
  if (isArray(value)) yield* unknownInParts(value.entries(), shapeOf(schema), path);
  if (!isObject(value)) return;
  const shape = shapeOf(schema);
  const { fields: known, others } = shape;
  for (const key of known.length === 0 ? [] : Object.keys(value)) {
    if (known.includes(key)) continue;
    yield { path, key, known, meant: meantBy(key, value, known), others };
  }
  yield* unknownInParts(Object.entries(value), shape, path);
}

function* unknownInParts(
  parts: Iterable<readonly [string | number, Json]>,
  { partAt }: Shape,
  path: Path,
): Generator<UnknownField> {
  for (const [step, part] of parts) {
    const schema = typeof part === 'object' ? partAt(step) : undefined;
    if (schema !== undefined) yield* unknownFieldsIn(part, schema, [...path, step]);
  }
}

/** Shape: the known field of `object` that `key` is a slip of; undefined where it resembles none, or only those that are there. */
export function meantBy(key: string, object: object, known: readonly string[]): string | undefined {
  if (known.includes(key)) return undefined;
  const missing = known.filter((field) => !Object.hasOwn(object, field));
  return missing.find((field) => plain(field) === plain(key)) ?? missing.find((field) => isSlip(key, field));
}

const plain = (word: string): string => word.replaceAll(/[-_]/g, '').toLowerCase();

/** Short words are near to each other without being meant for each other. */
function isSlip(key: string, field: string): boolean {
  const length = Math.max(key.length, field.length);
  const limit = length > 8 ? 2 : 1;
  if (length < 4 || Math.abs(key.length - field.length) > limit) return false;
  return editDistance(key.toLowerCase(), field.toLowerCase()) <= limit;
}

/** Of what every object of the API has: the first slip. */
export function slipOfObject(value: JsonObject): { readonly path: Path; readonly meant: string } | undefined {
  return slipAt(value, [], ['apiVersion', 'kind', 'metadata']) ?? slipAt(value.metadata, ['metadata'], named);
}

const named = ['name', 'namespace', 'labels', 'annotations'];

function slipAt(value: Json | undefined, path: Path, known: readonly string[]): ReturnType<typeof slipOfObject> {
  for (const key of isObject(value) ? Object.keys(value) : []) {
    const meant = isObject(value) ? meantBy(key, value, known) : undefined;
    if (meant !== undefined) return { path: [...path, key], meant };
  }
  return undefined;
}

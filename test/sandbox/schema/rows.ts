/** The row of an object of a built-in kind, by the names of its columns. */
import { isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { columnsOf, rowOf } from '../../../src/sandbox/schema/columns.ts';

export const born = '2026-01-01T00:00:00Z';
export const nowMs = Date.parse('2026-01-01T01:00:00Z');

export function rowFor(apiVersion: string, kind: string, more: JsonObject): Readonly<Record<string, Json>> {
  const schema = builtinSchema(apiVersion, kind)!;
  const { metadata, ...rest } = more;
  const extra = isObject(metadata) ? metadata : {};
  const object: KubeObject = { apiVersion, kind, metadata: { name: 'it', creationTimestamp: born, ...extra }, ...rest };
  const cells = rowOf(schema, object, nowMs);
  return Object.fromEntries(columnsOf(schema).map(({ name }, at) => [name, cells[at] ?? null]));
}

/** OpenAPI's schemas of the built-in types, unpacked from the table that their types are read from. */
import type { Json, JsonObject } from '../../../core/json/value.ts';
import { type PackedField, type PackedType, packedTypes, unpackField } from '../distilled.ts';

const root = '#/components/schemas/';
export const refTo = (name: string): string => `${root}${name}`;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const rawExtension = 'io.k8s.apimachinery.pkg.runtime.RawExtension';
const anyJson = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON';

/** Types with a writing of their own. */
const leaves: Readonly<Record<string, JsonObject>> = {
  [quantity]: {
    description: 'A number with an optional suffix: 100m, 1.5, 2Gi.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  [intOrString]: {
    description: 'A number or a text, such as a port or its name.',
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  [`${meta}.Time`]: { type: 'string', format: 'date-time' },
  [`${meta}.MicroTime`]: { type: 'string', format: 'date-time' },
  [`${meta}.FieldsV1`]: { description: 'A set of fields.', type: 'object' },
  [rawExtension]: { description: 'An object of any kind.', type: 'object' },
  [anyJson]: { description: 'Any JSON value.' },
};

const letters: Readonly<Record<string, JsonObject>> = {
  s: { type: 'string' },
  B: { type: 'string', format: 'byte' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  q: { $ref: refTo(quantity) },
  t: { $ref: refTo(`${meta}.Time`) },
  m: { $ref: refTo(`${meta}.MicroTime`) },
  x: { $ref: refTo(intOrString) },
  f: { $ref: refTo(`${meta}.FieldsV1`) },
  r: { $ref: refTo(rawExtension) },
  j: { $ref: refTo(anyJson) },
};

// What an element of a list or map is when nothing is said of it.
const blanks: Readonly<Record<string, Json>> = { s: '', i: 0, l: 0, n: 0, b: false };

const rows = new Map(packedTypes.map((type) => [type.name, type]));

/** Names by `group/version/Kind`. */
export const componentNames: ReadonlyMap<string, string> = new Map(
  packedTypes.flatMap(({ name, kinds = [] }) => kinds.map((kind) => [kind, name] as const)),
);

/** Undefined: there is no such built-in type. */
export function component(name: string): JsonObject | undefined {
  const row = rows.get(name);
  return row === undefined ? leaves[name] : unpacked(row);
}

function unpacked(row: PackedType): JsonObject {
  const fields = Object.entries(row.fields ?? {});
  return {
    ...(row.text === undefined ? {} : { description: row.text }),
    type: 'object',
    ...(row.required === undefined ? {} : { required: row.required }),
    ...(row.fields === undefined
      ? {}
      : { properties: Object.fromEntries(fields.map(([name, field]) => [name, property(field, row.texts?.[name])])) }),
    ...(row.kinds === undefined ? {} : { 'x-kubernetes-group-version-kind': row.kinds.map(kindOf) }),
    ...(row.isAtomic === true ? { 'x-kubernetes-map-type': 'atomic' } : {}),
  };
}

function kindOf(packed: string): JsonObject {
  const [group = '', version = '', kind = ''] = packed.split('/');
  return { group, version, kind };
}

function property(field: PackedField, text: string | undefined): JsonObject {
  const { code, notes } = unpackField(field);
  return withNotes(schemaOf(code), {
    ...(text === undefined ? {} : { description: text }),
    ...(notes.d === undefined ? {} : { default: notes.d }),
    ...(notes.e === undefined ? {} : { enum: notes.e }),
    ...(notes.p === undefined ? {} : { 'x-kubernetes-patch-strategy': notes.p }),
    ...(notes.k === undefined ? {} : { 'x-kubernetes-patch-merge-key': notes.k }),
  });
}

// Nothing may stand beside a reference, so it moves into an allOf.
function withNotes(schema: JsonObject, notes: JsonObject): JsonObject {
  const { $ref, ...rest } = schema;
  return $ref === undefined ? { ...schema, ...notes } : { allOf: [{ $ref }], ...rest, ...notes };
}

function schemaOf(code: string): JsonObject {
  const rest = code.slice(1);
  switch (code.charAt(0)) {
    case '#':
      return { $ref: refTo(packedTypes[Number(rest)]?.name ?? '') };
    case '~':
      return withNotes(schemaOf(rest), { 'x-kubernetes-map-type': 'atomic' });
    case '[':
      return { type: 'array', items: elementOf(rest), 'x-kubernetes-list-type': 'atomic' };
    case '(':
      return { type: 'array', items: elementOf(rest) };
    case '<':
      return listOf(rest);
    case '{':
      return rest.startsWith('!')
        ? { type: 'object', additionalProperties: elementOf(rest.slice(1)), 'x-kubernetes-map-type': 'atomic' }
        : { type: 'object', additionalProperties: elementOf(rest) };
    default:
      return letters[code] ?? {};
  }
}

function listOf(rest: string): JsonObject {
  const [keys = '', element = ''] = rest.split('>', 2);
  // Where only patches know how to merge, the list itself says nothing.
  if (element.startsWith('*')) return { type: 'array', items: elementOf(element.slice(1)) };
  const kind: JsonObject =
    keys === ''
      ? { 'x-kubernetes-list-type': 'set' }
      : { 'x-kubernetes-list-map-keys': keys.split(','), 'x-kubernetes-list-type': 'map' };
  return { type: 'array', items: elementOf(element), ...kind };
}

function elementOf(code: string): JsonObject {
  const isStruct = code.startsWith('#');
  const blank = isStruct ? {} : blanks[code];
  return blank === undefined ? schemaOf(code) : withNotes(schemaOf(code), { default: blank });
}

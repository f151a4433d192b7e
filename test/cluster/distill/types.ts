/** Packs the types of OpenAPI documents and the layout of the Go types behind them into one small table. */
import { goTypeOfCode } from '../../../src/sandbox/schema/go-type.ts';

/** A JSON schema as the API server publishes it. */
export type OpenSchema = {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly items?: OpenSchema;
  readonly additionalProperties?: OpenSchema;
  readonly properties?: Readonly<Record<string, OpenSchema>>;
  readonly allOf?: readonly OpenSchema[];
  readonly $ref?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
};

export type GroupVersionKind = { readonly group: string; readonly version: string; readonly kind: string };

/** `[JSON name, Go type, how it is omitted]`, and two more that OpenAPI tells too. */
export type Shapes = Readonly<Record<string, { readonly fields: readonly (readonly [string, string, string])[] }>>;

/** See `src/sandbox/schema/distilled.ts`, which reads this back. */
export type PackedType = {
  readonly name: string;
  readonly kinds?: readonly string[];
  readonly scalar?: string;
  readonly isAtomic?: true;
  readonly required?: readonly string[];
  readonly fields?: Readonly<Record<string, string | readonly [string, PackedNotes]>>;
  readonly text?: string;
  readonly texts?: Readonly<Record<string, string>>;
};
type PackedNotes = { d?: unknown; e?: readonly unknown[]; p?: string; k?: string; g?: string };

// Types with their own reading and writing, by name.
const leaves: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'm',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'f',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'r',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'j',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'j',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'j',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'j',
};
const scalars: Readonly<Record<string, string>> = {
  'string ': 's',
  'string byte': 'B',
  'integer int32': 'i',
  'integer int64': 'l',
  'number double': 'n',
  'boolean ': 'b',
};

/** Packs all types reachable from kinds; `texts` keeps the first sentence of each description of a top-level field. */
export function packTypes(schemas: ReadonlyMap<string, OpenSchema>, shapes: Shapes): readonly PackedType[] {
  const names = [...schemas.keys()].filter((name) => leaves[name] === undefined).sort();
  const order = new Map(names.map((name, at) => [name, at]));
  const told = toldTypes(schemas);

  const refOf = (schema: OpenSchema): string | undefined =>
    (schema.$ref ?? schema.allOf?.[0]?.$ref)?.slice('#/components/schemas/'.length);
  const codeOf = (schema: OpenSchema): string => {
    const ref = refOf(schema);
    if (ref !== undefined) {
      const leaf = leaves[ref] ?? `#${order.get(ref)}`;
      return schema['x-kubernetes-map-type'] === 'atomic' ? `~${leaf}` : leaf;
    }
    if (schema.type === 'array' && schema.items !== undefined) return `${listCode(schema)}${codeOf(schema.items)}`;
    if (schema.type === 'object' && schema.additionalProperties !== undefined)
      return `${schema['x-kubernetes-map-type'] === 'atomic' ? '{!' : '{'}${codeOf(schema.additionalProperties)}`;
    const code = scalars[`${schema.type} ${schema.format ?? ''}`];
    if (code === undefined) throw new Error(`no code for ${JSON.stringify(schema)}`);
    return code;
  };

  return names.map((name) => {
    const schema = schemas.get(name)!;
    const shape = new Map((shapes[name]?.fields ?? []).map((field) => [field[0], field]));
    const properties = Object.entries(schema.properties ?? {});
    const fields = properties.map(([field, property]) => {
      const layout = shape.get(field);
      if (layout === undefined) throw new Error(`${name} has no Go field ${field}`);
      const notes: PackedNotes = {};
      if (property.default !== undefined) notes.d = property.default;
      if (property.enum !== undefined) notes.e = property.enum;
      if (property['x-kubernetes-patch-strategy'] !== undefined) notes.p = property['x-kubernetes-patch-strategy'];
      if (property['x-kubernetes-patch-merge-key'] !== undefined) notes.k = property['x-kubernetes-patch-merge-key'];
      const type = codeOf(property);
      const goType = layout[1].replace(/^\*/, '').replace(/=\w+$/, '');
      if (goType !== goTypeOfCode(type, (row) => names[row]!)) notes.g = goType;
      const code = `${presenceOf(layout[1], layout[2])}${type}`;
      return [field, Object.keys(notes).length === 0 ? code : ([code, notes] as const)] as const;
    });
    const kinds = schema['x-kubernetes-group-version-kind']?.map((gvk) => `${gvk.group}/${gvk.version}/${gvk.kind}`);
    const texts = properties.flatMap(([field, property]) =>
      property.description === undefined ? [] : [[field, firstSentence(property.description)] as const],
    );
    return {
      name,
      ...(kinds === undefined ? {} : { kinds }),
      ...(schema.type === 'object' ? {} : { scalar: schema.type ?? '' }),
      ...(schema['x-kubernetes-map-type'] === 'atomic' ? { isAtomic: true as const } : {}),
      ...(schema.required === undefined ? {} : { required: schema.required }),
      ...(schema.properties === undefined ? {} : { fields: Object.fromEntries(fields) }),
      ...(told.has(name) ? { text: firstSentence(schema.description ?? ''), texts: Object.fromEntries(texts) } : {}),
    };
  });
}

// `&` pointer, always written (as null); `?` pointer, left out when nil; `!` always written; `0` a struct left out when
// zero; nothing: left out when empty.
function presenceOf(goType: string, omitted: string): string {
  const isPointer = goType.startsWith('*');
  if (omitted.includes('omitzero')) return '0';
  if (omitted === '') return isPointer ? '&' : '!';
  return isPointer ? '?' : '';
}

function listCode(schema: OpenSchema): string {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'map') return `<${schema['x-kubernetes-list-map-keys']!.join(',')}>`;
  if (listType === 'set') return '<>';
  if (listType === 'atomic') return '[';
  const strategy = schema['x-kubernetes-patch-strategy'];
  if (strategy !== 'merge' && strategy !== 'merge,retainKeys') return '(';
  return `<${schema['x-kubernetes-patch-merge-key'] ?? ''}>*`;
}

// Kinds, and what stands directly in their fields: where a person asks `kubectl explain` most.
function toldTypes(schemas: ReadonlyMap<string, OpenSchema>): ReadonlySet<string> {
  const kinds = [...schemas].filter(
    ([name, schema]) => schema['x-kubernetes-group-version-kind']?.length === 1 && !name.endsWith('List'),
  );
  const below = kinds.flatMap(([, schema]) =>
    Object.values(schema.properties ?? {}).flatMap((property) => property.allOf?.[0]?.$ref?.slice(21) ?? []),
  );
  const core = ['PodSpec', 'Container', 'PodTemplateSpec', 'ServicePort'].map((name) => `io.k8s.api.core.v1.${name}`);
  return new Set([...kinds.map(([name]) => name), ...below, ...core]);
}

function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0]!;
  const end = line.search(/(?<!\b(?:e\.g|i\.e|etc))\.(?=\s|$)/);
  return end === -1 ? line : line.slice(0, end + 1);
}

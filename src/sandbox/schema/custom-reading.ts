/** Reads an object of a custom kind as the API server does: unknown fields are pruned, defaults filled in. */
import { formatJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { typeNamed } from './distilled.ts';
import { type Reading, readObject } from './reading.ts';
import type { Structural } from './structural.ts';

/**
 * Reads a whole object.
 *
 * Shape: the very same parts where nothing had to change; `unknown` sorted, those of metadata first.
 */
export function readCustom(object: JsonObject, schema: Structural): Reading {
  const metadata = object.metadata;
  const read = metadata === undefined ? undefined : readMetadata(metadata);
  if (read?.kind === 'misfit') return read;
  const found: Found = { unknown: [], misfit: undefined };
  const pruned = pruneObject(object, { ...schema, isEmbedded: true }, '', found);
  if (found.misfit !== undefined) return { kind: 'misfit', message: found.misfit };
  const value = withDefaults(withoutNulls(pruned, schema), schema);
  if (!isObject(value)) return { kind: 'misfit', message: 'json: cannot unmarshal into an object' };
  const paths = [...(read?.unknown ?? []).map((path) => `metadata.${path}`), ...found.unknown.toSorted()];
  if (read === undefined || read.value === value.metadata) return { kind: 'read', value, unknown: paths };
  return { kind: 'read', value: { ...value, metadata: read.value }, unknown: paths };
}

/** Fills in defaults and nothing else, as for an applied object before it is stored. */
export function defaultedCustom(object: JsonObject, schema: Structural): JsonObject {
  const value = withDefaults(object, schema);
  return isObject(value) ? value : object;
}

function readMetadata(metadata: Json): Reading {
  const type = typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  if (metadata === null) return { kind: 'read', value: {}, unknown: [] };
  if (isObject(metadata)) return readObject(metadata, type, false);
  return { kind: 'misfit', message: 'json: cannot unmarshal into Go value of type v1.ObjectMeta' };
}

const metaFields = new Set(['apiVersion', 'kind', 'metadata']);

/** What pruning came upon. */
type Found = { readonly unknown: string[]; misfit: string | undefined };

function prune(value: Json, schema: Structural | undefined, path: string, found: Found): Json {
  if (isArray(value)) return eachItem(value, (item, at) => prune(item, schema?.items, `${path}[${at}]`, found));
  return isObject(value) ? pruneObject(value, schema, path, found) : value;
}

function pruneObject(value: JsonObject, schema: Structural | undefined, path: string, found: Found): JsonObject {
  return eachField(value, (inner, name) => {
    const below = path === '' ? name : `${path}.${name}`;
    if (schema?.isEmbedded === true && metaFields.has(name)) {
      // The whole object's own metadata are read by who asked.
      return name === 'metadata' && path !== '' ? embeddedMetadata(inner, below, found) : inner;
    }
    const property = schema?.properties.get(name);
    if (property !== undefined) return prune(inner, property, below, found);
    if (schema?.additional === 'any') return inner;
    if (schema?.additional !== undefined) return prune(inner, schema.additional, below, found);
    if (schema?.isPreserving === true) return inner;
    found.unknown.push(below);
    return undefined;
  });
}

function embeddedMetadata(metadata: Json, path: string, found: Found): Json {
  const read = readMetadata(metadata);
  if (read.kind === 'misfit') {
    found.misfit ??= `${path}: Invalid value: ${formatJson(metadata)}: ${read.message}`;
    return metadata;
  }
  found.unknown.push(...read.unknown.map((field) => `${path}.${field}`));
  return read.value;
}

const schemaBelow = (schema: Structural | undefined, name: string): Structural | undefined => {
  const additional = schema?.additional === 'any' ? undefined : schema?.additional;
  return schema?.properties.get(name) ?? additional;
};

// A null where none is allowed counts as absent, unless a default stands ready.
function withoutNulls(value: Json, schema: Structural | undefined): Json {
  if (isArray(value)) return eachItem(value, (item) => withoutNulls(item, schema?.items));
  if (!isObject(value)) return value;
  return eachField(value, (inner, name) => {
    const below = schemaBelow(schema, name);
    const isDropped = inner === null && below !== undefined && !below.isNullable && below.default === undefined;
    return isDropped ? undefined : withoutNulls(inner, below);
  });
}

const isMissing = (value: Json | undefined, schema: Structural): boolean =>
  value === undefined || (value === null && !schema.isNullable);

function withDefaults(value: Json, schema: Structural | undefined): Json {
  if (schema === undefined) return value;
  if (isArray(value)) {
    const { items } = schema;
    return eachItem(value, (item) => {
      const isFilled = item === null && items !== undefined && !items.isNullable;
      return withDefaults(isFilled ? (items.default ?? null) : item, items);
    });
  }
  if (!isObject(value)) return value;
  const absent = [...schema.properties].filter(
    ([name, inner]) =>
      inner.default !== undefined && isMissing(Object.hasOwn(value, name) ? value[name] : undefined, inner),
  );
  const added = absent.map(([name, inner]): [string, Json] => [name, inner.default ?? null]);
  const filled = absent.length === 0 ? value : { ...value, ...Object.fromEntries(added) };
  return eachField(filled, (inner, name) => withDefaults(inner, schemaBelow(schema, name)));
}

/** The same list where no item changes. */
function eachItem(items: readonly Json[], change: (item: Json, at: number) => Json): readonly Json[] {
  const changed = items.map(change);
  return changed.every((item, at) => item === items[at]) ? items : changed;
}

/** The same object where no field changes; undefined leaves a field out. */
function eachField(value: JsonObject, change: (inner: Json, name: string) => Json | undefined): JsonObject {
  let isSame = true;
  const entries: [string, Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const changed = change(inner, name);
    if (changed !== inner) isSame = false;
    if (changed !== undefined) entries.push([name, changed]);
  }
  return isSame ? value : Object.fromEntries(entries);
}

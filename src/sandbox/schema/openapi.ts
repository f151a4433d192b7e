/** What a group and version says of itself in OpenAPI v3, for `kubectl explain`, `apply` and `diff`. */
import { hash } from 'node:crypto';
import { digestOfText } from '../../core/json/digest.ts';
import { formatJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import { builtins } from './builtin.ts';
import { component, componentNames, refTo } from './openapi/components.ts';
import { customComponents, customName } from './openapi/custom.ts';
import { type Names, resourcePaths } from './openapi/paths.ts';
import type { Resource, Schema } from './schema.ts';

const groupVersionOf = ({ group, version }: Resource): string => (group === '' ? version : `${group}/${version}`);

/**
 * GET /openapi/v3/apis/<group>/<version>. `custom`: the custom kinds of that group and version.
 *
 * Cost: built anew each time, some milliseconds for the larger groups; clients keep it by its hash.
 */
export function openapiDocument(groupVersion: string, custom: readonly Schema[]): JsonObject {
  const customs = custom.filter((schema) => schema.apiVersion === groupVersion);
  const resources = [
    ...builtins.resources.filter((resource) => groupVersionOf(resource) === groupVersion),
    ...customs.map((schema) => schema.resource),
  ];
  const names = namesOf(customs);
  const paths = resources.flatMap((resource) => resourcePaths(resource, names));
  const own = customs.flatMap(customComponents);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: '1.36' },
    paths: Object.fromEntries(paths),
    components: { schemas: componentsFor(paths, own) },
  };
}

/** Changes with the document. Cost: a digest of the custom schemas; that of built-in kinds never changes. */
export function openapiHash(groupVersion: string, custom: readonly Schema[]): string {
  const own = custom.filter((schema) => schema.apiVersion === groupVersion).map(digestOf);
  return hash('sha512', `1.36.3 ${groupVersion} ${own.join(' ')}`, 'hex').toUpperCase();
}

const digests = new WeakMap<Schema, string>();

function digestOf(schema: Schema): string {
  const known = digests.get(schema);
  if (known !== undefined) return known;
  const { shortNames: _names, categories: _categories, ...resource } = schema.resource;
  const digest = digestOfText(formatJson([resource, schema.custom?.structural.source ?? null]));
  digests.set(schema, digest);
  return digest;
}

type Named = readonly (readonly [string, JsonObject])[];

/** All that the paths speak of, and what those speak of, by name. */
function componentsFor(paths: Named, own: Named): JsonObject {
  const found = new Map<string, JsonObject>(own);
  const open = [...paths, ...own].map(([, schema]) => schema);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of refsIn(next)) {
      const schema = found.has(name) ? undefined : component(name);
      if (schema === undefined) continue;
      found.set(name, schema);
      open.push(schema);
    }
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function* refsIn(value: Json | undefined): Generator<string> {
  if (isArray(value)) for (const item of value) yield* refsIn(item);
  if (!isObject(value)) return;
  const { $ref } = value;
  if (typeof $ref === 'string') yield $ref.slice(refTo('').length);
  for (const inner of Object.values(value)) yield* refsIn(inner);
}

function namesOf(customs: readonly Schema[]): Names {
  const own = new Map(
    customs.map((schema) => [`${schema.group}/${schema.version}/${schema.kind}`, customName(schema)]),
  );
  const of = (group: string, version: string, kind: string): string | undefined => {
    const key = `${group}/${version}/${kind}`;
    return own.get(key) ?? componentNames.get(key);
  };
  return {
    of,
    listOf: ({ group, version, kind }) => {
      const name = own.get(`${group}/${version}/${kind}`);
      return name === undefined ? of(group, version, `${kind}List`) : `${name}List`;
    },
  };
}

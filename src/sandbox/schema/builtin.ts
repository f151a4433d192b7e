/** The kinds that every cluster serves, as Kubernetes does, and the schema of each. */
import { groupOf, type KubeObject, versionOf } from '../../core/model/object.ts';
import { convertBuiltin } from './convert.ts';
import packed from './data/kinds.json' with { type: 'json' };
import { typeOfKind } from './distilled.ts';
import type { Family, Resource, Schema, Subresource } from './schema.ts';

/** A group and its versions, the preferred one first; the core group's name is empty. */
export type Group = { readonly name: string; readonly versions: readonly string[] };

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
};

type PackedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly singular: string;
  readonly namespaced?: true;
  readonly verbs: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  readonly hash?: string;
  /** `[name, kind, verbs]`, and group and version where they differ from the parent's. */
  readonly below?: readonly (readonly string[])[];
  readonly columns?: readonly number[];
};

// Our own generated file: its shape is held by the script that writes it.
const kinds = packed.rows as unknown as readonly PackedKind[];
const columns = packed.columns as unknown as readonly Column[];

/** In discovery's order: the core group, then the others as the API server ranks them. */
const groups: readonly Group[] = packed.groups.map(([name = '', ...versions]) => ({ name, versions }));

/** All resources of all groups and versions, in discovery's order. */
const resources: readonly Resource[] = kinds.map((row) => ({
  group: row.group,
  version: row.version,
  kind: row.kind,
  resource: row.resource,
  singular: row.singular,
  isNamespaced: row.namespaced === true,
  shortNames: row.short ?? [],
  categories: row.categories ?? [],
  verbs: row.verbs.split(' '),
  storageVersionHash: row.hash ?? '',
  subresources: (row.below ?? []).map((below) => readSubresource(below, row)),
}));

function readSubresource(
  [name = '', kind = '', verbs = '', group, version]: readonly string[],
  row: PackedKind,
): Subresource {
  return { name, kind, verbs: verbs.split(' '), group: group ?? row.group, version: version ?? row.version };
}

const apiVersionOf = ({ group, version }: Resource): string => (group === '' ? version : `${group}/${version}`);
const keyOf = (apiVersion: string, kind: string): string => `${apiVersion} ${kind}`;

const columnsByKind = new Map(
  kinds.map((row, at) => [resources[at], (row.columns ?? []).flatMap((column) => columns[column] ?? [])]),
);
const resourcesByKind = new Map(resources.map((resource) => [keyOf(apiVersionOf(resource), resource.kind), resource]));
const schemas = new Map<string, Schema>();

/** All that is known of the built-in kinds. */
export const builtins = { groups, resources, schema: builtinSchema } as const;

/** Undefined for kinds that nobody knows; kinds that are only ever asked with, such as Scale, are known. */
export function builtinSchema(apiVersion: string, kind: string): Schema | undefined {
  const key = keyOf(apiVersion, kind);
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const resource = resourcesByKind.get(key) ?? requestOnly(apiVersion, kind);
  for (const schema of familyOf(resource).schemas) schemas.set(keyOf(schema.apiVersion, schema.kind), schema);
  return schemas.get(key);
}

const requestOnly = (apiVersion: string, kind: string): Resource => ({
  group: groupOf(apiVersion),
  version: versionOf(apiVersion),
  kind,
  resource: '',
  singular: '',
  isNamespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
  storageVersionHash: '',
  subresources: [],
});

/** The table columns of a built-in kind, as `kubectl get` shows them. */
export function builtinColumns(schema: Schema): readonly Column[] {
  return columnsByKind.get(schema.resource) ?? [];
}

const recast = (object: KubeObject, apiVersion: string): KubeObject =>
  object.apiVersion === apiVersion ? object : convertBuiltin(object, apiVersion);

function familyOf(resource: Resource): Family {
  const members: Schema[] = [];
  const family: Family = {
    schemas: members,
    storage: '',
    at: (apiVersion) => members.find((schema) => schema.apiVersion === apiVersion),
    convert: recast,
    recast,
  };
  const served = resources.filter((other) => other.group === resource.group && other.kind === resource.kind);
  for (const other of served.length === 0 ? [resource] : served) {
    const type = typeOfKind(other.group, other.version, other.kind);
    if (type === undefined) continue;
    const { group, version, kind } = other;
    members.push({
      apiVersion: apiVersionOf(other),
      group,
      version,
      kind,
      resource: other,
      type,
      custom: undefined,
      family,
    });
  }
  // The preferred version comes first, and is the one that objects are held at.
  return Object.assign(family, { storage: members[0]?.apiVersion ?? '' });
}

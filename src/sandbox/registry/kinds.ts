/** The kinds that one cluster serves: the built-in ones, and those that its CustomResourceDefinitions add. */
import { groupOf } from '../../core/model/object.ts';
import { builtins, type Group } from '../schema/builtin.ts';
import type { Resource, Schema } from '../schema/schema.ts';

/** One kind at one version, as a path names it. */
export type ServedKind = {
  readonly resource: Resource;
  readonly schema: Schema;
  /** Where its objects are: `deployments.apps`. All versions of a kind share one place. */
  readonly place: string;
};

export type Kinds = {
  /** A row of discovery; also of kinds that are only ever sent, such as TokenReview. */
  readonly resourceAt: (group: string, version: string, resource: string) => Resource | undefined;
  readonly of: (resource: Resource) => ServedKind | undefined;
  readonly named: (apiVersion: string, kind: string) => ServedKind | undefined;
  /** At the version it is stored at. */
  readonly at: (place: string) => ServedKind | undefined;
  /** In order of preference. */
  readonly groups: () => readonly Group[];
  readonly resources: () => readonly Resource[];
  /** Custom kinds of one group version. */
  readonly custom: (groupVersion: string) => readonly Schema[];
  /** Puts the kinds of the CRD of this name in place of those it had; undefined takes them away. */
  readonly replace: (crd: string, schemas: readonly Schema[] | undefined) => void;
  /** Grows whenever the kinds change. */
  readonly generation: () => number;
};

const placeOf = ({ group, resource }: Resource): string => (group === '' ? resource : `${resource}.${group}`);
export const groupVersionOf = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  group === '' ? version : `${group}/${version}`;
const pathKey = (group: string, version: string, resource: string): string => `${group}/${version}/${resource}`;
const kindKey = (apiVersion: string, kind: string): string => `${apiVersion}/${kind}`;

type Tables = {
  readonly byPath: ReadonlyMap<string, Resource>;
  readonly byKind: ReadonlyMap<string, Resource>;
  readonly byPlace: ReadonlyMap<string, Resource>;
};

function tablesOf(rows: readonly Resource[]): Tables {
  const byPlace = new Map<string, Resource>();
  for (const row of rows) if (!byPlace.has(placeOf(row))) byPlace.set(placeOf(row), row);
  return {
    byPath: new Map(rows.map((row) => [pathKey(row.group, row.version, row.resource), row])),
    byKind: new Map(rows.map((row) => [kindKey(groupVersionOf(row), row.kind), row])),
    byPlace,
  };
}

/** Built once for all clusters of a process. */
export const builtinTables = (): Tables => tablesOf(builtins.resources);

export function kindsOfCluster(builtin: Tables): Kinds {
  const crds = new Map<string, readonly Schema[]>();
  let schemas: ReadonlyMap<string, Schema> = new Map();
  let added = tablesOf([]);
  let generation = 1;

  const find = (table: keyof Tables, key: string): Resource | undefined =>
    builtin[table].get(key) ?? added[table].get(key);
  const served = (resource: Resource | undefined): ServedKind | undefined => {
    if (resource === undefined) return undefined;
    const id = groupVersionOf(resource);
    const schema = schemas.get(kindKey(id, resource.kind)) ?? builtins.schema(id, resource.kind);
    return schema === undefined ? undefined : { schema, resource, place: placeOf(resource) };
  };
  const atStorage = (kind: ServedKind | undefined): ServedKind | undefined => {
    const schema = kind?.schema.family.at(kind.schema.family.storage);
    return kind === undefined || schema === undefined ? kind : { ...kind, schema, resource: schema.resource };
  };
  const ordered = (): readonly Schema[] => [...crds].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, all]) => all);

  return {
    resourceAt: (group, version, resource) => find('byPath', pathKey(group, version, resource)),
    of: (resource) => served(resource),
    named: (apiVersion, kind) => served(find('byKind', kindKey(apiVersion, kind))),
    at: (place) => atStorage(served(find('byPlace', place))),
    groups: () => [...builtins.groups, ...customGroups(ordered())],
    resources: () => [...builtins.resources, ...ordered().map(({ resource }) => resource)],
    custom: (groupVersion) => ordered().filter(({ apiVersion }) => apiVersion === groupVersion),
    replace: (crd, all) => {
      if (all === undefined) crds.delete(crd);
      else crds.set(crd, all);
      schemas = new Map(ordered().map((schema) => [kindKey(schema.apiVersion, schema.kind), schema]));
      added = tablesOf(ordered().map(({ resource }) => resource));
      generation += 1;
    },
    generation: () => generation,
  };
}

function customGroups(schemas: readonly Schema[]): readonly Group[] {
  const versions = new Map<string, Set<string>>();
  for (const { apiVersion, version } of schemas) {
    const group = groupOf(apiVersion);
    versions.set(group, (versions.get(group) ?? new Set()).add(version));
  }
  return [...versions].map(([name, all]) => ({ name, versions: [...all].toSorted(compareVersions) }));
}

/** `v2` before `v1` before `v2beta1` before `v1alpha1`, then anything else by name. Source: apimachinery's version.CompareKubeAwareVersionStrings. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left === undefined || right === undefined) return left === right ? (a < b ? -1 : 1) : left === undefined ? 1 : -1;
  for (const [index, rank] of left.entries()) {
    const difference = (right[index] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return 0;
}

function rankOf(version: string): readonly number[] | undefined {
  const found = /^v([0-9]+)(?:(alpha|beta)([0-9]+))?$/.exec(version);
  if (found === null) return undefined;
  const [, major, stage, minor] = found;
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)];
}

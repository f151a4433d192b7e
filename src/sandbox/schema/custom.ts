/** The kinds that a CustomResourceDefinition brings. */
import { hash } from 'node:crypto';
import { at, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { readCustom } from './custom-reading.ts';
import { customType } from './custom-type.ts';
import type { CustomColumn, CustomSchema, Family, Resource, ScalePaths, Schema, Subresource } from './schema.ts';
import { readStructural } from './structural.ts';

const textAt = (value: Json | undefined, ...fields: readonly string[]): string => textOf(at(value, ...fields)) ?? '';
const textsAt = (value: Json | undefined, ...fields: readonly string[]): readonly string[] => {
  const list = at(value, ...fields);
  return isArray(list) ? list.flatMap((item) => textOf(item) ?? []) : [];
};
const objectsAt = (value: Json | undefined, ...fields: readonly string[]): readonly JsonObject[] => {
  const list = at(value, ...fields);
  return isArray(list) ? list.filter(isObject) : [];
};

/** Newest first, as the API server ranks versions: stable before beta before alpha, then by number, then by name. */
function byRank(a: string, b: string): number {
  const read = (version: string): readonly number[] => {
    const parts = /^v([0-9]+)(?:(alpha|beta)([0-9]+))?$/.exec(version);
    if (parts === null) return [0, 0, 0];
    return [parts[2] === undefined ? 3 : parts[2] === 'beta' ? 2 : 1, Number(parts[1]), Number(parts[3] ?? 0)];
  };
  const [left, right] = [read(a), read(b)];
  for (const [place, rank] of left.entries()) if (rank !== right[place]) return (right[place] ?? 0) - rank;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The served versions of a definition that the API server has accepted, preferred first.
 *
 * Shape: they share one family, so hold on to the result until the definition changes. Empty when none is served.
 */
export function customKinds(definition: KubeObject): readonly Schema[] {
  const group = textAt(definition, 'spec', 'group');
  const kind = textAt(definition, 'spec', 'names', 'kind');
  const versions = objectsAt(definition, 'spec', 'versions');
  const served = versions.filter((version) => version.served === true);
  const stored = versions.find((version) => version.storage === true);
  const schemas: Schema[] = [];
  const byApiVersion = new Map<string, Schema>();
  const family: Family = {
    schemas,
    storage: `${group}/${textAt(stored, 'name')}`,
    at: (apiVersion) => byApiVersion.get(apiVersion),
    recast: (object, apiVersion) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion }),
    convert: (object, apiVersion) => {
      const schema = byApiVersion.get(apiVersion);
      if (object.apiVersion === apiVersion || schema?.custom === undefined) return object;
      const read = readCustom({ ...object, apiVersion }, schema.custom.structural);
      // Reading changes no names and no kind.
      return read.kind === 'read' ? (read.value as KubeObject) : { ...object, apiVersion };
    },
  };
  for (const version of served.toSorted((a, b) => byRank(textAt(a, 'name'), textAt(b, 'name')))) {
    const resource = resourceOf(definition, version);
    const custom = customSchemaOf(version);
    const apiVersion = `${group}/${resource.version}`;
    const type = customType(custom.structural);
    const schema = { apiVersion, group, version: resource.version, kind, resource, type, custom, family };
    schemas.push(schema);
    byApiVersion.set(apiVersion, schema);
  }
  return schemas;
}

const writes = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

function resourceOf(definition: KubeObject, version: JsonObject): Resource {
  const group = textAt(definition, 'spec', 'group');
  const kind = textAt(definition, 'spec', 'names', 'kind');
  const name = textAt(version, 'name');
  return {
    group,
    version: name,
    kind,
    resource: textAt(definition, 'spec', 'names', 'plural'),
    singular: textAt(definition, 'spec', 'names', 'singular') || kind.toLowerCase(),
    isNamespaced: textAt(definition, 'spec', 'scope') !== 'Cluster',
    shortNames: textsAt(definition, 'spec', 'names', 'shortNames'),
    categories: textsAt(definition, 'spec', 'names', 'categories'),
    verbs: writes,
    storageVersionHash: hash('sha256', `${group}/${name}/${kind}`, 'base64').slice(0, 11).concat('='),
    subresources: subresourcesOf(version, { group, version: name, kind }),
  };
}

function subresourcesOf(
  version: JsonObject,
  parent: { readonly group: string; readonly version: string; readonly kind: string },
): readonly Subresource[] {
  const verbs = ['get', 'patch', 'update'];
  const scale = { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs };
  return [
    ...(isObject(at(version, 'subresources', 'status')) ? [{ name: 'status', ...parent, verbs }] : []),
    ...(isObject(at(version, 'subresources', 'scale')) ? [scale] : []),
  ];
}

function customSchemaOf(version: JsonObject): CustomSchema {
  return {
    structural: readStructural(at(version, 'schema', 'openAPIV3Schema')),
    columns: objectsAt(version, 'additionalPrinterColumns').map(readColumn),
    scale: readScale(at(version, 'subresources', 'scale')),
    hasStatus: isObject(at(version, 'subresources', 'status')),
  };
}

const readColumn = (column: JsonObject): CustomColumn => ({
  name: textAt(column, 'name'),
  type: textAt(column, 'type'),
  format: textAt(column, 'format'),
  description: textAt(column, 'description'),
  priority: numberOf(column.priority) ?? 0,
  jsonPath: textAt(column, 'jsonPath'),
});

function readScale(scale: Json | undefined): ScalePaths | undefined {
  if (!isObject(scale)) return undefined;
  return {
    specReplicas: textAt(scale, 'specReplicasPath'),
    statusReplicas: textAt(scale, 'statusReplicasPath'),
    selector: textAt(scale, 'labelSelectorPath'),
  };
}

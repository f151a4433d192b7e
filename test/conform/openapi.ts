/** The OpenAPI v3 documents: what kubectl explains and validates by. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { parseJson } from '../../src/core/json/text.ts';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, type Scope, type Theme } from './case.ts';

const entriesAt = (value: Json | undefined): readonly (readonly [string, Json])[] =>
  isObject(value) ? Object.entries(value) : [];
const itemsAt = (value: Json | undefined, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};
const schemaOf = (document: JsonObject, name: string): Json | undefined => at(document, 'components', 'schemas', name);
/** A schema reached through `allOf: [{$ref}]`, as built-in ones are. */
const follow = (document: JsonObject, schema: Json | undefined): Json | undefined => {
  const reference = at(schema, '$ref') ?? at(itemsAt(schema, 'allOf')[0], '$ref');
  return typeof reference === 'string' ? schemaOf(document, reference.slice(reference.lastIndexOf('/') + 1)) : schema;
};

/** JSON, though its content type says plain text. */
const indexOf = async ({ api }: Scope): Promise<Json> => {
  const answer = await api.get('/openapi/v3');
  equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
  answered(200, answer);
  return parseJson(answer.text);
};

const listTypes: readonly (readonly [string, string, string, readonly string[] | undefined])[] = [
  ['io.k8s.api.core.v1.PodSpec', 'containers', 'map', ['name']],
  ['io.k8s.api.core.v1.PodSpec', 'volumes', 'map', ['name']],
  ['io.k8s.api.core.v1.Container', 'env', 'map', ['name']],
  ['io.k8s.api.core.v1.Container', 'ports', 'map', ['containerPort', 'protocol']],
  ['io.k8s.api.core.v1.Container', 'volumeMounts', 'map', ['mountPath']],
  ['io.k8s.api.core.v1.Container', 'args', 'atomic', undefined],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'finalizers', 'set', undefined],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', 'ownerReferences', 'map', ['uid']],
];

const cases: readonly Case[] = [
  {
    name: 'the index gives each group and version an address with a hash',
    isClusterWide: true,
    run: async (scope) => {
      const index = await indexOf(scope);
      for (const path of [
        'api/v1',
        'apis/apps/v1',
        'apis/batch/v1',
        'apis/rbac.authorization.k8s.io/v1',
        'apis',
        'version',
      ]) {
        const address = String(at(index, 'paths', path, 'serverRelativeURL'));
        equal(address.slice(0, address.indexOf('?')), `/openapi/v3/${path}`);
        match(address, /\?hash=[0-9A-F]{128}$/);
      }
    },
  },
  {
    name: 'a document is kept for ever under its hash, and moved to the right one from a wrong one',
    isClusterWide: true,
    run: async (scope) => {
      const { api } = scope;
      const index = await indexOf(scope);
      const address = String(at(index, 'paths', 'apis/apps/v1', 'serverRelativeURL'));
      const document = await api.get(address);
      equal(answered(200, document).openapi, '3.0.0');
      match(String(document.headers['cache-control']), /immutable/);
      match(String(document.headers.etag), /^"[0-9A-F]{128}"$/);
      const moved = await api.get('/openapi/v3/apis/apps/v1', { hash: 'ABC' });
      deepEqual([moved.status, moved.headers.location], [301, address]);
    },
  },
  {
    name: 'a schema says which kinds it is, and which fields are lists by key',
    isClusterWide: true,
    run: async ({ api }) => {
      const document = answered(200, await api.get('/openapi/v3/apis/apps/v1'));
      const deployment = schemaOf(document, 'io.k8s.api.apps.v1.Deployment');
      deepEqual(at(deployment, 'x-kubernetes-group-version-kind'), [
        { group: 'apps', kind: 'Deployment', version: 'v1' },
      ]);
      for (const [name, field, type, keys] of listTypes) {
        const property = at(schemaOf(document, name), 'properties', field);
        deepEqual(
          [at(property, 'x-kubernetes-list-type'), at(property, 'x-kubernetes-list-map-keys')],
          [type, keys],
          `${name}.${field}`,
        );
      }
      const spec = follow(document, at(deployment, 'properties', 'spec'));
      equal(at(follow(document, at(spec, 'properties', 'selector')), 'x-kubernetes-map-type'), 'atomic');
      deepEqual(at(spec, 'required'), ['selector', 'template']);
    },
  },
  {
    name: 'defaults of list keys are in the schema',
    isClusterWide: true,
    run: async ({ api }) => {
      const document = answered(200, await api.get('/openapi/v3/api/v1'));
      for (const name of ['io.k8s.api.core.v1.ContainerPort', 'io.k8s.api.core.v1.ServicePort']) {
        equal(at(schemaOf(document, name), 'properties', 'protocol', 'default'), 'TCP');
      }
    },
  },
  {
    name: 'paths name their kind, and PATCH takes the parameters that kubectl looks for',
    isClusterWide: true,
    run: async ({ api }) => {
      const document = answered(200, await api.get('/openapi/v3/apis/apps/v1'));
      const path = at(document, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}');
      deepEqual(at(path, 'patch', 'x-kubernetes-group-version-kind'), {
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
      });
      equal(at(path, 'patch', 'x-kubernetes-action'), 'patch');
      const parameters = itemsAt(at(path, 'patch'), 'parameters').map((each) => at(each, 'name'));
      for (const name of ['dryRun', 'fieldManager', 'fieldValidation', 'force']) ok(parameters.includes(name), name);
      const bodies = entriesAt(at(path, 'patch', 'requestBody', 'content')).map(([type]) => type);
      ok(bodies.includes('application/apply-patch+yaml'));
    },
  },
];

export const openapi: Theme = { name: 'openapi', cases };

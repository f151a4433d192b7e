/** Server-side apply of what the schema refuses: HTTP 500 for structure, 422 for values. */
import { equal } from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, refused, type Theme } from './case.ts';

const untyped = 'failed to create typed patch object';

/** Structure: 500 with no reason, whatever `fieldValidation` says. */
const structures: readonly {
  readonly name: string;
  readonly path: string;
  readonly object: JsonObject;
  readonly message: string;
}[] = [
  {
    name: 'an unknown field',
    path: 'deployments/a',
    object: deployment('a', { bogus: 1 }),
    message: '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.bogus: field not declared in schema',
  },
  {
    name: 'text for a number',
    path: 'deployments/a',
    object: deployment('a', { replicas: 'two' }),
    message: '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string',
  },
  {
    name: 'a list for a map',
    path: 'deployments/a',
    object: deployment('a', { template: [] }),
    message: '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.template: expected map, got &{[]}',
  },
  {
    name: 'a map for a list',
    path: 'deployments/a',
    object: deployment('a', {}, { env: { A: '1' } }),
    message:
      '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="main"].env: expected list, got &{map[A:1]}',
  },
  {
    name: 'an environment variable twice',
    path: 'deployments/a',
    object: deployment(
      'a',
      {},
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ),
    message:
      '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="main"].env: duplicate entries for key [name="A"]',
  },
  {
    name: 'a port twice, its protocol by default',
    path: 'deployments/a',
    object: deployment('a', {}, { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
    message:
      '(NAMESPACE/a; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="main"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
  },
];

/** Values: 422, as on any other write. */
const values: readonly {
  readonly name: string;
  readonly object: JsonObject;
  readonly field: string;
  readonly message: string;
}[] = [
  {
    name: 'a negative count',
    object: deployment('a', { replicas: -1 }),
    field: 'spec.replicas',
    message: 'Invalid value: -1: must be greater than or equal to 0',
  },
  {
    name: 'a port without its number',
    object: deployment('a', {}, { ports: [{ name: 'web' }] }),
    field: 'spec.template.spec.containers[0].ports[0].containerPort',
    message: 'Required value',
  },
  {
    name: 'a container without an image',
    object: deployment('a', {}, { image: '' }),
    field: 'spec.template.spec.containers[0].image',
    message: 'Required value',
  },
];

const cases: readonly Case[] = [
  ...structures.map(
    ({ name, path, object, message }): Case => ({
      name: `500 for ${name}`,
      run: async ({ api, apps }) => {
        for (const fieldValidation of ['Strict', 'Ignore']) {
          const said = refused(500, await api.apply(`${apps}/${path}`, object, { query: { fieldValidation } }), {});
          equal(said.message, `${untyped} ${message.replace('NAMESPACE', '')}`);
        }
      },
    }),
  ),
  ...values.map(
    ({ name, object, field, message }): Case => ({
      name: `422 for ${name}`,
      run: async ({ api, apps }) => {
        refused(422, await api.apply(`${apps}/deployments/a`, object), {
          reason: 'Invalid',
          message: `Deployment.apps "a" is invalid: ${field}: ${message}`,
          details: { causes: [{ field, message }] },
        });
      },
    }),
  ),
  {
    name: '500 for a number where text belongs',
    run: async ({ api, core }) => {
      refused(500, await api.apply(`${core}/configmaps/a`, configMap('a', { x: 1 })), {
        message: `${untyped} (/a; /v1, Kind=ConfigMap): .data.x: expected string, got &value.valueUnstructured{Value:1}`,
      });
    },
  },
  {
    name: 'a field twice is 400 when strict, else a warning and the last one wins',
    run: async ({ api, core }) => {
      const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"}}';
      refused(400, await api.apply(`${core}/configmaps/a`, twice, { query: { fieldValidation: 'Strict' } }), {
        reason: 'BadRequest',
        message: /^error strict decoding YAML: .*line 1: key "x" already set in map$/s,
      });
      const answer = await api.apply(`${core}/configmaps/a`, twice);
      equal(JSON.stringify(answered(201, answer).data), '{"x":"2"}');
      equal(answer.headers.warning, '299 - "line 1: key \\"x\\" already set in map"');
    },
  },
];

export const ssaSchema: Theme = { name: 'ssa-schema', cases };

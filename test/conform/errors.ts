/** How a server says no: the Status object, its reason, code and causes. */
import { ok } from 'node:assert/strict';
import { answered, type Case, configMap, deployment, refused, type Theme } from './case.ts';

const cases: readonly Case[] = [
  {
    name: '404 names the object',
    run: async ({ api, apps, core }) => {
      refused(404, await api.get(`${core}/configmaps/absent`), {
        reason: 'NotFound',
        message: 'configmaps "absent" not found',
        details: { name: 'absent', kind: 'configmaps' },
      });
      refused(404, await api.remove(`${apps}/deployments/absent`), {
        reason: 'NotFound',
        message: 'deployments.apps "absent" not found',
        details: { name: 'absent', group: 'apps', kind: 'deployments' },
      });
    },
  },
  {
    name: '404 where the namespace is missing names the namespace on create only',
    isClusterWide: true,
    run: async ({ api }) => {
      const path = '/api/v1/namespaces/conform-nowhere/configmaps';
      refused(404, await api.create(path, configMap('a', {})), {
        reason: 'NotFound',
        message: 'namespaces "conform-nowhere" not found',
        details: { name: 'conform-nowhere', kind: 'namespaces' },
      });
      refused(404, await api.get(`${path}/a`), { reason: 'NotFound', message: 'configmaps "a" not found' });
      answered(200, await api.get(path));
    },
  },
  {
    name: '409 on a second create',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      refused(409, await api.create(`${core}/configmaps`, configMap('a', {})), {
        reason: 'AlreadyExists',
        message: 'configmaps "a" already exists',
        details: { name: 'a', kind: 'configmaps' },
      });
    },
  },
  {
    name: '422 lists every cause with its field',
    run: async ({ api, apps }) => {
      const bad = deployment('web', { replicas: -1, selector: { matchLabels: { app: 'other' } } });
      refused(422, await api.create(`${apps}/deployments`, bad), {
        reason: 'Invalid',
        message:
          /^Deployment\.apps "web" is invalid: \[spec\.replicas: Invalid value: -1: must be greater than or equal to 0, spec\.template\.metadata\.labels: Invalid value: /,
        details: {
          name: 'web',
          group: 'apps',
          kind: 'Deployment',
          causes: [
            {
              reason: 'FieldValueInvalid',
              message: 'Invalid value: -1: must be greater than or equal to 0',
              field: 'spec.replicas',
            },
            {
              reason: 'FieldValueInvalid',
              message: 'Invalid value: {"app":"web"}: `selector` does not match template `labels`',
              field: 'spec.template.metadata.labels',
            },
          ],
        },
      });
    },
  },
  {
    name: '422 for a name that is no name',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, configMap('Not A Name', {})), {
        reason: 'Invalid',
        details: {
          name: 'Not A Name',
          kind: 'ConfigMap',
          causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }],
        },
      });
    },
  },
  {
    name: '422 without a name, 409 never: generateName draws one',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap' }), {
        reason: 'Invalid',
        details: {
          kind: 'ConfigMap',
          causes: [
            {
              reason: 'FieldValueRequired',
              message: 'Required value: name or generateName is required',
              field: 'metadata.name',
            },
          ],
        },
      });
      const made = answered(201, await api.create(`${core}/configmaps`, { metadata: { generateName: 'drawn-' } }));
      ok(/"name":"drawn-[a-z0-9]{5}"/.test(JSON.stringify(made)));
    },
  },
  {
    name: '400 for a body that is no JSON, another kind, another name or another namespace',
    run: async ({ api, core, namespace }) => {
      refused(400, await api.create(`${core}/configmaps`, '{"kind":'), { reason: 'BadRequest' });
      refused(400, await api.create(`${core}/configmaps`, { ...configMap('a', {}), kind: 'Secret' }), {
        reason: 'BadRequest',
        message:
          'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
      });
      refused(400, await api.create(`${core}/configmaps`, configMap('a', {}, { namespace: 'other' })), {
        reason: 'BadRequest',
        message: `the namespace of the provided object does not match the namespace sent on the request`,
      });
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, { namespace })));
      refused(400, await api.replace(`${core}/configmaps/a`, configMap('b', {})), {
        reason: 'BadRequest',
        message: 'the name of the object (b) does not match the name on the URL (a)',
      });
    },
  },
  {
    name: '405 for a verb that a path does not take',
    run: async ({ api, core }) => {
      refused(405, await api.replace(`${core}/configmaps`, configMap('a', {})), {
        reason: 'MethodNotAllowed',
        message: 'the server does not allow this method on the requested resource',
      });
    },
  },
  {
    name: '406 for a form that is not served',
    run: async ({ api, core }) => {
      refused(406, await api.get(`${core}/configmaps`, {}, { accept: 'text/html' }), {
        reason: 'NotAcceptable',
        message:
          '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, ' +
          'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
      });
    },
  },
  {
    name: '415 for a kind of patch that is not taken',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const patch = { body: {}, headers: { 'content-type': 'application/json' } };
      refused(415, await api.request('PATCH', `${core}/configmaps/a`, patch), {
        reason: 'UnsupportedMediaType',
        message: '415: Unsupported Media Type',
      });
    },
  },
  {
    name: '413 above 3 MiB',
    run: async ({ api, core }) => {
      const answer = await api.create(`${core}/configmaps`, configMap('a', { a: 'x'.repeat(3 * 1024 * 1024) }));
      refused(413, answer, { reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' });
    },
  },
  {
    name: '401 for a token that nobody knows',
    isClusterWide: true,
    run: async ({ api }) => {
      const answer = await api.get('/api/v1/namespaces', {}, { authorization: 'Bearer nobody' });
      refused(401, answer, { reason: 'Unauthorized', message: 'Unauthorized' });
    },
  },
];

export const errors: Theme = { name: 'errors', cases };

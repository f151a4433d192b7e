/** The life of a Namespace. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, isArray, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, eventually, holds, refused, type Theme } from './case.ts';

const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const conditionOf = (object: JsonObject, type: string): unknown => {
  const conditions = at(object, 'status', 'conditions');
  return isArray(conditions)
    ? at(
        conditions.find((each) => at(each, 'type') === type),
        'status',
      )
    : undefined;
};

const cases: readonly Case[] = [
  {
    name: 'is made Active, labelled with its name, with a finalizer in its spec',
    isClusterWide: true,
    run: async ({ api, namespace: name }) => {
      holds(answered(201, await api.create('/api/v1/namespaces', namespace(name))), {
        metadata: { labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    },
  },
  {
    name: 'gets a default service account',
    run: async ({ api, core }) => {
      await eventually(
        () => api.get(`${core}/serviceaccounts/default`),
        (answer) => answer.status === 200,
      );
    },
  },
  {
    name: 'gets the root certificates of the cluster',
    run: async ({ api, core }) => {
      const found = await eventually(
        () => api.get(`${core}/configmaps/kube-root-ca.crt`),
        (answer) => answer.status === 200,
      );
      equal(typeof at(found.json, 'data', 'ca.crt'), 'string');
    },
  },
  {
    name: 'with a quota: one object too many is 403, and no matter of rights',
    run: async ({ api, core, group }) => {
      const counted = 'count/leases.coordination.k8s.io';
      answered(
        201,
        await api.create(`${core}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { [counted]: '1' } } }),
      );
      await eventually(
        () => api.get(`${core}/resourcequotas/q`),
        ({ json }) => at(json, 'status', 'used', counted) === '0',
      );
      const leases = `${group('coordination.k8s.io/v1')}/leases`;
      // Admission hears of a quota a little after whoever asks for it: what comes before that is not counted.
      let made = 0;
      const answer = await eventually(
        () => api.create(leases, { metadata: { name: `lease-${++made}` } }),
        ({ status }) => status !== 201,
      );
      ok(made > 1, 'the first is not too many');
      refused(403, answer, {
        reason: 'Forbidden',
        message: `leases.coordination.k8s.io "lease-${made}" is forbidden: exceeded quota: q, requested: ${counted}=1, used: ${counted}=1, limited: ${counted}=1`,
      });
    },
  },
  {
    name: 'may not have a dot in its name',
    isClusterWide: true,
    run: async ({ api }) => {
      refused(422, await api.create('/api/v1/namespaces', namespace('a.b')), {
        reason: 'Invalid',
        message: 'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
      });
    },
  },
  {
    name: 'default and kube-system may not be deleted',
    isClusterWide: true,
    run: async ({ api }) => {
      for (const name of ['default', 'kube-system']) {
        refused(403, await api.remove(`/api/v1/namespaces/${name}`), {
          reason: 'Forbidden',
          message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
        });
      }
    },
  },
  {
    name: 'deletion: Terminating at once, nothing new goes in, what is there can still change',
    run: async ({ api, core, namespace: name }) => {
      const path = `/api/v1/namespaces/${name}`;
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, { finalizers: ['example.com/a'] })));
      const going = answered(200, await api.remove(path));
      holds(going, { kind: 'Namespace', spec: { finalizers: ['kubernetes'] }, status: { phase: 'Terminating' } });
      equal(typeof at(going, 'metadata', 'deletionTimestamp'), 'string');
      const expected = {
        reason: 'Forbidden',
        message: `configmaps "b" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
        details: {
          name: 'b',
          kind: 'configmaps',
          causes: [
            {
              reason: 'NamespaceTerminating',
              message: `namespace ${name} is being terminated`,
              field: 'metadata.namespace',
            },
          ],
        },
      };
      refused(403, await api.create(`${core}/configmaps`, configMap('b', {})), expected);
      refused(403, await api.apply(`${core}/configmaps/b`, configMap('b', {})), expected);
      refused(409, await api.create('/api/v1/namespaces', namespace(name)), {
        reason: 'AlreadyExists',
        message: `object is being deleted: namespaces "${name}" already exists`,
      });
      answered(200, await api.mergePatch(`${core}/configmaps/a`, { metadata: { finalizers: null } }));
      await eventually(
        () => api.get(path),
        (answer) => answer.status === 404,
        60_000,
      );
    },
  },
  {
    name: 'deletion: waits for the finalizers of its content, and says so',
    run: async ({ api, core, namespace: name }) => {
      const path = `/api/v1/namespaces/${name}`;
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, { finalizers: ['example.com/a'] })));
      answered(201, await api.create(`${core}/configmaps`, configMap('b', {})));
      answered(200, await api.remove(path));
      const waiting = await eventually(
        () => api.get(path),
        ({ json }) => conditionOf(json, 'NamespaceFinalizersRemaining') === 'True',
        60_000,
      );
      deepEqual(
        ['NamespaceContentRemaining', 'NamespaceDeletionContentFailure'].map((type) => conditionOf(waiting.json, type)),
        ['True', 'False'],
      );
      refused(404, await api.get(`${core}/configmaps/b`), { reason: 'NotFound' });
      equal(typeof at(answered(200, await api.get(`${core}/configmaps/a`)), 'metadata', 'deletionTimestamp'), 'string');
      answered(200, await api.mergePatch(`${core}/configmaps/a`, { metadata: { finalizers: null } }));
      await eventually(
        () => api.get(path),
        (answer) => answer.status === 404,
        60_000,
      );
    },
  },
];

export const namespaces: Theme = { name: 'namespaces', cases };

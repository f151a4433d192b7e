/** Deletion: options, conditions, finalizers, collections, and the dry run that is none. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, holds, namesOf, refused, type Theme, uidOf, versionOf } from './case.ts';

const options = (more: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'DeleteOptions', ...more });

const cases: readonly Case[] = [
  {
    name: 'answers a Status with the uid, and then 404',
    run: async ({ api, core }) => {
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      deepEqual(answered(200, await api.remove(`${core}/configmaps/a`)), {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: uidOf(made) },
      });
      refused(404, await api.get(`${core}/configmaps/a`), { reason: 'NotFound' });
      refused(404, await api.remove(`${core}/configmaps/a`), { reason: 'NotFound' });
    },
  },
  {
    name: 'preconditions: a wrong uid or an old version is 409, both right delete',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const changed = answered(200, await api.mergePatch(path, { data: { x: '1' } }));
      const [uid, resourceVersion] = [uidOf(made), versionOf(changed)];
      refused(409, await api.remove(path, options({ preconditions: { uid: 'other', resourceVersion } })), {
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
        details: { name: 'a', kind: 'ConfigMap' },
      });
      const old = versionOf(made);
      refused(409, await api.remove(path, options({ preconditions: { uid, resourceVersion: old } })), {
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (${old}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      });
      answered(200, await api.get(path));
      answered(200, await api.remove(path, options({ preconditions: { uid, resourceVersion } })));
    },
  },
  {
    name: 'a misspelt precondition is ignored, and the object goes',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      answered(200, await api.remove(`${core}/configmaps/a`, options({ preconditions: { uuid: 'other' } })));
      refused(404, await api.get(`${core}/configmaps/a`), { reason: 'NotFound' });
    },
  },
  {
    name: 'a dry run asked for in the body keeps the object',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const said = answered(200, await api.remove(`${core}/configmaps/a`, options({ dryRun: ['All'] })));
      equal(said.status, 'Success');
      answered(200, await api.get(`${core}/configmaps/a`));
    },
  },
  {
    name: 'a dry run asked for in the query keeps the object where there is no body',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      answered(200, await api.remove(`${core}/configmaps/a`, undefined, { dryRun: 'All' }));
      answered(200, await api.get(`${core}/configmaps/a`));
    },
  },
  {
    name: 'a dry run asked for in the query DELETES where there is a body',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      answered(200, await api.remove(`${core}/configmaps/a`, options({}), { dryRun: 'All' }));
      refused(404, await api.get(`${core}/configmaps/a`), { reason: 'NotFound' });
    },
  },
  {
    name: 'conditions hold in a dry run too',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const dry = options({ dryRun: ['All'], preconditions: { uid: 'other' } });
      refused(409, await api.remove(`${core}/configmaps/a`, dry), { reason: 'Conflict' });
    },
  },
  {
    name: 'with a finalizer: 200 with the object, terminating until the finalizer is taken off',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(
        201,
        await api.create(`${core}/configmaps`, configMap('a', {}, { finalizers: ['example.com/a'] })),
      );
      const going = answered(200, await api.remove(path));
      holds(going, { kind: 'ConfigMap', metadata: { name: 'a', deletionGracePeriodSeconds: 0 } });
      ok(/^\d{4}-/.test(String(at(going, 'metadata', 'deletionTimestamp'))));
      ok(BigInt(versionOf(going)) > BigInt(versionOf(made)));
      const again = answered(200, await api.remove(path));
      equal(versionOf(again), versionOf(going));
      refused(409, await api.create(`${core}/configmaps`, configMap('a', {})), {
        reason: 'AlreadyExists',
        message: 'object is being deleted: configmaps "a" already exists',
      });
      const data = answered(200, await api.mergePatch(path, { data: { x: '1' } }));
      deepEqual(data.data, { x: '1' });
      const freed = answered(200, await api.mergePatch(path, { metadata: { finalizers: null } }));
      equal(freed.kind, 'ConfigMap');
      refused(404, await api.get(path), { reason: 'NotFound' });
    },
  },
  {
    name: 'no finalizer may be added to what is terminating',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, { finalizers: ['example.com/a'] })));
      answered(200, await api.remove(path));
      const more = { metadata: { finalizers: ['example.com/a', 'example.com/b'] } };
      refused(422, await api.mergePatch(path, more), {
        reason: 'Invalid',
        message:
          'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b"}',
      });
      answered(200, await api.mergePatch(path, { metadata: { finalizers: null } }));
    },
  },
  {
    name: 'finalizers must be qualified names',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, configMap('a', {}, { finalizers: ['bare'] })), {
        reason: 'Invalid',
        details: { causes: [{ field: 'metadata.finalizers[0]' }] },
      });
    },
  },
  {
    name: 'a collection goes by selector, and the answer lists what went',
    run: async ({ api, core }) => {
      for (const name of ['a', 'b', 'c']) {
        const labels = { made: 'here', keep: name === 'b' ? 'yes' : 'no' };
        answered(201, await api.create(`${core}/configmaps`, configMap(name, {}, { labels })));
      }
      const gone = answered(200, await api.remove(`${core}/configmaps`, undefined, { labelSelector: 'keep=no' }));
      deepEqual([gone.kind, namesOf(gone)], ['ConfigMapList', ['a', 'c']]);
      const left = answered(200, await api.get(`${core}/configmaps`, { labelSelector: 'made=here' }));
      deepEqual(namesOf(left), ['b']);
    },
  },
];

export const deletion: Theme = { name: 'delete', cases };

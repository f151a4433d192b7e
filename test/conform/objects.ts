/** An object's life through POST, GET, PUT and PATCH, and the versions it goes through. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import {
  answered,
  type Case,
  configMap,
  deployment,
  holds,
  itemsOf,
  nameOf,
  refused,
  type Theme,
  uidOf,
  versionOf,
} from './case.ts';

const staleMessage = (what: string): string =>
  `Operation cannot be fulfilled on ${what}: the object has been modified; please apply your changes to the latest version and try again`;

const cases: readonly Case[] = [
  {
    name: 'POST answers 201 with what the server adds',
    run: async ({ api, core, namespace }) => {
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      holds(made, { kind: 'ConfigMap', apiVersion: 'v1', data: { x: '1' }, metadata: { name: 'a', namespace } });
      match(uidOf(made), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      match(versionOf(made), /^[1-9][0-9]*$/);
      match(String(at(made, 'metadata', 'creationTimestamp')), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      deepEqual(answered(200, await api.get(`${core}/configmaps/a`)), made);
    },
  },
  {
    name: 'POST ignores uid, creationTimestamp, generation and status, and refuses a resourceVersion',
    run: async ({ api, core, apps }) => {
      const metadata = { name: 'web', uid: 'mine', creationTimestamp: '2001-01-01T00:00:00Z', generation: 7 };
      const made = answered(
        201,
        await api.create(`${apps}/deployments`, { ...deployment('web'), metadata, status: { replicas: 9 } }),
      );
      notEqual(uidOf(made), 'mine');
      ok(!JSON.stringify(made).includes('2001-01-01'));
      equal(at(made, 'metadata', 'generation'), 1);
      deepEqual(made.status, {});
      refused(500, await api.create(`${core}/configmaps`, configMap('a', {}, { resourceVersion: '5' })), {
        message: 'resourceVersion should not be set on objects to be created',
      });
    },
  },
  {
    name: 'items of a list have neither kind nor apiVersion, the list has both',
    run: async ({ api, core }) => {
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, { labels: { is: 'mine' } })));
      const list = answered(200, await api.get(`${core}/configmaps`, { labelSelector: 'is=mine' }));
      holds(list, { kind: 'ConfigMapList', apiVersion: 'v1' });
      const [item, ...others] = itemsOf(list);
      deepEqual([others, item?.kind, item?.apiVersion, nameOf(item ?? {})], [[], undefined, undefined, 'a']);
    },
  },
  {
    name: 'PUT replaces; what it leaves out is gone; an equal PUT changes no version',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(
        201,
        await api.create(`${core}/configmaps`, configMap('a', { x: '1' }, { labels: { l: '1' } })),
      );
      const put = answered(200, await api.replace(path, configMap('a', { y: '1' })));
      deepEqual([put.data, at(put, 'metadata', 'labels')], [{ y: '1' }, undefined]);
      equal(uidOf(put), uidOf(made));
      ok(BigInt(versionOf(put)) > BigInt(versionOf(made)));
      const again = answered(200, await api.replace(path, put));
      equal(versionOf(again), versionOf(put));
    },
  },
  {
    name: 'PUT checks the version and the uid it is given',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      answered(200, await api.replace(path, configMap('a', { x: '2' })));
      const stale = configMap('a', { x: '3' }, { resourceVersion: versionOf(made) });
      refused(409, await api.replace(path, stale), {
        reason: 'Conflict',
        message: staleMessage('configmaps "a"'),
        details: { name: 'a', kind: 'configmaps' },
      });
      refused(409, await api.replace(path, configMap('a', {}, { uid: 'other' })), {
        reason: 'Conflict',
        message:
          /^Operation cannot be fulfilled on configmaps "a": .*Precondition failed: UID in precondition: other, UID in object meta: /,
      });
    },
  },
  {
    name: 'PUT of an absent object is 404, but creates a Lease',
    run: async ({ api, core, group }) => {
      refused(404, await api.replace(`${core}/configmaps/a`, configMap('a', {})), { reason: 'NotFound' });
      const versioned = configMap('a', {}, { resourceVersion: '5' });
      refused(404, await api.replace(`${core}/configmaps/a`, versioned), { reason: 'NotFound' });
      const leases = group('coordination.k8s.io/v1');
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a' }, spec: {} };
      answered(201, await api.replace(`${leases}/leases/a`, lease));
      refused(422, await api.replace(`${leases}/leases/a`, lease), {
        reason: 'Invalid',
        message:
          'leases.coordination.k8s.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
      });
    },
  },
  {
    name: 'PUT of a Lease changes the version it names and no other',
    run: async ({ api, group }) => {
      const leases = group('coordination.k8s.io/v1');
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a' }, spec: {} };
      const made = answered(201, await api.create(`${leases}/leases`, lease));
      const held = (by: string, version: string): JsonObject => ({
        ...lease,
        metadata: { name: 'a', resourceVersion: version },
        spec: { holderIdentity: by, leaseDurationSeconds: 15, renewTime: '2024-01-02T03:04:05.678901Z' },
      });
      const taken = answered(200, await api.replace(`${leases}/leases/a`, held('me', versionOf(made))));
      equal(at(taken, 'spec', 'renewTime'), '2024-01-02T03:04:05.678901Z');
      refused(409, await api.replace(`${leases}/leases/a`, held('you', versionOf(made))), { reason: 'Conflict' });
    },
  },
  {
    name: 'the version rises with every change, whatever changes',
    run: async ({ api, core }) => {
      const first = answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      const second = answered(201, await api.create(`${core}/secrets`, { metadata: { name: 'b' } }));
      const third = answered(200, await api.mergePatch(`${core}/configmaps/a`, { data: { x: '1' } }));
      ok(BigInt(versionOf(first)) < BigInt(versionOf(second)));
      ok(BigInt(versionOf(second)) < BigInt(versionOf(third)));
    },
  },
  {
    name: 'generation counts changes of the spec and of nothing else',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const generation = async (change: Promise<{ readonly json: JsonObject }>): Promise<unknown> =>
        at((await change).json, 'metadata', 'generation');
      equal(await generation(api.create(`${apps}/deployments`, deployment('web', { replicas: 0 }))), 1);
      equal(await generation(api.mergePatch(path, { metadata: { labels: { a: '1' } } })), 1);
      equal(await generation(api.mergePatch(path, { spec: { replicas: 0 } })), 1);
      equal(await generation(api.mergePatch(path, { spec: { minReadySeconds: 1 } })), 2);
      equal(await generation(api.mergePatch(`${path}/status`, { status: { collisionCount: 3 } })), 2);
      equal(await generation(api.mergePatch(path, { metadata: { generation: 9 } })), 2);
    },
  },
  {
    name: 'a kind without a spec has no generation',
    run: async ({ api, core }) => {
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      equal(at(made, 'metadata', 'generation'), undefined);
    },
  },
];

export const objects: Theme = { name: 'objects', cases };

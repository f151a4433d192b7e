/** Server-side apply of less than before: what goes, what stays, what falls back to its default. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, entriesOf, entry, type Theme } from './case.ts';

const scaled = (replicas: number | undefined): JsonObject =>
  deployment('web', { paused: true, ...(replicas === undefined ? {} : { replicas }) });

/** Only what hands over the replicas says. */
const replicasOnly = (replicas: number): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas },
});

const managersOf = (object: JsonObject): readonly unknown[] =>
  entriesOf(object).map(({ operation, manager }) => `${operation} ${manager}`);

const cases: readonly Case[] = [
  {
    name: 'a field that only we owned is removed',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' }, { labels: { l: '1', m: '1' } })));
      const less = answered(200, await api.apply(path, configMap('a', { y: '1' }, { labels: { m: '1' } })));
      deepEqual([less.data, at(less, 'metadata', 'labels')], [{ y: '1' }, { m: '1' }]);
    },
  },
  {
    name: 'the last field of a map takes the map with it',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' }, { labels: { l: '1' } })));
      const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
      const less = answered(200, await api.apply(path, bare));
      deepEqual([less.data, at(less, 'metadata', 'labels')], [undefined, undefined]);
    },
  },
  {
    name: 'a field that another also owns stays',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' }), { manager: 'one' }));
      answered(200, await api.apply(path, configMap('a', { x: '1' }), { manager: 'two' }));
      const less = answered(200, await api.apply(path, configMap('a', { y: '1' }), { manager: 'one' }));
      deepEqual(less.data, { x: '1', y: '1' });
      deepEqual(entriesOf(less), [
        entry('Apply', 'one', 'v1', { 'f:data': { 'f:y': {} } }),
        entry('Apply', 'two', 'v1', { 'f:data': { 'f:x': {} } }),
      ]);
    },
  },
  {
    name: 'after POST, a field dropped from the manifest stays for ever',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const query = { fieldManager: 'applier' };
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1', y: '1' }), query));
      answered(200, await api.apply(path, configMap('a', { x: '1', y: '1' })));
      const less = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(less.data, { x: '1', y: '1' });
      deepEqual(managersOf(less), ['Apply applier', 'Update applier']);
    },
  },
  {
    name: 'a field with a default falls back to it: replicas left out become 1',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, scaled(5)));
      const released = answered(200, await api.apply(path, scaled(undefined)));
      equal(at(released, 'spec', 'replicas'), 1);
    },
  },
  {
    name: 'replicas that the autoscaler has written already stay when left out',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, scaled(5)));
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 7 } }, { fieldManager: 'autoscaler' }));
      const released = answered(200, await api.apply(path, scaled(undefined)));
      equal(at(released, 'spec', 'replicas'), 7);
    },
  },
  {
    name: 'release: the live value applied by another manager first, then left out, stays',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, scaled(5)));
      answered(200, await api.apply(path, replicasOnly(5), { manager: 'released' }));
      const released = answered(200, await api.apply(path, scaled(undefined)));
      equal(at(released, 'spec', 'replicas'), 5);
      // A scale then takes the field from whom it was released to, and nobody stands in its way.
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 9 } }, { fieldManager: 'autoscaler' }));
      const after = answered(200, await api.apply(path, scaled(undefined)));
      equal(at(after, 'spec', 'replicas'), 9);
      deepEqual(managersOf(after), ['Apply applier', 'Update autoscaler']);
    },
  },
  {
    name: 'a defaulted field may be owned, dropped, and is back as default with no owner',
    run: async ({ api, core }) => {
      const path = `${core}/services/web`;
      const service = (spec: JsonObject): JsonObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { ports: [{ port: 80 }], ...spec },
      });
      answered(201, await api.apply(path, service({ sessionAffinity: 'ClientIP' })));
      const dropped = answered(200, await api.apply(path, service({})));
      equal(at(dropped, 'spec', 'sessionAffinity'), 'None');
      equal(at(entriesOf(dropped)[0], 'fieldsV1', 'f:spec', 'f:sessionAffinity'), undefined);
    },
  },
  {
    name: 'adoption after client-side apply: entries rewritten in one patch let dropped fields go',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const old = { fieldManager: 'kubectl-client-side-apply' };
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1', y: '1' }), old));
      const kept = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(
        [kept.data, managersOf(kept)],
        [{ x: '1', y: '1' }, ['Apply applier', 'Update kubectl-client-side-apply']],
      );

      const live = answered(200, await api.get(path));
      const owned = { 'f:data': { 'f:x': {}, 'f:y': {} } };
      const time = '2024-01-02T03:04:05Z';
      const adopted = await api.jsonPatch(path, [
        { op: 'test', path: '/metadata/resourceVersion', value: at(live, 'metadata', 'resourceVersion') ?? null },
        {
          op: 'replace',
          path: '/metadata/managedFields',
          value: [{ ...entry('Apply', 'applier', 'v1', owned), time }],
        },
      ]);
      deepEqual(entriesOf(answered(200, adopted)), [entry('Apply', 'applier', 'v1', owned)]);
      const gone = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(gone.data, { x: '1' });
    },
  },
];

export const ssaRemoval: Theme = { name: 'ssa-removal', cases };

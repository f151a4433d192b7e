/** Dry runs of every write: the answer is whole, the store untouched. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, refused, type Theme, uidOf } from './case.ts';

const dry = { dryRun: 'All' };

const cases: readonly Case[] = [
  {
    name: 'create: 201 with uid and defaults, no version, and nothing there after',
    run: async ({ api, apps }) => {
      const made = answered(201, await api.create(`${apps}/deployments`, deployment('web'), dry));
      ok(uidOf(made).length === 36);
      equal(at(made, 'metadata', 'resourceVersion'), undefined);
      equal(at(made, 'spec', 'replicas'), 1);
      refused(404, await api.get(`${apps}/deployments/web`), { reason: 'NotFound' });
    },
  },
  {
    name: 'apply of an absent object: 201 and nothing there after',
    run: async ({ api, core }) => {
      const made = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' }), { query: dry }));
      equal(at(made, 'metadata', 'resourceVersion'), undefined);
      refused(404, await api.get(`${core}/configmaps/a`), { reason: 'NotFound' });
    },
  },
  {
    name: 'every change answers what would be, at the version that is',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const changes: readonly (readonly [string, Promise<{ readonly json: JsonObject }>])[] = [
        ['PUT', api.replace(path, configMap('a', { x: '2' }), dry)],
        ['merge', api.mergePatch(path, { data: { x: '2' } }, dry)],
        ['strategic', api.strategicPatch(path, { data: { x: '2' } }, dry)],
        ['JSON', api.jsonPatch(path, [{ op: 'replace', path: '/data/x', value: '2' }], dry)],
        ['apply', api.apply(path, configMap('a', { x: '2' }), { query: dry })],
      ];
      for (const [name, change] of changes) {
        const { json } = await change;
        deepEqual(
          [json.data, at(json, 'metadata', 'resourceVersion')],
          [{ x: '2' }, at(made, 'metadata', 'resourceVersion')],
          name,
        );
      }
      deepEqual(answered(200, await api.get(path)), made);
    },
  },
  {
    name: 'validation and conditions hold',
    run: async ({ api, core, apps }) => {
      refused(422, await api.create(`${apps}/deployments`, deployment('web', { replicas: -1 }), dry), {
        reason: 'Invalid',
      });
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {})));
      refused(409, await api.create(`${core}/configmaps`, configMap('a', {}), dry), { reason: 'AlreadyExists' });
      refused(409, await api.replace(`${core}/configmaps/a`, configMap('a', {}, { resourceVersion: '1' }), dry), {
        reason: 'Conflict',
      });
    },
  },
  {
    name: 'scale and status',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.create(`${apps}/deployments`, deployment('web', { replicas: 0, paused: true })));
      const scaled = answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 3 } }, dry));
      equal(at(scaled, 'spec', 'replicas'), 3);
      const status = answered(200, await api.mergePatch(`${path}/status`, { status: { collisionCount: 7 } }, dry));
      equal(at(status, 'status', 'collisionCount'), 7);
      const live = answered(200, await api.get(path));
      deepEqual([at(live, 'spec', 'replicas'), at(live, 'status', 'collisionCount')], [0, undefined]);
    },
  },
  {
    name: 'a namespace made in a dry run is not there for what would go into it',
    run: async ({ api, namespace }) => {
      const name = `${namespace}-dry`;
      answered(201, await api.create('/api/v1/namespaces', { metadata: { name } }, dry));
      refused(404, await api.create(`/api/v1/namespaces/${name}/configmaps`, configMap('a', {}), dry), {
        reason: 'NotFound',
        message: `namespaces "${name}" not found`,
      });
    },
  },
  {
    name: '422 for a dry run of another kind',
    run: async ({ api, core }) => {
      refused(422, await api.create(`${core}/configmaps`, configMap('a', {}), { dryRun: 'Some' }), {
        reason: 'Invalid',
        message:
          'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
      });
    },
  },
];

export const dryRun: Theme = { name: 'dry-run', cases };

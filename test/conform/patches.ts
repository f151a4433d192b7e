/** The three patches that are no apply: merge, strategic merge and JSON patch. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, isArray, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, refused, type Theme, versionOf } from './case.ts';

const containers = (...parts: readonly JsonObject[]): JsonObject => ({
  spec: { template: { spec: { containers: parts } } },
});
const containersOf = (object: JsonObject): readonly Json[] => {
  const list = at(object, 'spec', 'template', 'spec', 'containers');
  return isArray(list) ? list : [];
};
const partOf = (list: readonly Json[], field: string): readonly unknown[] => list.map((item) => at(item, field));

const cases: readonly Case[] = [
  {
    name: 'merge: sets, removes by null, replaces lists',
    run: async ({ api, core }) => {
      const metadata = { labels: { keep: '1', drop: '1' }, finalizers: ['example.com/a', 'example.com/b'] };
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1', y: '1' }, metadata)));
      const patch = { data: { x: null, z: '1' }, metadata: { labels: { drop: null }, finalizers: ['example.com/c'] } };
      const patched = answered(200, await api.mergePatch(`${core}/configmaps/a`, patch));
      deepEqual(patched.data, { y: '1', z: '1' });
      deepEqual(at(patched, 'metadata', 'labels'), { keep: '1' });
      deepEqual(at(patched, 'metadata', 'finalizers'), ['example.com/c']);
      await api.mergePatch(`${core}/configmaps/a`, { metadata: { finalizers: null } });
    },
  },
  {
    name: 'merge: nothing new changes no version; an absent object is 404',
    run: async ({ api, core }) => {
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      const patched = answered(200, await api.mergePatch(`${core}/configmaps/a`, { data: { x: '1' } }));
      equal(versionOf(patched), versionOf(made));
      refused(404, await api.mergePatch(`${core}/configmaps/absent`, {}), { reason: 'NotFound' });
    },
  },
  {
    name: 'merge: a version or uid in the patch is a condition',
    run: async ({ api, core }) => {
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      const version = versionOf(made);
      answered(
        200,
        await api.mergePatch(`${core}/configmaps/a`, { metadata: { resourceVersion: version }, data: { x: '2' } }),
      );
      refused(409, await api.mergePatch(`${core}/configmaps/a`, { metadata: { resourceVersion: version } }), {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      });
      refused(422, await api.mergePatch(`${core}/configmaps/a`, { metadata: { uid: 'other' } }), {
        reason: 'Invalid',
        message: 'ConfigMap "a" is invalid: metadata.uid: Invalid value: "other": field is immutable',
      });
    },
  },
  {
    name: 'strategic: merges containers and their ports and environment by key',
    run: async ({ api, apps }) => {
      const made = deployment('web', {}, { env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] });
      answered(201, await api.create(`${apps}/deployments`, made));
      const patch = containers(
        { name: 'main', image: 'registry.example/main:2', env: [{ name: 'B', value: '2' }] },
        { name: 'side', image: 'registry.example/side:1' },
      );
      const patched = answered(200, await api.strategicPatch(`${apps}/deployments/web`, patch));
      deepEqual(partOf(containersOf(patched), 'name').toSorted(), ['main', 'side']);
      const main = containersOf(patched).find((each) => at(each, 'name') === 'main');
      equal(at(main, 'image'), 'registry.example/main:2');
      const env = at(main, 'env');
      deepEqual(isArray(env) ? partOf(env, 'name').toSorted() : [], ['A', 'B']);
      deepEqual(at(main, 'ports'), [{ containerPort: 80, protocol: 'TCP' }]);
    },
  },
  {
    name: 'strategic: $patch delete and replace, null and $setElementOrder',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(
        201,
        await api.create(`${apps}/deployments`, deployment('web', {}, { env: [{ name: 'A', value: '1' }] })),
      );
      const side = { name: 'side', image: 'registry.example/side:1' };
      answered(200, await api.strategicPatch(path, containers(side)));
      const order = [{ name: 'side' }, { name: 'main' }];
      const ordered = answered(
        200,
        await api.strategicPatch(path, {
          spec: { template: { spec: { '$setElementOrder/containers': order, containers: [] } } },
        }),
      );
      deepEqual(partOf(containersOf(ordered), 'name'), ['side', 'main']);
      const bare = answered(200, await api.strategicPatch(path, containers({ name: 'main', env: null })));
      equal(at(containersOf(bare)[1], 'env'), undefined);
      const alone = answered(200, await api.strategicPatch(path, containers({ name: 'side', $patch: 'delete' })));
      deepEqual(partOf(containersOf(alone), 'name'), ['main']);
      const selector = { spec: { strategy: { $patch: 'replace', type: 'Recreate' } } };
      const replaced = answered(200, await api.strategicPatch(path, selector));
      deepEqual(at(replaced, 'spec', 'strategy'), { type: 'Recreate' });
    },
  },
  {
    name: 'strategic: $deleteFromPrimitiveList on finalizers',
    run: async ({ api, core }) => {
      const metadata = { finalizers: ['example.com/a', 'example.com/b'] };
      answered(201, await api.create(`${core}/configmaps`, configMap('a', {}, metadata)));
      const patch = {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'], finalizers: ['example.com/c'] },
      };
      const patched = answered(200, await api.strategicPatch(`${core}/configmaps/a`, patch));
      deepEqual(at(patched, 'metadata', 'finalizers'), ['example.com/c', 'example.com/b']);
      await api.mergePatch(`${core}/configmaps/a`, { metadata: { finalizers: null } });
    },
  },
  {
    name: 'JSON: operations in order, all or none',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(
        201,
        await api.create(`${core}/configmaps`, configMap('a', { x: '1' }, { annotations: { 'a/b': '1' } })),
      );
      const patched = answered(
        200,
        await api.jsonPatch(path, [
          { op: 'test', path: '/data/x', value: '1' },
          { op: 'replace', path: '/data/x', value: '2' },
          { op: 'copy', from: '/data/x', path: '/data/y' },
          { op: 'move', from: '/metadata/annotations/a~1b', path: '/data/z' },
          { op: 'add', path: '/metadata/labels', value: { is: 'mine' } },
        ]),
      );
      deepEqual(patched.data, { x: '2', y: '2', z: '1' });
      deepEqual(at(patched, 'metadata', 'labels'), { is: 'mine' });
      const removed = answered(200, await api.jsonPatch(path, [{ op: 'remove', path: '/data/z' }]));
      deepEqual(removed.data, { x: '2', y: '2' });
    },
  },
  {
    name: 'JSON: a failed test or a missing path is 422 and changes nothing',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' })));
      const bad: readonly JsonObject[] = [
        { op: 'test', path: '/data/x', value: '2' },
        { op: 'remove', path: '/data/absent' },
        { op: 'replace', path: '/data/absent/deep', value: '1' },
      ];
      for (const operation of bad) {
        const change = [{ op: 'replace', path: '/data/x', value: '9' }, operation];
        refused(422, await api.jsonPatch(path, change), {
          reason: 'Invalid',
          message: 'the server rejected our request due to an error in our request',
        });
      }
      refused(400, await api.jsonPatch(path, {}), { reason: 'BadRequest', message: /^error decoding patch: / });
      equal(versionOf(answered(200, await api.get(path))), versionOf(made));
    },
  },
];

export const patches: Theme = { name: 'patches', cases };

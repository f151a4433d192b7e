/** Server-side apply of lists: maps by key, sets, and atomic ones. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, isArray, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, deployment, entriesOf, entry, refused, type Theme } from './case.ts';

const podOf = (object: JsonObject): Json | undefined => at(object, 'spec', 'template', 'spec');
const listOf = (value: Json | undefined, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};
const namesIn = (list: readonly Json[]): readonly unknown[] => list.map((item) => at(item, 'name'));

/** A Deployment of which only the pod's containers (and more of the pod) are said. */
const pod = (containers: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers, ...more } } },
});

const service = (ports: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { ports, ...more },
});

const cases: readonly Case[] = [
  {
    name: 'containers merge by name, and each applier keeps its own',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, deployment('web', { replicas: 0 })));
      const side = [{ name: 'side', image: 'registry.example/side:1' }];
      const both = answered(200, await api.apply(path, pod(side), { manager: 'injector' }));
      deepEqual(namesIn(listOf(podOf(both), 'containers')).toSorted(), ['main', 'side']);
      const kept = answered(200, await api.apply(path, deployment('web', { replicas: 0 })));
      deepEqual(namesIn(listOf(podOf(kept), 'containers')).toSorted(), ['main', 'side']);
      const gone = answered(200, await api.apply(path, pod([]), { manager: 'injector' }));
      deepEqual(namesIn(listOf(podOf(gone), 'containers')), ['main']);
    },
  },
  {
    name: 'items stand in the order of the applier, new ones of others keep their place',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const env = (...names: readonly string[]): JsonObject =>
        deployment('web', { replicas: 0 }, { env: names.map((name) => ({ name, value: '1' })) });
      const envOf = (object: JsonObject): readonly unknown[] =>
        namesIn(listOf(listOf(podOf(object), 'containers')[0], 'env'));
      deepEqual(envOf(answered(201, await api.apply(path, env('B', 'A')))), ['B', 'A']);
      deepEqual(envOf(answered(200, await api.apply(path, env('A', 'C', 'B')))), ['A', 'C', 'B']);
      const others = pod([{ name: 'main', env: [{ name: 'Z', value: '1' }] }]);
      deepEqual(envOf(answered(200, await api.apply(path, others, { manager: 'other' }))), ['A', 'C', 'B', 'Z']);
      deepEqual(envOf(answered(200, await api.apply(path, env('B', 'C')))), ['B', 'Z', 'C']);
    },
  },
  {
    name: 'volumes and mounts merge by name and by path',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const mounted = (name: string, at: string): readonly [JsonObject, JsonObject] => [
        { name: 'main', volumeMounts: [{ name, mountPath: at }] },
        { volumes: [{ name, emptyDir: {} }] },
      ];
      answered(201, await api.apply(path, deployment('web', { replicas: 0 })));
      answered(200, await api.apply(path, pod([mounted('one', '/1')[0]], mounted('one', '/1')[1]), { manager: 'one' }));
      const both = answered(
        200,
        await api.apply(path, pod([mounted('two', '/2')[0]], mounted('two', '/2')[1]), { manager: 'two' }),
      );
      deepEqual(namesIn(listOf(podOf(both), 'volumes')).toSorted(), ['one', 'two']);
      const mounts = listOf(listOf(podOf(both), 'containers')[0], 'volumeMounts');
      deepEqual(mounts.map((mount) => at(mount, 'mountPath')).toSorted(), ['/1', '/2']);
      deepEqual(entriesOf(both).find((each) => each.manager === 'two')?.fieldsV1, {
        'f:spec': {
          'f:template': {
            'f:spec': {
              'f:containers': {
                'k:{"name":"main"}': {
                  '.': {},
                  'f:name': {},
                  'f:volumeMounts': { 'k:{"mountPath":"/2"}': { '.': {}, 'f:mountPath': {}, 'f:name': {} } },
                },
              },
              'f:volumes': { 'k:{"name":"two"}': { '.': {}, 'f:emptyDir': {}, 'f:name': {} } },
            },
          },
        },
      });
    },
  },
  {
    name: 'ports of a Service merge by number and protocol',
    run: async ({ api, core }) => {
      const path = `${core}/services/web`;
      const web = { name: 'web', port: 80 };
      const made = answered(201, await api.apply(path, service([web])));
      deepEqual(entriesOf(made), [
        entry('Apply', 'applier', 'v1', {
          'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } },
        }),
      ]);
      const dns = { name: 'dns', port: 80, protocol: 'UDP' };
      const both = answered(200, await api.apply(path, service([dns]), { manager: 'other' }));
      deepEqual(namesIn(listOf(at(both, 'spec'), 'ports')).toSorted(), ['dns', 'web']);
      const alone = answered(200, await api.apply(path, service([{ name: 'web', port: 81 }])));
      deepEqual(
        listOf(at(alone, 'spec'), 'ports')
          .map((port) => [at(port, 'name'), at(port, 'port')])
          .toSorted(),
        [
          ['dns', 80],
          ['web', 81],
        ],
      );
    },
  },
  {
    name: 'finalizers are a set: each applier adds and takes its own',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const with_ = (...finalizers: readonly string[]): JsonObject => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', finalizers },
      });
      const finalizersOf = (object: JsonObject): readonly Json[] => listOf(at(object, 'metadata'), 'finalizers');
      const made = answered(201, await api.apply(path, with_('example.com/a', 'example.com/b')));
      deepEqual(entriesOf(made)[0]?.fieldsV1, {
        'f:metadata': { 'f:finalizers': { 'v:"example.com/a"': {}, 'v:"example.com/b"': {} } },
      });
      const more = answered(200, await api.apply(path, with_('example.com/c'), { manager: 'other' }));
      deepEqual(finalizersOf(more).toSorted(), ['example.com/a', 'example.com/b', 'example.com/c']);
      const fewer = answered(200, await api.apply(path, with_('example.com/b')));
      deepEqual(finalizersOf(fewer).toSorted(), ['example.com/b', 'example.com/c']);
      refused(500, await api.apply(path, with_('example.com/b', 'example.com/b')), {
        message:
          'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .metadata.finalizers: duplicate entries for key [="example.com/b"]',
      });
      answered(200, await api.mergePatch(path, { metadata: { finalizers: null } }));
    },
  },
  {
    name: 'ownerReferences merge by uid',
    run: async ({ api, core }) => {
      const owner = answered(201, await api.create(`${core}/configmaps`, configMap('owner', {})));
      const uid = String(at(owner, 'metadata', 'uid'));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
      const made = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', {}, { ownerReferences })));
      deepEqual(entriesOf(made)[0]?.fieldsV1, {
        'f:data': {},
        'f:metadata': { 'f:ownerReferences': { [`k:{"uid":"${uid}"}`]: {} } },
      });
    },
  },
  {
    name: 'command and arguments are atomic: one owner, replaced as a whole',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, deployment('web', { replicas: 0 }, { args: ['a', 'b'] })));
      const other = pod([{ name: 'main', args: ['a'] }]);
      refused(409, await api.apply(path, other, { manager: 'other' }), {
        reason: 'Conflict',
        message:
          'Apply failed with 1 conflict: conflict with "applier": .spec.template.spec.containers[name="main"].args',
      });
      const replaced = answered(200, await api.apply(path, deployment('web', { replicas: 0 }, { args: ['c'] })));
      deepEqual(at(listOf(podOf(replaced), 'containers')[0], 'args'), ['c']);
    },
  },
  {
    name: 'selectors are atomic maps',
    run: async ({ api, core }) => {
      const path = `${core}/services/web`;
      const ports = [{ port: 80 }];
      const made = answered(201, await api.apply(path, service(ports, { selector: { app: 'web', tier: 'front' } })));
      equal(JSON.stringify(at(entriesOf(made)[0], 'fieldsV1', 'f:spec', 'f:selector')), '{}');
      const fewer = answered(200, await api.apply(path, service(ports, { selector: { app: 'web' } })));
      deepEqual(at(fewer, 'spec', 'selector'), { app: 'web' });
      refused(409, await api.apply(path, service([], { selector: { app: 'web', x: '1' } }), { manager: 'other' }), {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "applier": .spec.selector',
      });
    },
  },
];

export const ssaLists: Theme = { name: 'ssa-lists', cases };

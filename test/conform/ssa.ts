/** Server-side apply: what one applier sees. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import {
  answered,
  type Case,
  configMap,
  deployment,
  entriesOf,
  entry,
  holds,
  refused,
  type Theme,
  uidOf,
  versionOf,
} from './case.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

const cases: readonly Case[] = [
  {
    name: 'creates what is absent (201) with an entry of exactly the fields sent',
    run: async ({ api, core }) => {
      const object = configMap('a', { x: '1' }, { labels: { l: '1' }, annotations: { 'example.com/n': '1' } });
      const made = answered(201, await api.apply(`${core}/configmaps/a`, object));
      holds(made, { kind: 'ConfigMap', apiVersion: 'v1', data: { x: '1' } });
      deepEqual(entriesOf(made), [
        entry('Apply', 'applier', 'v1', {
          'f:data': { 'f:x': {} },
          'f:metadata': { 'f:annotations': { 'f:example.com/n': {} }, 'f:labels': { 'f:l': {} } },
        }),
      ]);
    },
  },
  {
    name: 'an equal apply answers 200 and changes neither version nor time',
    run: async ({ api, core }) => {
      const object = configMap('a', { x: '1' });
      const made = answered(201, await api.apply(`${core}/configmaps/a`, object));
      deepEqual(answered(200, await api.apply(`${core}/configmaps/a`, object)), made);
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n';
      deepEqual(answered(200, await api.apply(`${core}/configmaps/a`, yaml)), made);
    },
  },
  {
    name: 'a fresh server keeps a Deployment as it is on an equal apply',
    run: async ({ api, apps }) => {
      const object = { ...deployment('web', { replicas: 0, paused: true }) };
      answered(201, await api.apply(`${apps}/deployments/web`, object));
      const again = answered(200, await api.apply(`${apps}/deployments/web`, object));
      equal(at(again, 'metadata', 'generation'), 1);
      deepEqual(entriesOf(again).length, 1);
    },
  },
  {
    name: 'null in a map of text becomes empty text, and is owned',
    run: async ({ api, core }) => {
      const made = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: null })));
      deepEqual(made.data, { x: '' });
      deepEqual(entriesOf(made), [entry('Apply', 'applier', 'v1', { 'f:data': { 'f:x': {} } })]);
    },
  },
  {
    name: 'null for an optional field is owned but not stored',
    run: async ({ api, core }) => {
      const object: JsonObject = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', labels: null },
        data: {},
      };
      const made = answered(201, await api.apply(`${core}/configmaps/a`, object));
      deepEqual([made.data, at(made, 'metadata', 'labels')], [undefined, undefined]);
      deepEqual(entriesOf(made), [entry('Apply', 'applier', 'v1', { 'f:data': {}, 'f:metadata': { 'f:labels': {} } })]);
    },
  },
  {
    name: 'what generators leave in a manifest: status and creationTimestamp are nobody’s, but in a template they are owned',
    run: async ({ api, apps }) => {
      const plain = deployment('web', { replicas: 0 });
      const template = {
        metadata: { labels: { app: 'web' }, creationTimestamp: null },
        spec: at(plain, 'spec', 'template', 'spec') ?? {},
      };
      const object = {
        ...deployment('web', { replicas: 0, strategy: {}, template }),
        metadata: { name: 'web', creationTimestamp: null },
        status: {},
      };
      const made = answered(201, await api.apply(`${apps}/deployments/web`, object));
      deepEqual(entriesOf(made), [
        entry('Apply', 'applier', 'apps/v1', {
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:strategy': {},
            'f:template': {
              'f:metadata': { 'f:creationTimestamp': {}, 'f:labels': { 'f:app': {} } },
              'f:spec': { 'f:containers': { 'k:{"name":"main"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
            },
          },
        }),
      ]);
      const again = answered(200, await api.apply(`${apps}/deployments/web`, object));
      deepEqual(
        [at(again, 'metadata', 'creationTimestamp'), at(again, 'metadata', 'generation')],
        [at(made, 'metadata', 'creationTimestamp'), 1],
      );
    },
  },
  {
    name: 'an empty map is owned where an absent one is not',
    run: async ({ api, core }) => {
      const empty = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', {})));
      deepEqual(entriesOf(empty), [entry('Apply', 'applier', 'v1', { 'f:data': {} })]);
      const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
      const absent = answered(200, await api.apply(`${core}/configmaps/a`, bare));
      deepEqual(entriesOf(absent), []);
    },
  },
  {
    name: 'needs a field manager of at most 128 bytes, and force only here',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const patch = { body: configMap('a', {}), headers: { 'content-type': 'application/apply-patch+yaml' } };
      refused(422, await api.request('PATCH', path, patch), {
        reason: 'Invalid',
        message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        details: {
          group: 'meta.k8s.io',
          kind: 'PatchOptions',
          causes: [
            {
              reason: 'FieldValueRequired',
              message: 'Required value: is required for apply patch',
              field: 'fieldManager',
            },
          ],
        },
      });
      refused(422, await api.apply(path, configMap('a', {}), { manager: 'x'.repeat(129) }), {
        reason: 'Invalid',
        message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
      });
      answered(201, await api.apply(path, configMap('a', {}), { manager: 'x'.repeat(128) }));
      refused(422, await api.mergePatch(path, {}, { force: 'true' }), {
        reason: 'Invalid',
        message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
      });
    },
  },
  {
    name: '404 in a namespace that is not there, dry run or not',
    isClusterWide: true,
    run: async ({ api }) => {
      const path = '/api/v1/namespaces/conform-nowhere/configmaps/a';
      for (const query of [{}, { dryRun: 'All' }]) {
        refused(404, await api.apply(path, configMap('a', {}), { query }), {
          reason: 'NotFound',
          message: 'namespaces "conform-nowhere" not found',
          details: { name: 'conform-nowhere', kind: 'namespaces' },
        });
      }
    },
  },
  {
    name: 'version 1 means only if absent',
    run: async ({ api, core }) => {
      const object = configMap('a', { x: '1' }, { resourceVersion: '1' });
      answered(201, await api.apply(`${core}/configmaps/a`, object));
      refused(409, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '2' }, { resourceVersion: '1' })), {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      });
      answered(201, await api.apply(`${core}/configmaps/b`, configMap('b', {}, { resourceVersion: '12345' })));
    },
  },
  {
    name: 'a version that is the newest passes, an older one is 409 even when nothing would change',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const first = answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const at1 = (x: string): JsonObject => configMap('a', { x }, { resourceVersion: versionOf(first) });
      answered(200, await api.apply(path, at1('1')));
      answered(200, await api.apply(path, at1('2')));
      refused(409, await api.apply(path, at1('2')), { reason: 'Conflict' });
    },
  },
  {
    name: 'a uid means only this very object',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      refused(409, await api.apply(path, configMap('a', {}, { uid: nobody })), {
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid ${nobody}, and no existing object was found`,
        details: { name: 'a', kind: 'configmaps' },
      });
      const made = answered(201, await api.apply(path, configMap('a', { x: '1' })));
      answered(200, await api.apply(path, configMap('a', { x: '2' }, { uid: uidOf(made) })));
      answered(200, await api.remove(path));
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      refused(422, await api.apply(path, configMap('a', { x: '2' }, { uid: uidOf(made) })), {
        reason: 'Invalid',
        message: `ConfigMap "a" is invalid: metadata.uid: Invalid value: "${uidOf(made)}": field is immutable`,
        details: { name: 'a', kind: 'ConfigMap' },
      });
    },
  },
  {
    name: 'the object must say what and who it is',
    run: async ({ api, core, apps }) => {
      const bad: readonly (readonly [string, JsonObject, string])[] = [
        [
          `${core}/configmaps/a`,
          configMap('b', {}),
          'the name of the object (b) does not match the name on the URL (a)',
        ],
        [
          `${core}/configmaps/a`,
          { apiVersion: 'v1', kind: 'ConfigMap' },
          'the name of the object (a based on URL) was undeterminable: name must be provided',
        ],
        [
          `${core}/configmaps/a`,
          { kind: 'ConfigMap', metadata: { name: 'a' } },
          'invalid object type: /, Kind=ConfigMap',
        ],
        [`${core}/configmaps/a`, { ...configMap('a', {}), kind: 'Secret' }, 'invalid object type: /v1, Kind=Secret'],
        [
          `${apps}/deployments/a`,
          { ...deployment('a'), apiVersion: 'apps/v9' },
          'invalid object type: apps/v9, Kind=Deployment',
        ],
        [`${core}/configmaps/a`, configMap('a', {}, { managedFields: [] }), 'metadata.managedFields must be nil'],
        [
          `${core}/configmaps/a`,
          configMap('a', {}, { namespace: 'other' }),
          'the namespace of the provided object does not match the namespace sent on the request',
        ],
      ];
      for (const [path, object, message] of bad)
        refused(400, await api.apply(path, object), { reason: 'BadRequest', message });
    },
  },
];

export const ssa: Theme = { name: 'ssa', cases };

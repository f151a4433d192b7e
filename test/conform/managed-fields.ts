/** What managedFields holds after each kind of write: the record that drift detection reads. */
import { deepEqual, match, notEqual } from 'node:assert/strict';
import { at, isArray, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, configMap, entriesOf, entry, refused, type Theme, versionOf } from './case.ts';

const rawEntries = (object: JsonObject): readonly Json[] => {
  const entries = at(object, 'metadata', 'managedFields');
  return isArray(entries) ? entries : [];
};
const before = 'before-first-apply';
const onX = { 'f:data': { 'f:x': {} } };

const cases: readonly Case[] = [
  {
    name: 'POST: an Update entry with a dot for each map it made',
    run: async ({ api, core }) => {
      const object = configMap('a', { x: '1' }, { labels: { l: '1' }, finalizers: ['example.com/a'] });
      const made = answered(201, await api.create(`${core}/configmaps`, object, { fieldManager: 'creator' }));
      deepEqual(entriesOf(made), [
        entry('Update', 'creator', 'v1', {
          'f:data': { '.': {}, 'f:x': {} },
          'f:metadata': {
            'f:finalizers': { '.': {}, 'v:"example.com/a"': {} },
            'f:labels': { '.': {}, 'f:l': {} },
          },
        }),
      ]);
      answered(200, await api.mergePatch(`${core}/configmaps/a`, { metadata: { finalizers: null } }));
    },
  },
  {
    name: 'POST: defaults count as fields of the creator',
    run: async ({ api, core }) => {
      const service = { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } };
      const made = answered(201, await api.create(`${core}/services`, service, { fieldManager: 'creator' }));
      deepEqual(entriesOf(made), [
        entry('Update', 'creator', 'v1', {
          'f:spec': {
            'f:internalTrafficPolicy': {},
            'f:ports': {
              '.': {},
              'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} },
            },
            'f:sessionAffinity': {},
            'f:type': {},
          },
        }),
      ]);
    },
  },
  {
    name: 'a manager that is not named is the first word of the user agent',
    run: async ({ api, core }) => {
      const ask = { body: configMap('a', { x: '1' }), headers: { 'user-agent': 'tool/v1.2 (linux)' } };
      const made = answered(201, await api.request('POST', `${core}/configmaps`, ask));
      deepEqual(
        entriesOf(made).map((each) => each.manager),
        ['tool'],
      );
      const anonymous = answered(201, await api.create(`${core}/configmaps`, configMap('b', { x: '1' })));
      deepEqual(
        entriesOf(anonymous).map((each) => each.manager),
        ['unknown'],
      );
    },
  },
  {
    name: 'merge patch: takes changed fields from the applier, leaves equal ones',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' })));
      const patched = answered(
        200,
        await api.mergePatch(path, { data: { x: '2', y: '1', z: '1' } }, { fieldManager: 'editor' }),
      );
      deepEqual(entriesOf(patched), [
        entry('Apply', 'applier', 'v1', { 'f:data': { 'f:y': {} } }),
        entry('Update', 'editor', 'v1', { 'f:data': { 'f:x': {}, 'f:z': {} } }),
      ]);
    },
  },
  {
    name: 'a removed field leaves every entry',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' })));
      const patched = answered(200, await api.mergePatch(path, { data: { y: null } }, { fieldManager: 'editor' }));
      deepEqual(entriesOf(patched), [entry('Apply', 'applier', 'v1', onX)]);
    },
  },
  {
    name: 'PUT: the same value keeps its owner, another moves, a missing one is nobody’s',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1', z: '1' })));
      const put = answered(
        200,
        await api.replace(path, configMap('a', { x: '1', y: '2' }), { fieldManager: 'editor' }),
      );
      deepEqual(entriesOf(put), [
        entry('Apply', 'applier', 'v1', onX),
        entry('Update', 'editor', 'v1', { 'f:data': { 'f:y': {} } }),
      ]);
    },
  },
  {
    name: 'strategic and JSON patches move fields as merge patches do',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1', z: '1' })));
      answered(200, await api.strategicPatch(path, { data: { x: '2' } }, { fieldManager: 'one' }));
      const change = [{ op: 'replace', path: '/data/y', value: '2' }];
      const patched = answered(200, await api.jsonPatch(path, change, { fieldManager: 'two' }));
      deepEqual(entriesOf(patched), [
        entry('Apply', 'applier', 'v1', { 'f:data': { 'f:z': {} } }),
        entry('Update', 'one', 'v1', onX),
        entry('Update', 'two', 'v1', { 'f:data': { 'f:y': {} } }),
      ]);
    },
  },
  {
    name: 'one manager may have an Apply and an Update entry',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const patched = answered(200, await api.mergePatch(path, { data: { y: '1' } }, { fieldManager: 'applier' }));
      deepEqual(entriesOf(patched), [
        entry('Apply', 'applier', 'v1', onX),
        entry('Update', 'applier', 'v1', { 'f:data': { 'f:y': {} } }),
      ]);
    },
  },
  {
    name: 'a value changed by Update loses its Apply owner though the manager is the same',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' })));
      const patched = answered(200, await api.mergePatch(path, { data: { x: '2' } }, { fieldManager: 'applier' }));
      deepEqual(entriesOf(patched), [
        entry('Apply', 'applier', 'v1', { 'f:data': { 'f:y': {} } }),
        entry('Update', 'applier', 'v1', onX),
      ]);
    },
  },
  {
    name: 'cleared by a list with one empty entry; the next apply finds a stand-in owner',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const cleared = answered(200, await api.mergePatch(path, { metadata: { managedFields: [{}] } }));
      deepEqual(rawEntries(cleared), []);
      const again = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(entriesOf(again), [
        entry('Apply', 'applier', 'v1', onX),
        entry('Update', before, 'v1', { 'f:data': { '.': {}, 'f:x': {} } }),
      ]);
    },
  },
  {
    name: 'cleared with a change: the stand-in owner is in conflict',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const cleared = await api.mergePatch(path, { metadata: { managedFields: [{}] }, data: { x: '2' } });
      deepEqual(rawEntries(answered(200, cleared)), []);
      refused(409, await api.apply(path, configMap('a', { x: '1' })), {
        reason: 'Conflict',
        message: `Apply failed with 1 conflict: conflict with "${before}" using v1: .data.x`,
      });
    },
  },
  {
    name: 'an empty list of entries clears them as well',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.apply(path, configMap('a', { x: '1' })));
      const patched = answered(200, await api.mergePatch(path, { metadata: { managedFields: [] } }));
      deepEqual(rawEntries(patched), []);
      notEqual(versionOf(patched), versionOf(made));
    },
  },
  {
    name: 'each entry has a time of whole seconds',
    run: async ({ api, core }) => {
      const made = answered(201, await api.apply(`${core}/configmaps/a`, configMap('a', { x: '1' })));
      match(String(at(rawEntries(made)[0], 'time')), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    },
  },
  {
    name: 'Apply entries come before Update entries',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' }), { fieldManager: 'a-creator' }));
      const applied = answered(200, await api.apply(path, configMap('a', { x: '1' }), { manager: 'z-applier' }));
      deepEqual(
        rawEntries(applied).map((each) => at(each, 'operation')),
        ['Apply', 'Update'],
      );
    },
  },
];

export const managedFields: Theme = { name: 'managed-fields', cases };

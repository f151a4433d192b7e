/** Ownership after writes that are no applies. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import {
  type Held,
  held,
  managedJson,
  managedText,
  readManaged,
  withManaged,
} from '../../../src/sandbox/merge/managed.ts';
import { managerOf, trackUpdate } from '../../../src/sandbox/merge/update.ts';
import { type Row, Scene, testRows, thing, thingSchema } from './scene.ts';

const rows: readonly Row[] = [
  {
    name: 'who creates owns all of it',
    steps: [{ by: 'one', update: { a: '1', map: { x: '1' }, items: [{ name: 'i' }] } }],
    spec: { a: '1', map: { x: '1' }, items: [{ name: 'i' }] },
    owners: {
      'one/Update@v1': ['.', '.a', '.items', '.map', '.items[name="i"]', '.items[name="i"].name', '.map.x'],
    },
  },
  {
    name: 'who changes a field takes it',
    steps: [
      { by: 'one', update: { a: '1', b: '1' } },
      { by: 'two', update: { a: '2', b: '1' } },
    ],
    spec: { a: '2', b: '1' },
    owners: { 'one/Update@v1': ['.', '.b'], 'two/Update@v1': ['.a'] },
  },
  {
    name: 'who writes the same takes nothing',
    steps: [
      { by: 'one', update: { a: '1' } },
      { by: 'two', update: { a: '1' } },
    ],
    spec: { a: '1' },
    owners: { 'one/Update@v1': ['.', '.a'] },
  },
  {
    name: 'an entry for each version',
    steps: [
      { by: 'one', update: { a: '1' } },
      { by: 'one', update: { a: '1', b: '1' }, at: 'v2' },
      { by: 'one', update: { a: '1', b: '1', c: '1' } },
    ],
    spec: { a: '1', b: '1', c: '1' },
    owners: { 'one/Update@v2': ['.b'], 'one/Update@v1': ['.', '.a', '.c'] },
  },
  {
    name: 'what is removed belongs to nobody',
    steps: [
      { by: 'one', update: { a: '1', b: '1' } },
      { by: 'two', update: { a: '1' } },
    ],
    spec: { a: '1' },
    owners: { 'one/Update@v1': ['.', '.a'] },
  },
  {
    name: 'what an applier owns is taken too',
    steps: [
      { by: 'one', apply: { a: '1', set: ['x'] } },
      { by: 'two', update: { a: '2', set: ['x', 'y'] } },
    ],
    spec: { a: '2', set: ['x', 'y'] },
    owners: { 'one/Apply@v1': ['.set[="x"]'], 'two/Update@v1': ['.a', '.set[="y"]'] },
  },
  {
    name: 'an atomic list is taken as a whole',
    steps: [
      { by: 'one', apply: { steps: ['a'] } },
      { by: 'two', update: { steps: ['a', 'b'] } },
    ],
    spec: { steps: ['a', 'b'] },
    owners: { 'two/Update@v1': ['.steps'] },
  },
];
testRows('trackUpdate', rows);

const schema = thingSchema();
const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const update = (live: Held | undefined, spec: Json, manager: string, second: number, more: JsonObject = {}): Held => {
  const next = thing(spec, 'v1', more);
  return trackUpdate({ live, next, schema, manager, subresource: '', time: at(second) });
};

test('trackUpdate: an eleventh updater merges the two oldest', () => {
  let live = update(undefined, { map: {} }, 'u0', 0);
  for (let index = 1; index <= 11; index += 1) {
    const map = Object.fromEntries(Array.from({ length: index }, (_, key) => [`k${key + 1}`, '1']));
    live = update(live, { map }, `u${index}`, index);
  }
  const managers = live.managed.map(({ manager, time }) => `${manager} ${time?.slice(17, 19)}`);
  deepEqual(managers, [
    'ancient-changes 02',
    'u3 03',
    'u4 04',
    'u5 05',
    'u6 06',
    'u7 07',
    'u8 08',
    'u9 09',
    'u10 10',
    'u11 11',
  ]);
  equal(managedText(live.managed.slice(0, 1)).includes('"f:k1":{},"f:k2":{}'), true);
});

test('trackUpdate: entries are sorted by operation, time and name', () => {
  const scene = new Scene();
  scene.do({ by: 'b', update: { a: '1' } });
  scene.do({ by: 'a', update: { a: '1', b: '1' } });
  scene.do({ by: 'z', apply: { c: '1' } });
  scene.do({ by: 'y', apply: { isOn: true } });
  // Who applies what is there already comes in without a time, and so first.
  scene.do({ by: 'x', apply: { a: '1' } });
  scene.do({ by: 'b', update: { a: '1', b: '1', c: '1', isOn: true, count: 1 } });
  deepEqual(Object.keys(scene.owners()), ['x/Apply@v1', 'z/Apply@v1', 'y/Apply@v1', 'a/Update@v1', 'b/Update@v1']);
});

for (const [name, managedFields] of [
  ['an empty list', []],
  ['one empty entry', [{}]],
] as const) {
  test(`trackUpdate: ${name} of owners forgets them all`, () => {
    const live = update(undefined, { a: '1' }, 'one', 1);
    const metadata = { ...thing(null).metadata, managedFields };
    const bare = update(live, { a: '2' }, 'two', 2, { metadata });
    deepEqual(bare.managed, []);
    equal(bare.object.metadata.managedFields, undefined);
    // From then on nobody is tracked.
    deepEqual(update(bare, { a: '3' }, 'two', 3).managed, []);
  });
}

test('trackUpdate: owners that a client sends are the ones to start from', () => {
  const live = update(undefined, { a: '1', b: '1' }, 'one', 1);
  const entry = {
    manager: 'other',
    operation: 'Apply',
    apiVersion: 'example.com/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:b': {} } },
  };
  const metadata = { ...thing(null).metadata, managedFields: [entry] };
  const after = update(live, { a: '2', b: '1' }, 'two', 2, { metadata });
  deepEqual(
    after.managed.map(({ manager }) => manager),
    ['other', 'two'],
  );
});

test('trackUpdate: malformed owners that a client sends count as none sent', () => {
  const live = update(undefined, { a: '1' }, 'one', 1);
  const metadata = { ...thing(null).metadata, managedFields: [{ manager: 'x', operation: 'Steal' }] };
  deepEqual(update(live, { a: '1' }, 'two', 2, { metadata }).managed, live.managed);
});

test('trackUpdate: a status belongs to who writes it, as of the subresource, and to nobody on the object itself', () => {
  const live = update(undefined, { a: '1' }, 'one', 1, { status: { ready: 'no' } });
  equal(managedText(live.managed).includes('f:status'), false);
  const next = thing({ a: '2' }, 'v1', { status: { ready: 'yes' } });
  const after = trackUpdate({ live, next, schema, manager: 'two', subresource: 'status', time: at(2) });
  deepEqual(
    after.managed.map(({ manager, subresource }) => [manager, subresource]),
    [
      ['one', ''],
      ['two', 'status'],
    ],
  );
  equal(
    managedText(after.managed.slice(1)).includes('"fieldsV1":{"f:status":{"f:ready":{}}},"subresource":"status"'),
    true,
  );
});

for (const [name, query, agent, manager] of [
  ['the query', 'me', 'kubectl/v1.36', 'me'],
  ['the client, up to its version', '', 'kubectl/v1.36 (linux)', 'kubectl'],
  ['a client without a version', '', 'curl', 'curl'],
  ['a client of a long name', '', 'x'.repeat(200), 'x'.repeat(128)],
  ['nobody', '', '', ''],
] as const) {
  test(`managerOf: ${name}`, () => equal(managerOf(query, agent), manager));
}

test('managedText: as clients read it, and back', () => {
  const live = update(undefined, { a: '1', set: ['<'] }, 'one', 1);
  deepEqual(JSON.parse(managedText(live.managed)), managedJson(live.managed));
  deepEqual(held(withManaged(live)), live);
  deepEqual(managedJson(live.managed), [
    {
      manager: 'one',
      operation: 'Update',
      apiVersion: 'example.com/v1',
      time: at(1),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { '.': {}, 'f:a': {}, 'f:set': { '.': {}, 'v:"\\u003c"': {} } } },
    },
  ]);
});

const entry = { manager: 'm', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} };
for (const [name, json] of [
  ['a text', 'x'],
  ['a list of texts', ['x']],
  ['an unknown operation', [{ ...entry, operation: 'x' }]],
  ['no version', [{ ...entry, apiVersion: '' }]],
  ['another type of fields', [{ ...entry, fieldsType: 'FieldsV2' }]],
  ['malformed fields', [{ ...entry, fieldsV1: { a: {} } }]],
] as const) {
  test(`readManaged: refuses ${name}`, () => equal(readManaged(json), undefined));
}

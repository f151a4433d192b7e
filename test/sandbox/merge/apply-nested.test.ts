/** Server-side apply of what is inside of lists and maps. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/core/json/value.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { type Row, Scene, testRows, thingDefinition } from './scene.ts';

const rows: readonly Row[] = [
  {
    name: 'items are owned by their keys',
    steps: [
      {
        by: 'one',
        apply: {
          items: [
            { name: 'a', value: '1' },
            { name: 'b', value: '1' },
          ],
        },
      },
      {
        by: 'two',
        apply: {
          items: [
            { name: 'c', value: '2' },
            { name: 'b', note: 'x' },
          ],
        },
      },
      { by: 'one', apply: { items: [{ name: 'a', value: '2' }] } },
    ],
    spec: {
      items: [
        { name: 'a', value: '2' },
        { name: 'c', value: '2' },
        { name: 'b', note: 'x' },
      ],
    },
    owners: {
      'one/Apply@v1': ['.items[name="a"]', '.items[name="a"].name', '.items[name="a"].value'],
      'two/Apply@v1': [
        '.items[name="b"]',
        '.items[name="c"]',
        '.items[name="b"].name',
        '.items[name="b"].note',
        '.items[name="c"].name',
        '.items[name="c"].value',
      ],
    },
  },
  {
    name: 'an item goes with its last owner, whatever others changed in it',
    steps: [
      { by: 'one', apply: { items: [{ name: 'a', value: '1' }] } },
      { by: 'two', update: { items: [{ name: 'a', value: '2' }] } },
      { by: 'one', apply: {} },
    ],
    spec: {},
    owners: { 'one/Apply@v1': ['.'] },
  },
  {
    name: 'an item that an updater holds by itself stays',
    steps: [
      { by: 'one', apply: { items: [{ name: 'a' }] } },
      { by: 'two', update: { items: [{ name: 'a' }, { name: 'b', value: '1' }] } },
      { by: 'one', apply: {} },
    ],
    spec: { items: [{ name: 'b', value: '1' }] },
    owners: {
      'one/Apply@v1': ['.'],
      'two/Update@v1': ['.items[name="b"]', '.items[name="b"].name', '.items[name="b"].value'],
    },
  },
  {
    name: 'items of a nested set',
    steps: [
      { by: 'one', apply: { items: [{ name: 'a', tags: ['x', 'y'] }] } },
      { by: 'two', apply: { items: [{ name: 'a', tags: ['z'] }] } },
      { by: 'one', apply: { items: [{ name: 'a', tags: ['x'] }] } },
    ],
    spec: { items: [{ name: 'a', tags: ['x', 'z'] }] },
    owners: {
      'one/Apply@v1': ['.items[name="a"]', '.items[name="a"].name', '.items[name="a"].tags[="x"]'],
      'two/Apply@v1': ['.items[name="a"]', '.items[name="a"].name', '.items[name="a"].tags[="z"]'],
    },
  },
  {
    name: 'a key that is left out takes its default',
    steps: [
      {
        by: 'one',
        apply: {
          ports: [
            { port: 80, label: 'a' },
            { port: 80, protocol: 'UDP', label: 'b' },
          ],
        },
      },
      {
        by: 'two',
        apply: { ports: [{ port: 80, protocol: 'TCP', label: 'c' }] },
        conflicts: ['.spec.ports[port=80,protocol="TCP"].label'],
      },
      { by: 'one', apply: { ports: [{ port: 80, protocol: 'UDP', label: 'b' }] } },
    ],
    spec: { ports: [{ port: 80, protocol: 'UDP', label: 'b' }] },
    owners: {
      'one/Apply@v1': [
        '.ports[port=80,protocol="UDP"]',
        '.ports[port=80,protocol="UDP"].label',
        '.ports[port=80,protocol="UDP"].port',
        '.ports[port=80,protocol="UDP"].protocol',
      ],
    },
  },
  {
    name: 'a map of free keys',
    steps: [
      { by: 'one', apply: { map: { a: '1', b: '1' } } },
      { by: 'two', apply: { map: { b: '1', c: '1' } } },
      { by: 'one', apply: { map: { d: '1' } } },
    ],
    spec: { map: { b: '1', c: '1', d: '1' } },
    owners: { 'one/Apply@v1': ['.map.d'], 'two/Apply@v1': ['.map.b', '.map.c'] },
  },
  {
    name: 'a map of maps: a key and a value that change',
    steps: [
      { by: 'one', apply: { mapOfMaps: { a: { b: 'x' }, c: { d: 'y' } } } },
      { by: 'one', apply: { mapOfMaps: { a: { c: 'x' }, c: { d: 'z' } } } },
    ],
    spec: { mapOfMaps: { a: { c: 'x' }, c: { d: 'z' } } },
    owners: { 'one/Apply@v1': ['.mapOfMaps.a', '.mapOfMaps.c', '.mapOfMaps.a.c', '.mapOfMaps.c.d'] },
  },
  {
    name: 'a map of sets',
    steps: [
      { by: 'one', apply: { mapOfSets: { a: ['b', 'c'] } } },
      { by: 'one', apply: { mapOfSets: { b: ['b', 'd'] } } },
    ],
    spec: { mapOfSets: { b: ['b', 'd'] } },
    owners: { 'one/Apply@v1': ['.mapOfSets.b', '.mapOfSets.b[="b"]', '.mapOfSets.b[="d"]'] },
  },
  {
    name: 'a struct that an applier no longer names stays, empty',
    steps: [
      { by: 'one', apply: { nested: { inner: { x: '1' } } } },
      { by: 'one', apply: { a: '1' } },
    ],
    spec: { a: '1' },
    owners: { 'one/Apply@v1': ['.a'] },
  },
  {
    name: 'a struct with something of an updater in it stays with that',
    steps: [
      { by: 'one', apply: { nested: { inner: { x: '1' } } } },
      { by: 'two', update: { nested: { inner: { x: '1', y: '2' } } } },
      { by: 'one', apply: { a: '1' } },
    ],
    spec: { a: '1', nested: { inner: { y: '2' } } },
    owners: { 'one/Apply@v1': ['.a'], 'two/Update@v1': ['.nested.inner.y'] },
  },
  {
    name: 'a struct that an updater made again is of the updater',
    steps: [
      { by: 'one', apply: { b: '1', nested: { other: '1' } } },
      { by: 'two', update: { b: '1' } },
      { by: 'two', update: { b: '1', nested: { other: '1' } } },
      { by: 'one', apply: { b: '1' } },
    ],
    spec: { b: '1', nested: { other: '1' } },
    owners: { 'one/Apply@v1': ['.b'], 'two/Update@v1': ['.nested', '.nested.other'] },
  },
  {
    name: 'fields that nobody declared go with their owner, whatever others put below them; lists are one',
    steps: [
      { by: 'one', apply: { free: { a: 1, deep: { b: 2 }, list: [1, 2] } } },
      { by: 'two', update: { free: { a: 1, deep: { b: 2, c: 3 }, list: [1, 2, 3] } } },
      { by: 'one', apply: { free: { a: 1 } } },
    ],
    spec: { free: { a: 1, list: [1, 2, 3] } },
    owners: { 'one/Apply@v1': ['.free.a'], 'two/Update@v1': ['.free.list'] },
  },
];

testRows('apply', rows);

const mapOf = (more: JsonObject): JsonObject => ({
  type: 'object',
  properties: { map: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, ...more } },
});
const granular = customKinds(thingDefinition({ v1: mapOf({}) }));
const atomic = customKinds(thingDefinition({ v1: mapOf({ 'x-kubernetes-map-type': 'atomic' }) }));

test('apply: owners of parts of a map that became atomic own it all, and stand in the way of each other', () => {
  const scene = new Scene(granular);
  scene.do({ by: 'one', apply: { map: { a: '1' } } });
  scene.do({ by: 'two', apply: { map: { b: '1' } } });
  scene.schemas = atomic;
  deepEqual(scene.do({ by: 'one', apply: { map: { a: '2' } } }), ['.spec.map']);
  deepEqual(scene.do({ by: 'one', force: { map: { a: '2' } } }), []);
  deepEqual(scene.spec(), { map: { a: '2' } });
  deepEqual(scene.owners(), { 'one/Apply@v1': ['.map'] });
});

test('apply: who owns a map that became granular keeps it, and shares what it holds', () => {
  const scene = new Scene(atomic);
  scene.do({ by: 'one', apply: { map: { a: '1', b: '1' } } });
  scene.schemas = granular;
  deepEqual(scene.do({ by: 'two', apply: { map: { b: '2' } } }), []);
  deepEqual(scene.spec(), { map: { a: '1', b: '2' } });
  deepEqual(scene.owners(), { 'one/Apply@v1': ['.map'], 'two/Apply@v1': ['.map.b'] });
});

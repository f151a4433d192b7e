/** Server-side apply: who owns what, who stands in whose way, and what goes when nobody wants it any more. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { type Row, Scene, testRows, thingDefinition, thingSpec } from './scene.ts';

const rows: readonly Row[] = [
  {
    name: 'a leaf, twice by one applier',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'one', apply: { a: '1', count: 2 } },
    ],
    spec: { a: '1', count: 2 },
    owners: { 'one/Apply@v1': ['.a', '.count'] },
  },
  {
    name: 'a leaf, twice at two versions: one entry, of the last',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'one', apply: { a: '1', b: '2' }, at: 'v2' },
    ],
    spec: { a: '1', b: '2' },
    owners: { 'one/Apply@v2': ['.a', '.b'] },
  },
  {
    name: 'an update of another leaf is no conflict',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'two', update: { a: '1', b: '2' } },
      { by: 'one', apply: { a: '3' } },
    ],
    spec: { a: '3', b: '2' },
    owners: { 'one/Apply@v1': ['.a'], 'two/Update@v1': ['.b'] },
  },
  {
    name: 'an update of the same leaf is one, until it is forced',
    steps: [
      { by: 'one', apply: { a: '1', b: '1' } },
      { by: 'two', update: { a: '2', b: '1' }, at: 'v2' },
      { by: 'one', apply: { a: '3', b: '1' }, conflicts: ['.spec.a'] },
      { by: 'one', force: { a: '3', b: '1' } },
    ],
    spec: { a: '3', b: '1' },
    owners: { 'one/Apply@v1': ['.a', '.b'] },
  },
  {
    name: 'what an applier leaves out goes',
    steps: [
      { by: 'one', apply: { a: '1', b: '2', isOn: false } },
      { by: 'one', apply: { a: '1' } },
    ],
    spec: { a: '1' },
    owners: { 'one/Apply@v1': ['.a'] },
  },
  {
    name: 'what it leaves out goes at another version too',
    steps: [
      { by: 'one', apply: { a: '1', b: '2' } },
      { by: 'one', apply: { a: '1' }, at: 'v2' },
    ],
    spec: { a: '1' },
    owners: { 'one/Apply@v2': ['.a'] },
  },
  {
    name: 'what another owns too stays',
    steps: [
      { by: 'one', apply: { a: '1', b: '2' } },
      { by: 'two', apply: { b: '2' }, at: 'v2' },
      { by: 'one', apply: { a: '1' } },
    ],
    spec: { a: '1', b: '2' },
    owners: { 'one/Apply@v1': ['.a'], 'two/Apply@v2': ['.b'] },
  },
  {
    name: 'what an updater set again stays with the updater',
    steps: [
      { by: 'one', apply: { a: '1', b: '2' } },
      { by: 'two', update: { a: '1', b: '3' } },
      { by: 'one', apply: { a: '1' } },
    ],
    spec: { a: '1', b: '3' },
    owners: { 'one/Apply@v1': ['.a'], 'two/Update@v1': ['.b'] },
  },
  {
    name: 'an update that removes leaves nobody as owner',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'two', update: {} },
    ],
    spec: {},
    owners: {},
  },
  {
    name: 'one value by two appliers is shared, another is a conflict',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'two', apply: { a: '1' } },
      { by: 'two', apply: { a: '2' }, conflicts: ['.spec.a'] },
    ],
    spec: { a: '1' },
    owners: { 'one/Apply@v1': ['.a'], 'two/Apply@v1': ['.a'] },
  },
  {
    name: 'a forced value is taken from everybody',
    steps: [
      { by: 'one', apply: { a: '1', b: '1' } },
      { by: 'two', apply: { a: '1' }, at: 'v2' },
      { by: 'three', force: { a: '2' } },
    ],
    spec: { a: '2', b: '1' },
    owners: { 'one/Apply@v1': ['.b'], 'three/Apply@v1': ['.a'] },
  },
  {
    name: 'an applier that wants nothing any more has no entry',
    steps: [
      { by: 'one', apply: { a: '1' } },
      { by: 'two', apply: { b: '1' } },
      { by: 'one', apply: {} },
    ],
    spec: { b: '1' },
    owners: { 'one/Apply@v1': ['.'], 'two/Apply@v1': ['.b'] },
  },
  {
    name: 'values of a set are owned one by one',
    steps: [
      { by: 'one', apply: { set: ['a', 'c'] } },
      { by: 'two', update: { set: ['a', 'c', 'd'] } },
      { by: 'three', apply: { set: ['b'] } },
      { by: 'one', apply: { set: ['a', 'aprime'] } },
    ],
    spec: { set: ['a', 'd', 'b', 'aprime'] },
    owners: {
      'one/Apply@v1': ['.set[="a"]', '.set[="aprime"]'],
      'two/Update@v1': ['.set[="d"]'],
      'three/Apply@v1': ['.set[="b"]'],
    },
  },
  {
    name: 'a set in another order takes that order',
    steps: [
      { by: 'one', apply: { set: ['a', 'b', 'c', 'd'] } },
      { by: 'one', apply: { set: ['a', 'd', 'c', 'b'] } },
    ],
    spec: { set: ['a', 'd', 'c', 'b'] },
    owners: { 'one/Apply@v1': ['.set[="a"]', '.set[="b"]', '.set[="c"]', '.set[="d"]'] },
  },
  {
    name: 'an order that an updater gave goes when its owner applies again',
    steps: [
      { by: 'one', apply: { set: ['a', 'b', 'c', 'd'] } },
      { by: 'two', update: { set: ['a', 'd', 'c', 'b'] } },
      { by: 'one', apply: { set: ['a', 'b', 'c', 'd'] } },
    ],
    spec: { set: ['a', 'b', 'c', 'd'] },
    owners: { 'one/Apply@v1': ['.set[="a"]', '.set[="b"]', '.set[="c"]', '.set[="d"]'] },
  },
  {
    name: 'a list of steps is owned as a whole',
    steps: [
      { by: 'one', apply: { steps: ['a', 'c'] } },
      { by: 'two', update: { steps: ['a', 'c', 'd'] } },
      { by: 'one', apply: { steps: ['a', 'd'] }, conflicts: ['.spec.steps'] },
    ],
    spec: { steps: ['a', 'c', 'd'] },
    owners: { 'two/Update@v1': ['.steps'] },
  },
  {
    name: 'an atomic map is owned as a whole',
    steps: [
      { by: 'one', apply: { pair: { a: '1' } } },
      { by: 'two', apply: { pair: { b: '1' } }, conflicts: ['.spec.pair'] },
      { by: 'two', force: { pair: { b: '1' } } },
    ],
    spec: { pair: { b: '1' } },
    owners: { 'two/Apply@v1': ['.pair'] },
  },
];

testRows('apply', rows);

test('apply: what is the same already writes nothing, not even a time', () => {
  const scene = new Scene();
  scene.do({ by: 'one', apply: { a: '1', items: [{ name: 'x' }], ports: [{ port: 1 }] } });
  const before = scene.live;
  scene.do({ by: 'one', apply: { a: '1', items: [{ name: 'x' }], ports: [{ port: 1 }] } });
  equal(scene.live, before);
  scene.do({ by: 'two', update: { a: '1', items: [{ name: 'x' }], ports: [{ port: 1 }] } });
  equal(scene.live, before);
  scene.do({ by: 'two', apply: { a: '1' } });
  equal(scene.live?.managed.length, 2);
});

test('apply: over an object that nobody tracked, what was there has an owner of its own', () => {
  const scene = new Scene();
  scene.do({ by: 'one', update: { a: '1', b: '1' } });
  scene.live = { object: scene.live!.object, managed: [] };
  scene.do({ by: 'two', update: { a: '1', b: '2' } });
  deepEqual(scene.owners(), {});
  deepEqual(scene.do({ by: 'three', apply: { b: '3' } }), ['.spec.b']);
  deepEqual(scene.do({ by: 'three', apply: { c: '3' } }), []);
  deepEqual(scene.owners(), { 'three/Apply@v1': ['.c'], 'before-first-apply/Update@v1': ['.', '.a', '.b'] });
});

test('apply: the owners of a version that is no longer served own nothing', () => {
  const scene = new Scene();
  scene.do({ by: 'one', apply: { a: '1' }, at: 'v2' });
  scene.do({ by: 'two', apply: { b: '1' } });
  scene.schemas = customKinds(thingDefinition({ v1: thingSpec }));
  deepEqual(scene.do({ by: 'two', apply: { a: '2' } }), []);
  deepEqual(scene.spec(), { a: '2' });
  deepEqual(scene.owners(), { 'two/Apply@v1': ['.a'] });
});

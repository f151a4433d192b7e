/** Values seen through their types: which fields they mention, how two become one, where they differ, what is left. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { misfit } from '../../../src/sandbox/merge/checking.ts';
import { compareValues } from '../../../src/sandbox/merge/comparing.ts';
import { pathsOf } from '../../../src/sandbox/merge/fieldset.ts';
import { readSet } from '../../../src/sandbox/merge/fieldset-text.ts';
import { mergeValues } from '../../../src/sandbox/merge/merging.ts';
import { ownedFields } from '../../../src/sandbox/merge/owned.ts';
import { removePaths } from '../../../src/sandbox/merge/removing.ts';
import { customType } from '../../../src/sandbox/schema/custom-type.ts';
import { readStructural } from '../../../src/sandbox/schema/structural.ts';
import { thingSpec } from './scene.ts';

const type = customType(readStructural({ type: 'object', properties: { spec: thingSpec } }));
const bare = (path: string): string => path.replace(/^\.spec/, '');
const item = (name: string, more: { readonly [field: string]: Json } = {}): Json => ({ name, ...more });

const owned: readonly (readonly [name: string, spec: Json, paths: readonly string[]])[] = [
  ['scalars', { a: '1', count: 1, isOn: false }, ['.a', '.count', '.isOn']],
  ['a null', { a: null }, ['.a']],
  ['an empty struct', { nested: {} }, ['.nested']],
  ['a struct is not owned itself', { nested: { inner: { x: '1' } } }, ['.nested.inner.x']],
  ['keys of a map are', { map: { b: '1', a: '1' } }, ['.map.a', '.map.b']],
  ['maps in a map too', { mapOfMaps: { a: { b: 'c' } } }, ['.mapOfMaps.a', '.mapOfMaps.a.b']],
  ['an empty map', { map: {} }, ['.map']],
  ['an atomic map', { pair: { a: '1' } }, ['.pair']],
  ['an atomic list', { steps: ['a'] }, ['.steps']],
  ['an empty set has nothing to own', { set: [] }, []],
  ['a set', { set: ['b', 'a'] }, ['.set[="a"]', '.set[="b"]']],
  [
    'items',
    { items: [item('b'), item('a')] },
    ['.items[name="a"]', '.items[name="b"]', '.items[name="a"].name', '.items[name="b"].name'],
  ],
  [
    'a key by default',
    { ports: [{ port: 80 }] },
    ['.ports[port=80,protocol="TCP"]', '.ports[port=80,protocol="TCP"].port'],
  ],
  ['items of one name are one', { items: [item('a', { value: '1' }), item('a')] }, ['.items[name="a"]']],
  ['undeclared fields', { free: { a: { b: 1 }, l: [1] } }, ['.free.a', '.free.l', '.free.a.b']],
];
for (const [name, spec, paths] of owned) {
  test(`ownedFields: ${name}`, () => deepEqual(pathsOf(ownedFields({ spec }, type)).map(bare), paths));
}

const merges: readonly (readonly [name: string, live: Json, config: Json, merged: Json])[] = [
  ['another scalar', { a: '1', b: '1' }, { a: '2' }, { a: '2', b: '1' }],
  ['a null wins', { a: '1' }, { a: null }, { a: null }],
  [
    'structs',
    { nested: { other: '1' } },
    { nested: { inner: { x: '1' } } },
    { nested: { other: '1', inner: { x: '1' } } },
  ],
  [
    'an empty struct over one that has something',
    { nested: { other: '1' } },
    { nested: {} },
    { nested: { other: '1' } },
  ],
  ['maps', { map: { a: '1', b: '1' } }, { map: { b: '2', c: '2' } }, { map: { a: '1', b: '2', c: '2' } }],
  ['atomic maps', { pair: { a: '1' } }, { pair: { b: '1' } }, { pair: { b: '1' } }],
  ['atomic lists', { steps: ['a', 'b'] }, { steps: ['b'] }, { steps: ['b'] }],
  ['a list over nothing', {}, { set: ['b', 'a'] }, { set: ['b', 'a'] }],
  ['new values of a set come last', { set: ['a', 'b'] }, { set: ['c'] }, { set: ['a', 'b', 'c'] }],
  [
    'values of both take the order of the configuration',
    { set: ['a', 'b', 'c'] },
    { set: ['c', 'a'] },
    { set: ['b', 'c', 'a'] },
  ],
  ['a new value between two that are there', { set: ['a', 'b'] }, { set: ['a', 'x', 'b'] }, { set: ['a', 'x', 'b'] }],
  [
    'live values stay where they are among the others',
    { set: ['a', 'x', 'b'] },
    { set: ['b', 'a'] },
    { set: ['x', 'b', 'a'] },
  ],
  [
    'items are merged by key',
    { items: [item('a', { value: '1' }), item('b')] },
    { items: [item('b', { value: '2' }), item('c')] },
    { items: [item('a', { value: '1' }), item('b', { value: '2' }), item('c')] },
  ],
  [
    'a port by its default protocol',
    { ports: [{ port: 1, protocol: 'TCP', label: 'x' }] },
    { ports: [{ port: 1 }] },
    { ports: [{ port: 1, protocol: 'TCP', label: 'x' }] },
  ],
];
for (const [name, live, config, merged] of merges) {
  test(`mergeValues: ${name}`, () => {
    const before = structuredClone(live);
    deepEqual(mergeValues({ spec: live }, { spec: config }, type), { spec: merged });
    deepEqual(live, before);
  });
}

test('mergeValues: where nothing changes, the live object itself', () => {
  const live: Json = {
    spec: { a: '1', map: { x: '1' }, items: [item('a', { value: '1' })], set: ['a', 'b'], pair: { a: '1' } },
  };
  equal(mergeValues(live, { spec: { map: { x: '1' }, items: [item('a')], set: ['a'], pair: { a: '1' } } }, type), live);
});

type Sides = {
  readonly added?: readonly string[];
  readonly modified?: readonly string[];
  readonly removed?: readonly string[];
};
const comparisons: readonly (readonly [name: string, before: Json, after: Json, sides: Sides])[] = [
  ['nothing', { a: '1' }, { a: '1' }, {}],
  ['a scalar', { a: '1', b: '1' }, { a: '2', c: '1' }, { modified: ['.a'], removed: ['.b'], added: ['.c'] }],
  ['a struct that came counts itself', {}, { nested: { other: '1' } }, { added: ['.nested', '.nested.other'] }],
  [
    'a struct that went too',
    { nested: { inner: { x: '1' } } },
    {},
    { removed: ['.nested', '.nested.inner', '.nested.inner.x'] },
  ],
  ['a struct that became empty', { nested: { other: '1' } }, { nested: {} }, { removed: ['.nested.other'] }],
  [
    'atomic things',
    { pair: { a: '1' }, steps: ['a'] },
    { pair: { a: '2' }, steps: ['a', 'b'] },
    { modified: ['.pair', '.steps'] },
  ],
  ['a set', { set: ['a', 'b'] }, { set: ['b', 'c'] }, { removed: ['.set[="a"]'], added: ['.set[="c"]'] }],
  ['the order of a set is no difference', { set: ['a', 'b'] }, { set: ['b', 'a'] }, {}],
  [
    'an item',
    { items: [item('a', { value: '1' })] },
    { items: [item('a', { value: '2' }), item('b')] },
    { modified: ['.items[name="a"].value'], added: ['.items[name="b"]', '.items[name="b"].name'] },
  ],
  [
    'a key of a map',
    { mapOfMaps: { a: { x: '1' } } },
    { mapOfMaps: { a: { x: '2' }, b: { y: '1' } } },
    { modified: ['.mapOfMaps.a.x'], added: ['.mapOfMaps.b', '.mapOfMaps.b.y'] },
  ],
  [
    'two of one name that became one',
    { items: [item('a'), item('a', { value: '1' })] },
    { items: [item('a', { value: '1' })] },
    { removed: ['.items[name="a"]'], added: ['.items[name="a"]', '.items[name="a"].name', '.items[name="a"].value'] },
  ],
  [
    'one that became two of its name',
    { items: [item('a')] },
    { items: [item('a'), item('a', { value: '1' })] },
    { removed: ['.items[name="a"]', '.items[name="a"].name'], added: ['.items[name="a"]'] },
  ],
  [
    'two of one name that changed',
    { items: [item('a'), item('a')] },
    { items: [item('a'), item('a', { value: '1' })] },
    { modified: ['.items[name="a"]'] },
  ],
  [
    'another kind of value',
    { free: { x: 1 } },
    { free: { x: { y: 1 } } },
    { modified: ['.free.x'], added: ['.free.x.y'] },
  ],
];
for (const [name, before, after, sides] of comparisons) {
  test(`compareValues: ${name}`, () => {
    const { added, modified, removed } = compareValues({ spec: before }, { spec: after }, type);
    const found = { added: pathsOf(added), modified: pathsOf(modified), removed: pathsOf(removed) };
    const shown = Object.entries(found).flatMap(([side, paths]) =>
      paths.length === 0 ? [] : [[side, paths.map(bare)]],
    );
    deepEqual(Object.fromEntries(shown), sides);
  });
}

const removals: readonly (readonly [name: string, spec: Json, fields: Json, left: Json])[] = [
  ['a scalar', { a: '1', b: '1' }, { 'f:a': {} }, { b: '1' }],
  [
    'the last of a struct leaves a null',
    { nested: { other: '1' } },
    { 'f:nested': { 'f:other': {} } },
    { nested: null },
  ],
  ['a key of a map', { map: { a: '1', b: '1' } }, { 'f:map': { 'f:a': {} } }, { map: { b: '1' } }],
  ['a value of a set', { set: ['a', 'b'] }, { 'f:set': { 'v:"a"': {} } }, { set: ['b'] }],
  [
    'an item',
    { items: [item('a'), item('b')] },
    { 'f:items': { 'k:{"name":"a"}': { '.': {} } } },
    { items: [item('b')] },
  ],
  [
    'a field of an item',
    { items: [item('a', { value: '1' })] },
    { 'f:items': { 'k:{"name":"a"}': { 'f:value': {} } } },
    { items: [item('a')] },
  ],
  ['an atomic list', { steps: ['a'], a: '1' }, { 'f:steps': {} }, { a: '1' }],
  ['what is not there', { a: '1' }, { 'f:b': {}, 'f:set': { 'v:1': {} } }, { a: '1' }],
];
for (const [name, spec, fields, left] of removals) {
  test(`removePaths: ${name}`, () => {
    deepEqual(removePaths({ spec }, readSet({ 'f:spec': fields })!, type), { spec: left });
  });
}

const misfits: readonly (readonly [name: string, spec: Json, text: string | undefined])[] = [
  ['fitting', { a: '1', count: 1, set: ['a'], items: [item('a')], free: { x: [{}] }, pair: null }, undefined],
  ['an undeclared field', { foo: 1 }, '.spec.foo: field not declared in schema'],
  [
    'an undeclared field of an item',
    { items: [item('a', { x: 1 })] },
    '.spec.items[name="a"].x: field not declared in schema',
  ],
  ['a number for a text', { a: 1 }, '.spec.a: expected string, got &value.valueUnstructured{Value:1}'],
  ['a text for a number', { count: '1' }, '.spec.count: expected numeric (int or float), got string'],
  ['a text for a truth', { isOn: 'yes' }, '.spec.isOn: expected boolean, got &{yes}'],
  ['a map for a list', { set: { b: 1, a: [2] } }, '.spec.set: expected list, got &{map[a:[2] b:1]}'],
  ['a list for a map', { map: ['a'] }, '.spec.map: expected map, got &{[a]}'],
  ['a set with one value twice', { set: ['a', 'a'] }, '.spec.set: duplicate entries for key [="a"]'],
  [
    'a set with a map',
    { set: [{}] },
    ".spec.set: element 0: associative list without keys has an element that's a map type",
  ],
  ['a key twice', { items: [item('a'), item('a')] }, '.spec.items: duplicate entries for key [name="a"]'],
  [
    'an item without its key',
    { items: [{ value: '1' }] },
    '.spec.items: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
  ],
  [
    'an item that is no map',
    { items: ['a'] },
    '.spec.items: element 0: associative list with keys may not have non-map elements',
  ],
  [
    'several',
    { a: 1, count: 'x' },
    'errors:\n  .spec.a: expected string, got &value.valueUnstructured{Value:1}\n  .spec.count: expected numeric (int or float), got string',
  ],
];
for (const [name, spec, text] of misfits) test(`misfit: ${name}`, () => equal(misfit({ spec }, type), text));

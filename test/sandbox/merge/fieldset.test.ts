/** Sets of paths: what can be done with two of them, and how they are written. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, type Json } from '../../../src/core/json/value.ts';
import {
  deepDifference,
  difference,
  equalSets,
  type FieldSet,
  hasPath,
  intersection,
  leavesOf,
  pathsOf,
  setOfPaths,
  union,
} from '../../../src/sandbox/merge/fieldset.ts';
import { intern, readSet, setJson, setText } from '../../../src/sandbox/merge/fieldset-text.ts';

/** A set, written as field names: `1` owns the path, an object owns what is in it, `.` in it the path as well. */
function set(value: Json): FieldSet {
  const written = (inner: Json): Json =>
    isObject(inner)
      ? Object.fromEntries(
          Object.entries(inner).map(([name, below]) => [
            name === '.' || name.includes(':') ? name : `f:${name}`,
            written(below),
          ]),
        )
      : {};
  const found = readSet(written(value));
  if (found === undefined) throw new Error('no set');
  return found;
}

const operations = { union, intersection, difference, deepDifference } as const;
const rows: readonly (readonly [name: string, keyof typeof operations, a: Json, b: Json, out: Json])[] = [
  ['with nothing', 'union', { a: 1 }, {}, { a: 1 }],
  ['of nothing', 'union', {}, { a: 1 }, { a: 1 }],
  ['of a path and one below it', 'union', { a: 1 }, { a: { b: 1 } }, { a: { '.': 1, b: 1 } }],
  ['of neighbours', 'union', { a: { b: 1 } }, { a: { c: 1 }, d: 1 }, { a: { b: 1, c: 1 }, d: 1 }],
  ['with nothing', 'intersection', { a: 1 }, {}, {}],
  ['of a path and one below it', 'intersection', { a: 1 }, { a: { b: 1 } }, {}],
  ['of two with a path in common', 'intersection', { a: { b: 1, c: 1 }, d: 1 }, { a: { c: 1, d: 1 } }, { a: { c: 1 } }],
  ['of two with a parent in common', 'intersection', { a: { '.': 1, b: 1 } }, { a: { '.': 1, c: 1 } }, { a: 1 }],
  ['with nothing', 'difference', { a: { b: 1 } }, {}, { a: { b: 1 } }],
  ['with itself', 'difference', { a: { b: 1 } }, { a: { b: 1 } }, {}],
  ['leaves what is below a removed path', 'difference', { a: { '.': 1, b: 1 } }, { a: 1 }, { a: { b: 1 } }],
  ['leaves the parent of a removed path', 'difference', { a: { '.': 1, b: 1 } }, { a: { b: 1 } }, { a: 1 }],
  ['removes a simple path', 'deepDifference', { a: 1, b: 1 }, { a: 1 }, { b: 1 }],
  ['removes what is below a removed path', 'deepDifference', { a: { '.': 1, b: { c: 1 } }, d: 1 }, { a: 1 }, { d: 1 }],
  ['leaves the parent of a removed path', 'deepDifference', { a: { '.': 1, b: 1 } }, { a: { b: 1 } }, { a: 1 }],
  ['removes matching children only', 'deepDifference', { a: { b: { c: 1 }, d: 1 } }, { a: { b: 1 } }, { a: { d: 1 } }],
  [
    'removes items',
    'deepDifference',
    { l: { 'k:{"n":"a"}': { v: 1 }, 'v:1': 1, 'i:0': 1 } },
    { l: { 'k:{"n":"a"}': 1, 'v:1': 1 } },
    { l: { 'i:0': 1 } },
  ],
];

for (const [name, operation, a, b, out] of rows) {
  test(`${operation}: ${name}`, () => {
    const [left, right] = [set(a), set(b)];
    const found = operations[operation](left, right);
    deepEqual(pathsOf(found), pathsOf(set(out)));
    equal(equalSets(found, set(out)), true);
    // Neither side is touched.
    deepEqual([left, right], [set(a), set(b)]);
  });
}

test('union: what adds nothing gives the same set', () => {
  const a = set({ a: { b: 1, c: 1 } });
  equal(union(a, set({ a: { b: 1 } })), a);
  equal(union(a, a), a);
});

test('setOfPaths: paths by their names', () => {
  equal(
    setText(intern(setOfPaths(['status'], ['metadata', 'labels'], ['metadata']))),
    '{"f:metadata":{".":{},"f:labels":{}},"f:status":{}}',
  );
});

test('hasPath: a path is in a set only when it is owned itself', () => {
  const found = set({ a: { b: 1 } });
  deepEqual([hasPath(found, ['f:a', 'f:b']), hasPath(found, ['f:a']), hasPath(found, ['f:c'])], [true, false, false]);
});

test('leavesOf: no path with another below it', () => {
  deepEqual(pathsOf(leavesOf(set({ a: { '.': 1, b: { '.': 1, c: 1 } }, d: 1 }))), ['.d', '.a.b.c']);
});

test('pathsOf: own paths before those below, names before keys, as errors show them', () => {
  const found = set({
    b: { 'k:{"name":"web","port":80}': { '.': 1, image: 1 }, 'v:"x y"': 1, 'i:3': 1, 'v:true': 1, 'v:1.5': 1 },
    a: 1,
  });
  deepEqual(pathsOf(found), [
    '.a',
    '.b[name="web",port=80]',
    '.b[=1.5]',
    '.b[="x y"]',
    '.b[=true]',
    '.b[3]',
    '.b[name="web",port=80].image',
  ]);
});

const texts: readonly (readonly [name: string, given: string, written: string])[] = [
  ['fields by name', '{"f:b":{},"f:a":{},"f:B":{}}', '{"f:B":{},"f:a":{},"f:b":{}}'],
  [
    'fields, keys, values, positions',
    '{"i:0":{},"v:1":{},"k:{\\"a\\":1}":{},"f:x":{}}',
    '{"f:x":{},"k:{\\"a\\":1}":{},"v:1":{},"i:0":{}}',
  ],
  ['positions by number', '{"i:10":{},"i:9":{},"i:-1":{}}', '{"i:-1":{},"i:9":{},"i:10":{}}'],
  [
    'keys by what they mean',
    '{"k:{\\"p\\":443}":{},"k:{\\"p\\":80}":{}}',
    '{"k:{\\"p\\":80}":{},"k:{\\"p\\":443}":{}}',
  ],
  ['the fields of a key by name', '{"k:{\\"b\\":1,\\"a\\":2}":{}}', '{"k:{\\"a\\":2,\\"b\\":1}":{}}'],
  [
    'numbers, texts, truths',
    '{"v:true":{},"v:\\"a\\"":{},"v:2":{},"v:null":{}}',
    '{"v:2":{},"v:\\"a\\"":{},"v:true":{},"v:null":{}}',
  ],
  ['the parent first', '{"f:a":{"f:b":{},".":{}}}', '{"f:a":{".":{},"f:b":{}}}'],
  ['signs that HTML would read', '{"v:\\"<&>\\"":{}}', '{"v:\\"\\\\u003c\\\\u0026\\\\u003e\\"":{}}'],
  ['steps of a kind that nobody knows are dropped', '{"f:a":{},"x:b":{}}', '{"f:a":{}}'],
  ['nothing', '{}', '{}'],
];
for (const [name, given, written] of texts) {
  test(`setText: ${name}`, () => equal(setText(readSet(JSON.parse(given))!), written));
}

for (const [name, given] of [
  ['a step without a kind', { a: {} }],
  ['a key that is no object', { 'k:1': {} }],
  ['a key that is no JSON', { 'k:{': {} }],
  ['a position that is no number', { 'i:x': {} }],
  ['a value that is no JSON', { 'v:x': {} }],
  ['a part that is no object', { 'f:a': 1 }],
  ['a list', []],
  ['a text', 'f:a'],
] as const) {
  test(`readSet: refuses ${name}`, () => equal(readSet(given), undefined));
}

test('readSet: equal sets are one', () => {
  const first = readSet({ 'f:a': { 'f:b': {} }, 'f:c': {} });
  equal(readSet({ 'f:c': {}, 'f:a': { 'f:b': {} } }), first);
  equal(readSet(setJson(first!)), first);
});

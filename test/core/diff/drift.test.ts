import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { driftOf, mutationsOf } from '../../../src/core/diff/drift.ts';
import { fieldSetOf } from '../../../src/core/diff/fields.ts';
import { printPath } from '../../../src/core/diff/path.ts';
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';

const objectOf = (spec: Json): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec });
const items: JsonObject = {
  'f:items': {
    'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:image': {} },
    'k:{"name":"b"}': { '.': {}, 'f:name': {} },
  },
};
const a = { name: 'a', image: '1' };
const b = { name: 'b' };

type Case = {
  readonly name: string;
  readonly fields: JsonObject;
  readonly wanted: Json;
  readonly live: Json;
  readonly drift: readonly string[];
  /** Of the same two as manifest and answer, where that differs. */
  readonly mutations?: readonly string[];
};

const cases: readonly Case[] = [
  { name: 'changed where others own', fields: { 'f:y': {} }, wanted: { x: 1 }, live: { x: 2 }, drift: [] },
  { name: 'equal', fields: { 'f:x': {} }, wanted: { x: 1 }, live: { x: 1, y: 2 }, drift: [] },
  { name: 'changed', fields: { 'f:x': {} }, wanted: { x: 1 }, live: { x: 2 }, drift: ['.spec.x'] },
  { name: 'removed', fields: { 'f:x': {} }, wanted: { x: 1 }, live: {}, drift: ['.spec.x'] },
  { name: 'left out on both sides', fields: { 'f:x': {} }, wanted: {}, live: {}, drift: [] },
  {
    name: 'set where the dry run has nothing',
    fields: { 'f:x': {} },
    wanted: {},
    live: { x: true },
    drift: ['.spec.x'],
    mutations: [],
  },
  {
    name: 'empty where the live has nothing',
    fields: { 'f:x': {} },
    wanted: { x: {} },
    live: {},
    drift: ['.spec.x'],
    mutations: [],
  },
  {
    name: 'whole of a map without a member',
    fields: { 'f:m': { 'f:x': {}, 'f:y': {} } },
    wanted: { m: { x: 1, y: 2 } },
    live: {},
    drift: ['.spec.m.x', '.spec.m.y'],
  },
  {
    name: 'whole of a map that is a member',
    fields: { 'f:m': { '.': {}, 'f:x': {}, 'f:y': {} } },
    wanted: { m: { x: 1, y: 2 } },
    live: {},
    drift: ['.spec.m'],
  },
  {
    name: 'whole list of another kind',
    fields: { 'f:m': { '.': {}, 'v:1': {} } },
    wanted: { m: [1] },
    live: { m: 'x' },
    drift: ['.spec.m'],
  },
  {
    name: 'text for a map',
    fields: { 'f:m': { 'f:x': {} } },
    wanted: { m: { x: 1 } },
    live: { m: 'x' },
    drift: ['.spec.m.x'],
  },
  {
    name: 'element changed',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [{ name: 'a', image: '2' }, b] },
    drift: ['.spec.items[name="a"].image'],
  },
  {
    name: 'element removed',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [b] },
    drift: ['.spec.items[name="a"]'],
  },
  {
    name: 'list removed',
    fields: items,
    wanted: { items: [a, b] },
    live: {},
    drift: ['.spec.items[name="a"]', '.spec.items[name="b"]'],
  },
  {
    name: 'elements of others around ours',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [{ name: 'x' }, a, { name: 'y' }, b] },
    drift: [],
  },
  {
    name: 'fields of others in ours',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [{ ...a, more: 1 }, b] },
    drift: [],
  },
  {
    name: 'elements in another order',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [b, { name: 'x' }, a] },
    drift: ['.spec.items'],
  },
  {
    name: 'changed and in another order',
    fields: items,
    wanted: { items: [a, b] },
    live: { items: [b, { name: 'a' }] },
    drift: ['.spec.items[name="a"].image', '.spec.items'],
  },
  {
    name: 'set element removed',
    fields: { 'f:s': { 'v:"x"': {}, 'v:"y"': {} } },
    wanted: { s: ['x', 'y'] },
    live: { s: ['y', 'z'] },
    drift: ['.spec.s[="x"]'],
  },
  {
    name: 'set in another order',
    fields: { 'f:s': { 'v:"x"': {}, 'v:"y"': {} } },
    wanted: { s: ['x', 'y'] },
    live: { s: ['y', 'x'] },
    drift: [],
  },
  {
    name: 'atomic list',
    fields: { 'f:l': {} },
    wanted: { l: [{ port: 80 }] },
    live: { l: [{ port: 80, protocol: 'TCP' }] },
    drift: ['.spec.l'],
    mutations: [],
  },
  {
    name: 'index',
    fields: { 'f:l': { 'i:1': {} } },
    wanted: { l: [1, 2] },
    live: { l: [9, 3] },
    drift: ['.spec.l[1]'],
  },
  {
    name: 'key with a default left out',
    fields: { 'f:p': { 'k:{"port":53,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} } } },
    wanted: { p: [{ port: 53, name: 't' }] },
    live: {
      p: [
        { port: 53, protocol: 'UDP', name: 'u' },
        { port: 53, protocol: 'TCP', name: 't' },
      ],
    },
    drift: [],
  },
  {
    name: 'quantity spelled otherwise',
    fields: { 'f:requests': { 'f:cpu': {} } },
    wanted: { requests: { cpu: '0.5' } },
    live: { requests: { cpu: '500m' } },
    drift: [],
  },
  { name: 'spec gone', fields: { 'f:x': {} }, wanted: { x: 1 }, live: null, drift: ['.spec.x'] },
];

for (const { name, fields, wanted, live, drift, mutations = drift } of cases) {
  const owned = fieldSetOf({ 'f:spec': fields });
  test(`driftOf: ${name}`, () => deepEqual(driftOf(objectOf(wanted), objectOf(live), owned).map(printPath), drift));
  test(`mutationsOf: ${name}`, () =>
    deepEqual(mutationsOf(objectOf(wanted), objectOf(live), owned).map(printPath), mutations));
}

/** A small source of numbers with a seed (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Built = { readonly value: JsonObject; readonly fields: JsonObject; readonly leaves: readonly string[] };

/** An object, the set that owns all of it, and the paths of its leaves. */
function build(next: (below: number) => number, depth: number, path: string): Built {
  const parts = Array.from({ length: 1 + next(3) }, (_, index): [string, Json, JsonObject, readonly string[]] => {
    const name = `f${index}`;
    const kind = depth === 0 ? 0 : next(3);
    if (kind === 0) return [name, next(1_000), {}, [`${path}.${name}`]];
    if (kind === 1) {
      const below = build(next, depth - 1, `${path}.${name}`);
      return [name, below.value, below.fields, below.leaves];
    }
    const elements = Array.from({ length: 1 + next(3) }, (_, key) => {
      const below = build(next, depth - 1, `${path}.${name}[key=${key}]`);
      return {
        value: { ...below.value, key },
        fields: { '.': {}, 'f:key': {}, ...below.fields },
        leaves: below.leaves,
      };
    });
    const fields = Object.fromEntries(elements.map((element, key) => [`k:{"key":${key}}`, element.fields]));
    return [name, elements.map(({ value }) => value), fields, elements.flatMap(({ leaves }) => leaves)];
  });
  return {
    value: Object.fromEntries(parts.map(([name, value]) => [name, value])),
    fields: Object.fromEntries(parts.map(([name, , fields]) => [`f:${name}`, fields])),
    leaves: parts.flatMap(([, , , leaves]) => leaves),
  };
}

/** The same value with one more at the leaf of this printed path. */
function changedAt(value: Json, leaf: string, path = ''): Json {
  if (typeof value === 'number') return path === leaf ? value + 1 : value;
  if (Array.isArray(value)) return value.map((part, key) => changedAt(part, leaf, `${path}[key=${key}]`));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, part]): [string, Json] => [
    name,
    changedAt(part, leaf, `${path}.${name}`),
  ]);
  return Object.fromEntries(fields);
}

test('driftOf: law, a changed leaf is found and nothing else', () => {
  for (let seed = 0; seed < 200; seed++) {
    const next = numbersFrom(seed);
    const { value, fields, leaves } = build(next, 3, '.spec');
    const owned = fieldSetOf({ 'f:spec': fields });
    const wanted = objectOf(value);
    deepEqual(driftOf(wanted, wanted, owned), [], `seed ${seed}`);
    const leaf = leaves[next(leaves.length)] ?? '';
    const live = objectOf(changedAt(value, leaf, '.spec'));
    deepEqual(driftOf(wanted, live, owned).map(printPath), [leaf], `seed ${seed}`);
  }
});

test('driftOf: a long list in linear time', () => {
  const list = Array.from({ length: 20_000 }, (_, key) => ({ key, name: `n${key}` }));
  const fields = Object.fromEntries(
    list.map(({ key }) => [`k:{"key":${key}}`, { '.': {}, 'f:key': {}, 'f:name': {} }]),
  );
  const owned = fieldSetOf({ 'f:spec': { 'f:list': fields } });
  equal(driftOf(objectOf({ list }), objectOf({ list: list.slice(1) }), owned).length, 1);
});

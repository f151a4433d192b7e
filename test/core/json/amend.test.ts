/** Protects: overrides are applied as forgivingly as the library that people wrote them for, and no more. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { type Amendment, amend } from '../../../src/core/json/amend.ts';
import { parsePointer } from '../../../src/core/json/pointer.ts';
import type { Json } from '../../../src/core/json/value.ts';

const value = { list: ['a', 'b', 'c'], map: { key: 1 }, none: null, text: 'x', nested: [{ deep: 1 }] };
const edit = (op: Amendment['op'], path: string, written: Json = 'new'): Amendment => {
  const pointer = parsePointer(path) ?? [];
  return op === 'remove' ? { op, path: pointer } : { op, path: pointer, value: written };
};

const made: readonly { readonly name: string; readonly edit: Amendment; readonly value: Json }[] = [
  { name: 'replace a field', edit: edit('replace', '/text'), value: { ...value, text: 'new' } },
  { name: 'replace a missing field: sets it', edit: edit('replace', '/fresh'), value: { ...value, fresh: 'new' } },
  { name: 'replace an item', edit: edit('replace', '/list/1'), value: { ...value, list: ['a', 'new', 'c'] } },
  { name: 'replace from the end', edit: edit('replace', '/list/-3'), value: { ...value, list: ['new', 'b', 'c'] } },
  {
    name: 'replace through the end',
    edit: edit('replace', '/nested/-1/deep', 2),
    value: { ...value, nested: [{ deep: 2 }] },
  },
  { name: 'replace the whole', edit: edit('replace', '', { kind: 'X' }), value: { kind: 'X' } },
  { name: 'add a field that is there', edit: edit('add', '/map/key', 2), value: { ...value, map: { key: 2 } } },
  { name: 'add an item', edit: edit('add', '/list/0'), value: { ...value, list: ['new', 'a', 'b', 'c'] } },
  { name: 'add behind the last', edit: edit('add', '/list/3'), value: { ...value, list: ['a', 'b', 'c', 'new'] } },
  { name: 'add by dash', edit: edit('add', '/list/-'), value: { ...value, list: ['a', 'b', 'c', 'new'] } },
  {
    name: 'add at -1: behind the last',
    edit: edit('add', '/list/-1'),
    value: { ...value, list: ['a', 'b', 'c', 'new'] },
  },
  {
    name: 'add at -4: before the first',
    edit: edit('add', '/list/-4'),
    value: { ...value, list: ['new', 'a', 'b', 'c'] },
  },
  { name: 'remove a field', edit: edit('remove', '/map/key'), value: { ...value, map: {} } },
  { name: 'remove from the end', edit: edit('remove', '/list/-1'), value: { ...value, list: ['a', 'b'] } },
  { name: 'null is written', edit: edit('add', '/map/other', null), value: { ...value, map: { key: 1, other: null } } },
];

for (const { name, edit: each, value: wanted } of made) {
  test(`amend: ${name}`, () => {
    const before = structuredClone(value);
    deepEqual(amend(value, [each]), { kind: 'amended', value: wanted });
    deepEqual(value, before, 'what was given is as it was');
  });
}

const refused: readonly { readonly name: string; readonly edit: Amendment; readonly path: string }[] = [
  { name: 'replace behind the end', edit: edit('replace', '/list/3'), path: '/list/3' },
  { name: 'replace by dash', edit: edit('replace', '/list/-'), path: '/list/-' },
  { name: 'replace by name in a list', edit: edit('replace', '/list/a'), path: '/list/a' },
  { name: 'add beyond the end', edit: edit('add', '/list/4'), path: '/list/4' },
  { name: 'add before the beginning', edit: edit('add', '/list/-5'), path: '/list/-5' },
  { name: 'remove behind the end', edit: edit('remove', '/list/3'), path: '/list/3' },
  { name: 'remove what is not there', edit: edit('remove', '/gone'), path: '/gone' },
  { name: 'below what is not there', edit: edit('add', '/gone/a'), path: '/gone' },
  { name: 'below null', edit: edit('replace', '/none/a'), path: '/none' },
  { name: 'below a text', edit: edit('replace', '/text/a'), path: '/text' },
  { name: 'below a missing item', edit: edit('replace', '/list/9/a'), path: '/list/9' },
  { name: 'add the whole', edit: edit('add', ''), path: '' },
  { name: 'remove the whole', edit: edit('remove', ''), path: '' },
];

for (const { name, edit: each, path } of refused) {
  test(`amend: ${name} is refused`, () => {
    const result = amend(value, [edit('add', '/ok'), each]);
    equal(result.kind, 'refused');
    if (result.kind === 'refused') deepEqual([result.index, result.path], [1, path]);
  });
}

test('amend: each sees what those before it made', () => {
  const result = amend({}, [edit('add', '/a', {}), edit('add', '/a/b', 1), edit('remove', '/a/b')]);
  deepEqual(result, { kind: 'amended', value: { a: {} } });
});

test('amend: a field named __proto__ is a field like any other', () => {
  const result = amend({}, [edit('replace', '/__proto__', { a: 1 })]);
  equal(result.kind === 'amended' && Object.hasOwn(Object(result.value), '__proto__'), true);
  equal(({} as Record<string, unknown>).a, undefined);
});

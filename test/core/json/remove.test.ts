import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { parsePointer } from '../../../src/core/json/pointer.ts';
import { withoutPointers } from '../../../src/core/json/remove.ts';
import type { Json } from '../../../src/core/json/value.ts';

const without = (value: Json, ...paths: readonly string[]): Json =>
  withoutPointers(
    value,
    paths.map((path) => parsePointer(path)!),
  );

const spec = { replicas: 3, paused: true, list: ['a', 'b', 'c'], 'a/b': 1 };
const value = { spec, kind: 'X' };

const cases: readonly { name: string; paths: readonly string[]; left: Json }[] = [
  { name: 'a field', paths: ['/kind'], left: { spec: spec } },
  {
    name: 'a field with a slash in its name',
    paths: ['/spec/a~1b'],
    left: { spec: { replicas: 3, paused: true, list: ['a', 'b', 'c'] }, kind: 'X' },
  },
  { name: 'an item', paths: ['/spec/list/1'], left: { ...value, spec: { ...spec, list: ['a', 'c'] } } },
  {
    name: 'two items: the second is the second of the value as it was',
    paths: ['/spec/list/0', '/spec/list/1'],
    left: { ...value, spec: { ...spec, list: ['c'] } },
  },
  { name: 'the same twice', paths: ['/spec', '/spec'], left: { kind: 'X' } },
  { name: 'a part of what goes anyway', paths: ['/spec', '/spec/replicas'], left: { kind: 'X' } },
  { name: 'a part first, then its whole', paths: ['/spec/replicas', '/spec'], left: { kind: 'X' } },
];
for (const { name, paths, left } of cases)
  test(`withoutPointers: ${name}`, () => deepEqual(without(value, ...paths), left));

const nothing = [
  { name: 'no pointer', paths: [] },
  { name: 'a field that is not there', paths: ['/status'] },
  { name: 'a path through a number', paths: ['/spec/replicas/x'] },
  { name: 'an index beyond the list', paths: ['/spec/list/3'] },
  { name: 'the end of a list', paths: ['/spec/list/-'] },
  { name: 'the whole value', paths: [''] },
  { name: 'a name of every object', paths: ['/constructor', '/spec/toString', '/__proto__'] },
];
for (const { name, paths } of nothing)
  test(`withoutPointers: ${name}: the value itself`, () => equal(without(value, ...paths), value));

test('withoutPointers: a field named __proto__ is a field', () => {
  const odd: Json = JSON.parse('{"data":{"__proto__":{"polluted":true},"b":1}}');
  equal(JSON.stringify(without(odd, '/data/b')), '{"data":{"__proto__":{"polluted":true}}}');
  equal(JSON.stringify(without(odd, '/data/__proto__')), '{"data":{"b":1}}');
  equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});

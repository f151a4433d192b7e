/** Equality is equality of canonical texts. */
import { equal as same } from 'node:assert/strict';
import { test } from 'node:test';
import { canonical } from '../../../src/core/json/digest.ts';
import { equal } from '../../../src/core/json/equal.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import type { Json } from '../../../src/core/json/value.ts';

const cases: readonly { readonly name: string; readonly a: Json; readonly b: Json; readonly isEqual: boolean }[] = [
  { name: 'integer and bigint', a: 1, b: 1n, isEqual: true },
  { name: 'negative zero', a: -0, b: 0, isEqual: true },
  { name: 'negative zero and bigint', a: -0, b: 0n, isEqual: true },
  { name: 'a double and the integer it is written as', a: 2 ** 64, b: 18446744073709552000n, isEqual: true },
  { name: 'a double and the integer it holds', a: 2 ** 64, b: 2n ** 64n, isEqual: false },
  { name: 'two bigints', a: 9007199254740993n, b: 9007199254740993n, isEqual: true },
  { name: 'neighbours beyond 2^53', a: 9007199254740993n, b: 9007199254740992n, isEqual: false },
  { name: 'bigint and fraction', a: 1n, b: 1.5, isEqual: false },
  { name: 'number and its text', a: 1, b: '1', isEqual: false },
  { name: 'null and false', a: null, b: false, isEqual: false },
  { name: 'null and empty object', a: null, b: {}, isEqual: false },
  { name: 'empty object and empty array', a: {}, b: [], isEqual: false },
  { name: 'order of fields', a: { a: 1, b: [2] }, b: { b: [2], a: 1 }, isEqual: true },
  { name: 'order of items', a: [1, 2], b: [2, 1], isEqual: false },
  { name: 'one item more', a: [1], b: [1, 1], isEqual: false },
  { name: 'a field of a prototype', a: { toString: 1 }, b: { valueOf: 1 }, isEqual: false },
  { name: 'absent and null field', a: { a: null }, b: { b: null }, isEqual: false },
  { name: '__proto__ is no field of all', a: parseJson('{"__proto__":{}}'), b: { a: {} }, isEqual: false },
  { name: '__proto__ is a field', a: parseJson('{"__proto__":1}'), b: parseJson('{"__proto__":2}'), isEqual: false },
];

for (const { name, a, b, isEqual } of cases)
  test(`equal: ${name}`, () => {
    same(equal(a, b), isEqual);
    same(equal(b, a), isEqual);
    same(canonical(a) === canonical(b), isEqual, 'digests see it the same way');
  });

test('equal: absent equals absent only', () => {
  same(equal(undefined, undefined), true);
  same(equal(undefined, null), false);
});

test('equal: agrees with canonical over all pairs of a pool', () => {
  const leaves: Json[] = [null, true, 0, -0, 0n, 1, 1n, 1.5, 1e21, 10n ** 21n, 2 ** 53, 2n ** 53n, '', '1', [], {}];
  const pool: Json[] = [...leaves, ...leaves.map((leaf) => [leaf]), ...leaves.map((leaf) => ({ a: leaf, 1: null }))];
  for (const a of pool) for (const b of pool) same(equal(a, b), canonical(a) === canonical(b));
});

/** Protects: overrides change what they name and nothing beside it, whatever is merged. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { deepMerge, isNameOf } from '../../../../src/core/dialect/kubevela/override.ts';
import type { Json } from '../../../../src/core/json/value.ts';
import { seededRng } from '../../../builder/rng.ts';

const merges: readonly (readonly [string, Json, Json, Json])[] = [
  ['a scalar by another, 0 too', { a: 1 }, { a: 0 }, { a: 0 }],
  ['a scalar by false', { a: true }, { a: false }, { a: false }],
  ['a scalar by an empty text', { a: 'x' }, { a: '' }, { a: '' }],
  ['anything by null, which stays', { a: 1 }, { a: null }, { a: null }],
  ['a map by a map, field by field', { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
  ['a map by an empty map: nothing', { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
  ['a list by a list', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['a list by an empty list', { a: [1] }, { a: [] }, { a: [] }],
  ['a map by a scalar', { a: { b: 1 } }, { a: 2 }, { a: 2 }],
  ['a scalar by a map', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
  ['nothing by anything', {}, { a: [1] }, { a: [1] }],
];

for (const [name, base, patch, wanted] of merges) {
  test(`deepMerge: ${name}`, () => deepEqual(deepMerge(base, patch), wanted));
}

const names: readonly (readonly [string, string, boolean])[] = [
  ['nginx', 'nginx', true],
  ['nginx', 'nginx-2', false],
  ['nginx', 'my-nginx', false],
  ['a.b', 'axb', false],
  ['nginx-*', 'nginx-2', true],
  ['*', 'anything', true],
  ['*-web', 'a-web', true],
  ['a*a', 'a', false],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'acb', false],
  ['(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', false],
];

for (const [pattern, name, wanted] of names) {
  test(`isNameOf: ${pattern} and ${name}`, () => equal(isNameOf(pattern, name), wanted));
}

/** A small random value, objects more often than not. */
function valueFrom(rng: ReturnType<typeof seededRng>, depth: number): Json {
  const pick = Math.floor(rng.next() * (depth > 0 ? 6 : 3));
  if (pick < 3) return [1, 'x', null][pick] ?? null;
  if (pick === 3) return [valueFrom(rng, depth - 1)];
  return Object.fromEntries(
    ['a', 'b', 'c'].filter(() => rng.next() < 0.6).map((key) => [key, valueFrom(rng, depth - 1)]),
  );
}

test('deepMerge: laws', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const rng = seededRng(seed);
    const [base, patch] = [valueFrom(rng, 3), valueFrom(rng, 3)];
    const merged = deepMerge(base, patch);
    deepEqual(deepMerge(merged, patch), merged, `seed ${seed}: a patch twice is a patch once`);
    deepEqual(deepMerge(base, base), base, `seed ${seed}: a value is its own patch`);
    ok(typeof patch !== 'object' || patch === null || merged !== undefined);
  }
});

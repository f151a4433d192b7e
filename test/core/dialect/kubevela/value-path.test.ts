/** Protects: a value goes to the place that its path names, and nothing beside it changes. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { parsePath, withValueIn } from '../../../../src/core/dialect/kubevela/value-path.ts';
import type { Json } from '../../../../src/core/json/value.ts';

test('parsePath: names, items and quoted names', () => {
  deepEqual(parsePath('env[0].value'), ['env', 0, 'value']);
  deepEqual(parsePath('data["a.b"].c-d'), ['data', 'a.b', 'c-d']);
  deepEqual(parsePath('[1][2]'), [1, 2]);
  for (const text of ['', '.', 'a.', 'a..b', 'a[', 'a[x]', 'a b', 'a["b]', 'a[-1]', `a${'.a'.repeat(100)}`])
    equal(parsePath(text), undefined, text);
});

test('withValueIn: makes what is missing on the way', () => {
  const put = (value: Json, text: string): Json | undefined => withValueIn(value, parsePath(text) ?? [], 'new');
  deepEqual(put({ a: 1 }, 'b.c[0].d'), { a: 1, b: { c: [{ d: 'new' }] } });
  deepEqual(put({ env: [{ name: 'A' }, { name: 'B' }] }, 'env[1].value'), {
    env: [{ name: 'A' }, { name: 'B', value: 'new' }],
  });
  deepEqual(put({ a: ['x'] }, 'a[1]'), { a: ['x', 'new'] });
  deepEqual(put({ a: 'x' }, 'a'), { a: 'new' });
});

test('withValueIn: what stands in the way stays', () => {
  const put = (value: Json, text: string): Json | undefined => withValueIn(value, parsePath(text) ?? [], 'new');
  for (const [value, text] of [
    [{ a: 'x' }, 'a.b'],
    [{ a: ['x'] }, 'a[2]'],
    [{ a: ['x'] }, 'a.b'],
    [{ a: {} }, 'a[0]'],
    [{ a: null }, 'b[1]'],
  ] as const)
    equal(put(value, text), undefined, text);
});

test('withValueIn: no path leads to a prototype', () => {
  const made = withValueIn({}, parsePath('__proto__.polluted') ?? [], true);
  equal(({} as Record<string, unknown>).polluted, undefined);
  deepEqual(Object.keys((made ?? {}) as object), ['__proto__']);
});

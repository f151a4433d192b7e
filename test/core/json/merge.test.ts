/** Merge patches: the table of the RFC's appendix, and what it does not say. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatch } from '../../../src/core/json/merge.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import { fieldOf } from '../../../src/core/json/value.ts';

const cases = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ['{"a":1}', '{"__proto__":{"x":1}}', '{"a":1,"__proto__":{"x":1}}'],
  ['{"n":9007199254740993}', '{"m":9007199254740995}', '{"n":9007199254740993,"m":9007199254740995}'],
] as const;

for (const [target, patch, merged] of cases)
  test(`mergePatch: ${target} + ${patch}`, () =>
    deepEqual(mergePatch(parseJson(target), parseJson(patch)), parseJson(merged)));

test('mergePatch: an absent target counts as an object', () =>
  deepEqual(mergePatch(undefined, { a: { b: null } }), { a: {} }));

test('mergePatch: parts out of reach stay the same values, and the target stays as it was', () => {
  const target = { kept: { deep: [1] }, changed: 1 };
  const merged = mergePatch(target, { changed: 2 });
  equal(fieldOf(merged, 'kept'), target.kept);
  deepEqual(target, { kept: { deep: [1] }, changed: 1 });
  equal(({} as { x?: number }).x, undefined);
});

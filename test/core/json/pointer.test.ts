/** Pointers, by the examples of the RFC and the traps beside them. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { arrayIndex, formatPointer, parsePointer, valueAt } from '../../../src/core/json/pointer.ts';
import { parseJson } from '../../../src/core/json/text.ts';

const document = parseJson(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8,"__proto__":9}',
);
const read = [
  ['', document],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
  ['/__proto__', 9],
  ['/foo/2', undefined],
  ['/foo/-', undefined],
  ['/foo/01', undefined],
  ['/foo/length', undefined],
  ['/toString', undefined],
  ['/foo/0/0', undefined],
] as const;

for (const [text, value] of read)
  test(`valueAt: ${text || 'the root'}`, () => deepEqual(valueAt(document, parsePointer(text) ?? ['bad']), value));

for (const text of ['a', 'a/b', '/~', '/a~2', '/~01~'])
  test(`parsePointer: ${text} is none`, () => equal(parsePointer(text), undefined));

test('parsePointer: ~01 is ~1, not a slash', () => deepEqual(parsePointer('/~01'), ['~1']));

test('formatPointer: gives back what was read', () => {
  for (const [text] of read) equal(formatPointer(parsePointer(text) ?? []), text);
  equal(formatPointer(['a/b', '~1', '']), '/a~1b/~01/');
});

test('arrayIndex: decimal only', () => {
  deepEqual(['0', '10', '', '-1', '1.0', '1e1', ' 1', '00', '9'.repeat(20)].map(arrayIndex), [
    0,
    10,
    ...Array(7).fill(undefined),
  ]);
});

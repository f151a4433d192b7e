/** One scalar changes; the rest of the text is the same to the letter. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { type ScalarValue, spliceScalar } from '../../../src/core/yaml/splice.ts';

const pin = `# Moved by promotion.
kind: Pin
spec:
    revision: 'abc'   # the release
    number: 5
    empty:
    doubled: "x"
    flow: {a: b, c: [d, e]}
    text: |
      one
      two
    shared: &s 1
    other: *s
---
# The second.
a:   1
`;

type Spliced = {
  readonly name: string;
  readonly pointer: string;
  readonly value: ScalarValue;
  readonly document?: number;
  readonly from: string;
  readonly to: string;
};
const spliced: readonly Spliced[] = [
  { name: 'in single quotes', pointer: '/spec/revision', value: 'def', from: "'abc'   #", to: "'def'   #" },
  { name: 'single quotes inside', pointer: '/spec/revision', value: "it's", from: "'abc'", to: "'it''s'" },
  { name: 'lines, in double quotes', pointer: '/spec/revision', value: 'a\nb', from: "'abc'", to: '"a\\nb"' },
  { name: 'a number for a text', pointer: '/spec/revision', value: 7, from: "'abc'", to: '7' },
  { name: 'a number', pointer: '/spec/number', value: 9007199254740993n, from: '5', to: '9007199254740993' },
  { name: 'a text that looks like a number', pointer: '/spec/number', value: '6', from: '5', to: '"6"' },
  { name: 'an empty value', pointer: '/spec/empty', value: 'now', from: 'empty:', to: 'empty: now' },
  { name: 'in double quotes', pointer: '/spec/doubled', value: 'y"\\', from: '"x"', to: '"y\\"\\\\"' },
  { name: 'to null', pointer: '/spec/doubled', value: null, from: '"x"', to: 'null' },
  { name: 'in flow', pointer: '/spec/flow/a', value: 'x, y', from: '{a: b', to: '{a: "x, y"' },
  { name: 'an item', pointer: '/spec/flow/c/1', value: true, from: '[d, e]', to: '[d, true]' },
  { name: 'a block text', pointer: '/spec/text', value: 'flat', from: '|\n      one\n      two', to: 'flat' },
  { name: 'in another document', pointer: '/a', value: 2, document: 1, from: 'a:   1', to: 'a:   2' },
];
for (const { name, pointer, value, document, from, to } of spliced)
  test(`spliceScalar: ${name}`, () => {
    equal(pin.split(from).length, 2, 'the place is the only one');
    deepEqual(spliceScalar(pin, pointer, value, document), { kind: 'spliced', text: pin.replace(from, to) });
  });

const texts = [
  { name: 'CRLF, a byte order mark and no last line end', text: '\ufeffa: 1\r\nb: 2', result: '\ufeffa: 1\r\nb: 3' },
  { name: 'JSON', text: '{"a": "x", "b": "y"}\n', result: '{"a": "x", "b": 3}\n' },
  { name: 'an anchor that nobody uses', text: 'b: &x 2 # c\n', result: 'b: &x 3 # c\n' },
  { name: 'nothing when the value is there', text: 'b:   3\n', result: 'b:   3\n' },
];
for (const { name, text, result } of texts)
  test(`spliceScalar: keeps ${name}`, () => deepEqual(spliceScalar(text, '/b', 3), { kind: 'spliced', text: result }));

const refused: readonly {
  readonly name: string;
  readonly text?: string;
  readonly pointer: string;
  readonly document?: number;
}[] = [
  { name: 'what is not there', pointer: '/spec/absent' },
  { name: 'a map', pointer: '/spec/flow' },
  { name: 'an alias', pointer: '/spec/other' },
  { name: 'what an alias shows too', pointer: '/spec/shared' },
  { name: 'a document that is not there', pointer: '/a', document: 2 },
  { name: 'a pointer that is none', pointer: 'a' },
  { name: 'a text that cannot be read', text: 'a: [', pointer: '/a' },
  { name: 'a text with a key twice', text: 'a: 1\na: 2\n', pointer: '/a' },
  { name: 'lines that end in two ways', text: 'a: 1\r\nb: 2\n', pointer: '/a' },
];
for (const { name, text = pin, pointer, document } of refused)
  test(`spliceScalar: refuses ${name}`, () => equal(spliceScalar(text, pointer, 3, document).kind, 'refused'));

/** YAML in the bodies of requests. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { readYamlBody } from '../../../src/sandbox/api/yaml-body.ts';

const cases: readonly (readonly [string, string, Json])[] = [
  ['JSON', '{"a": [1, "x"]}', { a: [1, 'x'] }],
  ['a map', 'a: 1\nb: text\n', { a: 1, b: 'text' }],
  ['words that are booleans', 'a: yes\nb: off\n', { a: true, b: false }],
  ['octal, old and new', 'a: 0644\nb: 0o17\n', { a: 420, b: 15 }],
  ['a date is text', 'a: 2024-01-01\n', { a: '2024-01-01' }],
  ['minutes are text', 'a: 12:30\n', { a: '12:30' }],
  ['all digits of an integer', 'a: 9007199254740993\n', { a: 9007199254740993n }],
  ['an alias', 'a: &x {k: 1}\nb: *x\n', { a: { k: 1 }, b: { k: 1 } }],
];
for (const [name, text, value] of cases) {
  test(`readYamlBody: ${name}`, () => deepEqual(readYamlBody(text), { kind: 'read', value, twice: [] }));
}

test('readYamlBody: a key that comes twice is told, and the last one counts', () => {
  deepEqual(readYamlBody('{"a":"1","a":"2"}'), {
    kind: 'read',
    value: { a: '2' },
    twice: ['line 1: key "a" already set in map'],
  });
  deepEqual(readYamlBody('b: 0\na: 1\na: 2\n'), {
    kind: 'read',
    value: { b: 0, a: 2 },
    twice: ['line 3: key "a" already set in map'],
  });
});

test('readYamlBody: what is no YAML', () => equal(readYamlBody('a: [1\nb: {').kind, 'broken'));

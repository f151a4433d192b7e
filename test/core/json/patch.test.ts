/** JSON Patch: the examples of the RFC's appendix, each refusal, and laws over seeds. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch } from '../../../src/core/json/patch.ts';
import { readPatch } from '../../../src/core/json/patch-operation.ts';
import { parseJson } from '../../../src/core/json/text.ts';
import { fieldOf, type Json } from '../../../src/core/json/value.ts';

function patchText(value: string, patch: string): Json {
  const read = readPatch(parseJson(patch));
  if (read.kind === 'refused') return read.problems.map(({ kind, operation, path }) => [kind, operation, path]);
  const result = applyPatch(parseJson(value), read.patch);
  if (result.kind === 'patched') return result.value;
  return [result.problem.kind, result.problem.operation, result.problem.path];
}

const done = [
  {
    name: 'add a field',
    value: '{"foo":"bar"}',
    patch: '[{"op":"add","path":"/baz","value":"qux"}]',
    result: '{"baz":"qux","foo":"bar"}',
  },
  {
    name: 'add an item',
    value: '{"foo":["bar","baz"]}',
    patch: '[{"op":"add","path":"/foo/1","value":"qux"}]',
    result: '{"foo":["bar","qux","baz"]}',
  },
  {
    name: 'add at the end',
    value: '{"foo":["bar"]}',
    patch: '[{"op":"add","path":"/foo/-","value":["abc"]}]',
    result: '{"foo":["bar",["abc"]]}',
  },
  { name: 'add at the length', value: '[1]', patch: '[{"op":"add","path":"/1","value":2}]', result: '[1,2]' },
  { name: 'add over a field', value: '{"a":1}', patch: '[{"op":"add","path":"/a","value":2}]', result: '{"a":2}' },
  { name: 'add the root', value: '{"a":1}', patch: '[{"op":"add","path":"","value":2}]', result: '2' },
  { name: 'add null', value: '{}', patch: '[{"op":"add","path":"/a","value":null}]', result: '{"a":null}' },
  {
    name: 'remove a field',
    value: '{"baz":"qux","foo":"bar"}',
    patch: '[{"op":"remove","path":"/baz"}]',
    result: '{"foo":"bar"}',
  },
  {
    name: 'remove an item',
    value: '{"foo":["bar","qux","baz"]}',
    patch: '[{"op":"remove","path":"/foo/1"}]',
    result: '{"foo":["bar","baz"]}',
  },
  {
    name: 'replace',
    value: '{"baz":"qux","foo":"bar"}',
    patch: '[{"op":"replace","path":"/baz","value":"boo"}]',
    result: '{"baz":"boo","foo":"bar"}',
  },
  { name: 'replace the root', value: '1', patch: '[{"op":"replace","path":"","value":{"a":[]}}]', result: '{"a":[]}' },
  {
    name: 'move a field',
    value: '{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
    patch: '[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]',
    result: '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}',
  },
  {
    name: 'move an item',
    value: '{"foo":["all","grass","cows","eat"]}',
    patch: '[{"op":"move","from":"/foo/1","path":"/foo/3"}]',
    result: '{"foo":["all","cows","eat","grass"]}',
  },
  { name: 'move onto itself', value: '{"a":1}', patch: '[{"op":"move","from":"/a","path":"/a"}]', result: '{"a":1}' },
  {
    name: 'copy',
    value: '{"a":{"b":1}}',
    patch: '[{"op":"copy","from":"/a","path":"/a/c"}]',
    result: '{"a":{"b":1,"c":{"b":1}}}',
  },
  {
    name: 'test, then go on',
    value: '{"baz":"qux","foo":["a",2,"c"]}',
    patch: '[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2.0}]',
    result: '{"baz":"qux","foo":["a",2,"c"]}',
  },
  {
    name: 'test of the escapes',
    value: '{"/":9,"~1":10}',
    patch: '[{"op":"test","path":"/~01","value":10}]',
    result: '{"/":9,"~1":10}',
  },
  { name: 'unknown fields', value: '{}', patch: '[{"op":"add","path":"/a","value":1,"xyz":123}]', result: '{"a":1}' },
  {
    name: 'all digits stay',
    value: '{"n":9007199254740993}',
    patch: '[{"op":"test","path":"/n","value":9007199254740993},{"op":"copy","from":"/n","path":"/m"}]',
    result: '{"n":9007199254740993,"m":9007199254740993}',
  },
  {
    name: '__proto__ is a field',
    value: '{}',
    patch:
      '[{"op":"add","path":"/__proto__","value":{"x":1}},{"op":"add","path":"/__proto__/y","value":2},{"op":"remove","path":"/__proto__/x"}]',
    result: '{"__proto__":{"y":2}}',
  },
];

const refusals = [
  { name: 'no parent', value: '{}', patch: '[{"op":"add","path":"/a/b","value":1}]', problem: ['missing', 0, '/a'] },
  {
    name: 'a prototype is no parent',
    value: '{}',
    patch: '[{"op":"add","path":"/constructor/prototype/x","value":1}]',
    problem: ['missing', 0, '/constructor'],
  },
  {
    name: 'beyond the end',
    value: '[1]',
    patch: '[{"op":"add","path":"/2","value":1}]',
    problem: ['badIndex', 0, '/2'],
  },
  {
    name: 'leading zero',
    value: '[1,2]',
    patch: '[{"op":"add","path":"/01","value":1}]',
    problem: ['badIndex', 0, '/01'],
  },
  {
    name: 'into a string',
    value: '{"a":"b"}',
    patch: '[{"op":"add","path":"/a/b","value":1}]',
    problem: ['notContainer', 0, '/a/b'],
  },
  { name: 'remove nothing', value: '{}', patch: '[{"op":"remove","path":"/a"}]', problem: ['missing', 0, '/a'] },
  { name: 'remove the end', value: '[1]', patch: '[{"op":"remove","path":"/-"}]', problem: ['missing', 0, '/-'] },
  { name: 'remove the root', value: '{}', patch: '[{"op":"remove","path":""}]', problem: ['root', 0, ''] },
  {
    name: 'replace nothing',
    value: '{}',
    patch: '[{"op":"replace","path":"/a","value":1}]',
    problem: ['missing', 0, '/a'],
  },
  {
    name: 'test another',
    value: '{"a":1}',
    patch: '[{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":"1"}]',
    problem: ['testFailed', 1, '/a'],
  },
  {
    name: 'test a neighbour beyond 2^53',
    value: '{"n":9007199254740993}',
    patch: '[{"op":"test","path":"/n","value":9007199254740992}]',
    problem: ['testFailed', 0, '/n'],
  },
  {
    name: 'test nothing',
    value: '{}',
    patch: '[{"op":"test","path":"/a","value":null}]',
    problem: ['missing', 0, '/a'],
  },
  {
    name: 'copy nothing',
    value: '{}',
    patch: '[{"op":"copy","from":"/a","path":"/b"}]',
    problem: ['missing', 0, '/a'],
  },
  {
    name: 'move into itself',
    value: '{"a":{"b":1}}',
    patch: '[{"op":"move","from":"/a","path":"/a/b"}]',
    problem: ['intoItself', 0, '/a/b'],
  },
];

const malformed = [
  { name: 'no array', patch: '{}', problems: [['malformed', 0, '']] },
  {
    name: 'all problems at once',
    patch:
      '[1,{"op":"add","path":"/a"},{"op":"jump","path":""},{"op":"remove","path":"a"},{"op":"remove"},{"op":"copy","path":""}]',
    problems: [
      ['malformed', 0, ''],
      ['malformed', 1, ''],
      ['malformed', 2, ''],
      ['malformed', 3, 'a'],
      ['malformed', 4, ''],
      ['malformed', 5, ''],
    ],
  },
];

for (const { name, value, patch, result } of done)
  test(`applyPatch: ${name}`, () => deepEqual(patchText(value, patch), parseJson(result)));
for (const { name, value, patch, problem } of refusals)
  test(`applyPatch: refuses: ${name}`, () => deepEqual(patchText(value, patch), problem));
for (const { name, patch, problems } of malformed)
  test(`readPatch: refuses: ${name}`, () => deepEqual(patchText('{}', patch), problems));

test('applyPatch: changes nothing in place, shares what it does not touch', () => {
  const value = { kept: { deep: [1] }, list: [{ a: 1 }, { b: 2 }] };
  const before = structuredClone(value);
  const result = applyPatch(value, [{ op: 'replace', path: ['list', '1', 'b'], value: 3 }]);
  deepEqual(value, before);
  const patched = result.kind === 'patched' ? result.value : null;
  equal(fieldOf(patched, 'kept'), value.kept);
  deepEqual(fieldOf(patched, 'list'), [{ a: 1 }, { b: 3 }]);
  equal(Object.hasOwn(Object.prototype, 'x'), false);
});

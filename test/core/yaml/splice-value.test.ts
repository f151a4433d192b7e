/** A value comes to be at one place of a text; comments, quotes, order and layout of all the rest stay. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { formatPointer, type Pointer, parsePointer, valueAt } from '../../../src/core/json/pointer.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json/value.ts';
import { formatYaml } from '../../../src/core/yaml/format.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { spliceValue } from '../../../src/core/yaml/splice-value.ts';
import { seededRng } from '../../builder/rng.ts';

const values = `# Of production.
image:
  repository: 'example.com/web'   # ours
  # What runs.
  tag: "1.2" # moved by promotion
resources: {limits: {cpu: 1, memory: 1Gi}}
hosts:
  # The old one.
  - a.example.com
  - b.example.com # the new one
env:
- name: LEVEL # loud
  value: debug
- name: PORT
  value: "80"
text: |
  one
  two
empty:
tagOf: &tag 1
other: *tag
# The end.
`;

type Case = {
  readonly name: string;
  readonly at: string;
  readonly to: Json | undefined;
  readonly from: string;
  readonly into: string;
};
const cases: readonly Case[] = [
  { name: 'a scalar, in its quotes', at: '/image/tag', to: '1.3', from: '"1.2" #', into: '"1.3" #' },
  {
    name: 'only what differs in a map',
    at: '/image',
    to: { repository: 'example.com/web', tag: '2' },
    from: '"1.2" #',
    into: '"2" #',
  },
  {
    name: 'a new field, behind the last',
    at: '/image/digest',
    to: 'sha256:1',
    from: 'promotion\n',
    into: 'promotion\n  digest: sha256:1\n',
  },
  {
    name: 'a new map on the way',
    at: '/image/pull/policy',
    to: 'Always',
    from: 'promotion\n',
    into: 'promotion\n  pull:\n    policy: Always\n',
  },
  {
    name: 'a map where nothing was',
    at: '/empty/deep',
    to: [1, 2],
    from: 'empty:\n',
    into: 'empty:\n  deep:\n  - 1\n  - 2\n',
  },
  {
    name: 'a field that goes, with its line',
    at: '/image/tag',
    to: undefined,
    from: '  tag: "1.2" # moved by promotion\n',
    into: '',
  },
  { name: 'a field in flow', at: '/resources/limits/cpu', to: 2, from: 'cpu: 1', into: 'cpu: 2' },
  {
    name: 'a new field in flow',
    at: '/resources/requests',
    to: { cpu: 1 },
    from: '1Gi}}',
    into: '1Gi}, requests: {cpu: 1}}',
  },
  { name: 'a field that goes in flow', at: '/resources/limits/cpu', to: undefined, from: 'cpu: 1, ', into: '' },
  {
    name: 'an item more',
    at: '/hosts',
    to: ['a.example.com', 'b.example.com', 'c'],
    from: 'new one\n',
    into: 'new one\n  - c\n',
  },
  {
    name: 'an item between',
    at: '/hosts',
    to: ['a.example.com', 'x', 'b.example.com'],
    from: '  - b.example',
    into: '  - x\n  - b.example',
  },
  {
    name: 'an item that goes',
    at: '/hosts',
    to: ['a.example.com'],
    from: '  - b.example.com # the new one\n',
    into: '',
  },
  { name: 'a field of an item', at: '/env/0/value', to: 'info', from: 'debug', into: 'info' },
  { name: 'a map for a scalar', at: '/env/1/value', to: { a: 1 }, from: 'value: "80"', into: 'value:\n    a: 1' },
  {
    name: 'the first field of an item that goes',
    at: '/env/1/name',
    to: undefined,
    from: 'name: PORT\n  value',
    into: 'value',
  },
  { name: 'a block text', at: '/text', to: 'three', from: '|\n  one\n  two', into: 'three' },
  { name: 'an alias, which alone becomes another', at: '/other', to: 2, from: '*tag', into: '2' },
  { name: 'a scalar for a map', at: '/image/tag', to: null, from: '"1.2" #', into: 'null #' },
  { name: 'nothing that is right already', at: '/hosts', to: ['a.example.com', 'b.example.com'], from: '', into: '' },
];
for (const { name, at, to, from, into } of cases)
  test(`spliceValue: ${name}`, () => {
    if (from !== '') equal(values.split(from).length, 2, 'the place is the only one');
    deepEqual(spliceValue(values, parsePointer(at) ?? [], to), { kind: 'spliced', text: values.replace(from, into) });
  });

const others = [
  {
    name: 'JSON stays JSON',
    text: '{"a": {"b": 1}, "l": []}\n',
    at: '/a/c',
    to: 'x',
    result: '{"a": {"b": 1, "c": "x"}, "l": []}\n',
  },
  {
    name: 'JSON, an item',
    text: '{"a": {"b": 1}, "l": []}\n',
    at: '/l',
    to: ['x'],
    result: '{"a": {"b": 1}, "l": ["x"]}\n',
  },
  {
    name: 'CRLF and no last line end',
    text: 'a: 1\r\nb: 2',
    at: '/c',
    to: { d: 3 },
    result: 'a: 1\r\nb: 2\r\nc:\r\n  d: 3',
  },
  {
    name: 'a field beside merged ones',
    text: 'base: &b {tag: 1}\nweb:\n  <<: *b\n',
    at: '/web/tag',
    to: 2,
    result: 'base: &b {tag: 1}\nweb:\n  <<: *b\n  tag: 2\n',
  },
  { name: 'the last field', text: 'a:\n  b: 1 # c\n', at: '/a/b', to: undefined, result: 'a:\n  {} # c\n' },
  { name: 'a list of lists', text: 'a:\n- - 1\n  - 2\n', at: '/a/0/1', to: 3, result: 'a:\n- - 1\n  - 3\n' },
];
for (const { name, text, at, to, result } of others)
  test(`spliceValue: ${name}`, () =>
    deepEqual(spliceValue(text, parsePointer(at) ?? [], to), { kind: 'spliced', text: result }));

const refused = [
  { name: 'what an alias shows too', text: values, at: '/tagOf', to: 2 },
  { name: 'a field of a scalar', text: values, at: '/text/a', to: 2 },
  { name: 'a map with a comment inside that would be lost', text: 'a:\n  # why\n  b: 1\n', at: '/a', to: 1 },
  { name: 'a text that cannot be read', text: 'a: [', at: '/a', to: 1 },
  { name: 'a key twice', text: 'a: 1\na: 2\n', at: '/a', to: 1 },
];
for (const { name, text, at, to } of refused)
  test(`spliceValue: refuses ${name}`, () => equal(spliceValue(text, parsePointer(at) ?? [], to).kind, 'refused'));

/** Random maps, written with a comment behind and before every line. */
const rng = seededRng(11);
const upTo = (count: number): number => Math.floor(rng.next() * count);
function anyValue(depth: number): Json {
  const dice = upTo(depth > 2 ? 5 : 8);
  if (dice === 5) return Array.from({ length: upTo(4) }, () => anyValue(depth + 1));
  if (dice > 5) return anyMap(depth + 1);
  return [null, true, upTo(90), `t${upTo(9)}`, ': #'][dice] ?? null;
}
const anyMap = (depth: number): JsonObject =>
  Object.fromEntries(Array.from({ length: 1 + upTo(4) }, () => [`k${upTo(6)}`, anyValue(depth)]));

function pointersOf(value: Json, at: Pointer = []): readonly Pointer[] {
  const inside = isArray(value)
    ? value.flatMap((item, index) => pointersOf(item, [...at, String(index)]))
    : isObject(value)
      ? Object.entries(value).flatMap(([name, item]) => pointersOf(item, [...at, name]))
      : [];
  return at.length === 0 ? inside : [at, ...inside];
}

const commented = (value: Json): string =>
  formatYaml(value)
    .split('\n')
    .flatMap((line, index) => (line === '' ? [''] : [`${/^ */.exec(line)?.[0]}# ${index}`, line]))
    .join('\n');

test('spliceValue: never another value, never another line, over random documents', () => {
  let changed = 0;
  for (let round = 0; round < 1_500; round++) {
    const before = { first: anyMap(0), last: 1 };
    const text = commented(before);
    const at = pointersOf(before)[upTo(12)];
    if (at === undefined) continue;
    const value = anyValue(1);
    const done = spliceValue(text, at, value);
    if (done.kind === 'refused') continue;
    const after = readManifests('a.yaml', done.text).documents[0]?.value;
    ok(after !== undefined);
    deepEqual(valueAt(after, at), value, formatPointer(at));
    // Set back, all is as it was: nothing else was another in between.
    deepEqual(putAt(after, at, valueAt(before, at) ?? null), before);
    // Lines that are not inside of the place are there as they were, in their order.
    const kept = done.text.split('\n');
    const lines = text.split('\n');
    const [head, tail] = [commonStart(lines, kept), commonStart(lines.toReversed(), kept.toReversed())];
    const touched = lines.slice(head, lines.length - tail).join('\n');
    const inside = commented(valueAt(before, at) ?? null).split('\n').length + 2;
    ok(touched.split('\n').length <= inside * 2, `${text}\n===\n${done.text}`);
    changed += 1;
    equal(JSON.stringify(spliceValue(done.text, at, value)), JSON.stringify(done), 'once more changes nothing');
  }
  ok(changed > 400, `${changed}`);
});

function putAt(value: Json, [step, ...rest]: Pointer, to: Json): Json {
  if (step === undefined) return to;
  if (isArray(value)) return value.map((item, index) => (String(index) === step ? putAt(item, rest, to) : item));
  return isObject(value) ? { ...value, [step]: putAt(value[step] ?? null, rest, to) } : value;
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Files to documents: what is delivered, where it stands, and what is not let in. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { locate, sizeOf } from '../../../src/core/model/locate.ts';
import { defaultReadLimits } from '../../../src/core/yaml/limits.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { effortMs, growth } from '../../builder/effort.ts';
import { Choice } from './choice.ts';
import { mutate } from './mutate.ts';
import { oddDocument } from './odd.ts';
import { respell } from './respell.ts';
import { samples } from './samples.ts';

const read = (text: string | Uint8Array, limits = defaultReadLimits) => readManifests('a.yaml', text, limits);
const valuesOf = (text: string | Uint8Array): readonly Json[] => read(text).documents.map(({ value }) => value);
const codesOf = (text: string | Uint8Array): readonly string[] =>
  read(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));

const placed = `# one
a: 1
list:
- x: y   # two
  z: |
    text
-   - deep
flow: {k: [1, "s"], 10: ten, 2: two}
empty:
anchored: &n !!str yes
alias: *n
merged:
  <<: {m: 1}
  own: 2
`;
const places = [
  ['', '2:1'],
  ['/a', '2:4'],
  ['/list', '3:1'],
  ['/list/0', '4:3'],
  ['/list/0/x', '4:6'],
  ['/list/0/z', '5:6'],
  ['/list/1', '7:5'],
  ['/list/1/0', '7:7'],
  ['/flow', '8:7'],
  ['/flow/k', '8:11'],
  ['/flow/k/1', '8:15'],
  ['/flow/10', '8:25'],
  ['/flow/2', '8:33'],
  ['/empty', '9:7'],
  ['/anchored', '10:20'],
  ['/alias', '11:8'],
  ['/merged', '12:1'],
  ['/merged/m', '13:11'],
  ['/merged/own', '14:8'],
  ['/list/7/x', '3:1'],
] as const;
for (const [pointer, place] of places)
  test(`readManifests: the place of ${pointer || 'the root'}`, () => {
    const [document] = read(placed).documents;
    ok(document);
    const { line, column } = locate(document, pointer.split('/').slice(1));
    equal(`${line}:${column}`, place);
  });

test('readManifests: places are the same in JSON, in CRLF and behind a byte order mark', () => {
  const json = '{\n  "a": [1,\n   {"b": "c"}],\n  "10": 1, "2": [2]\n}\n';
  deepEqual(read(json).documents[0]?.marks, [1, 1, 4, 17, 4, 18, 4, 9, 2, 8, 2, 9, 3, 4, 3, 10]);
  const yaml = json.replace('}],', '}, ],');
  for (const text of [yaml, yaml.replaceAll('\n', '\r\n'), `\ufeff${yaml}`])
    deepEqual(read(text).documents[0]?.marks, read(json).documents[0]?.marks);
});

test('readManifests: every value of generated documents has its mark, inside the text', () => {
  const values = samples.flatMap(valuesOf);
  for (let seed = 0; seed < 400; seed++) {
    const choice = new Choice(seed);
    const respelled = `value:${respell(choice.of(values) ?? null, 2, choice)}`;
    for (const text of [respelled, oddDocument(choice), mutate(choice.of(samples) ?? '', choice)]) {
      const lines = text.replaceAll('\r\n', '\n').split('\n');
      for (const { value, marks } of read(text).documents) {
        equal(marks.length, 2 * sizeOf(value), text);
        for (let at = 0; at < marks.length; at += 2) {
          const line = lines[(marks[at] ?? 0) - 1];
          ok(line !== undefined && (marks[at + 1] ?? 0) >= 1 && (marks[at + 1] ?? 0) <= line.length + 1, text);
        }
      }
    }
  }
});

const delivered = [
  { name: 'nothing', text: '', values: [] },
  { name: 'comments and separators', text: '# a\n---\n---\n# b\n---\n', values: [] },
  { name: 'a null document', text: '~\n---\na: 1\n', values: [{ a: 1 }] },
  { name: 'the documents around a broken one', text: 'a: 1\n---\nb: [\n---\nc: 3\n', values: [{ a: 1 }, { c: 3 }] },
  { name: 'the documents around a text', text: 'a: 1\n---\njust text\n---\nc: 3\n', values: [{ a: 1 }, { c: 3 }] },
  {
    name: 'integers of 64 bits',
    text: 'a: [9007199254740993, -9223372036854775808, 1e18]',
    values: [{ a: [9007199254740993n, -(2n ** 63n), 10n ** 18n] }],
  },
  {
    name: 'integers of 64 bits in JSON',
    text: '{"a": [9007199254740993, 12, -0, 1.0]}',
    values: [{ a: [9007199254740993n, 12, 0, 1] }],
  },
  { name: 'unpaired surrogates in JSON', text: '{"a": "\\ud800x"}', values: [{ a: '\ufffdx' }] },
  { name: 'JSON lines', text: '{"a":1}\n{"a":2}\n', values: [{ a: 1 }, { a: 2 }] },
  { name: 'a key that begins like a directive', text: 'a: 1\n"%b": 2\n', values: [{ a: 1, '%b': 2 }] },
  {
    name: 'Helm values without a kind',
    text: 'items: [1]\nimage: {tag: "1"}\n',
    values: [{ items: [1], image: { tag: '1' } }],
  },
] as const; // prettier-ignore
for (const { name, text, values } of delivered)
  test(`readManifests: delivers ${name}`, () => deepEqual(valuesOf(text), values));

test('readManifests: a List arrives as its items, each where it stands', () => {
  const text = `apiVersion: v1
kind: List
metadata: {}
items:
- apiVersion: v1
  kind: A
  10: x
  2: why
- kind: BList
  apiVersion: v1
  items:
  - {spec: 1}
  - metadata:
      name: z
`;
  const { documents, problems } = read(text);
  deepEqual(problems, []);
  deepEqual(
    documents.map(({ value, marks }) => [JSON.stringify(value), marks.slice(0, 4).join(' ')]),
    [
      ['{"2":"why","10":"x","apiVersion":"v1","kind":"A"}', '5 3 8 6'],
      ['{"spec":1,"apiVersion":"v1","kind":"B"}', '12 5 12 12'],
      ['{"metadata":{"name":"z"},"apiVersion":"v1","kind":"B"}', '13 5 13 5'],
    ],
  );
  deepEqual(codesOf('apiVersion: v1\nkind: List\nitems:\n- a\n- {b: 1}\n'), ['A1040 4:3']);
});

const n = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');
const refused = [
  { name: 'too many bytes', text: `a: ${'b'.repeat(2 ** 22)}`, codes: ['A1002 1:1'] },
  { name: 'too many documents', text: n(1001, (index) => `a: ${index}\n---\n`), codes: ['A1003 2001:1'] },
  { name: 'too many JSON values', text: '{}'.repeat(1001), codes: ['A1003 1:2001'] },
  { name: 'too deep, in brackets', text: `a: ${'['.repeat(64)}${']'.repeat(64)}`, codes: ['A1004 1:67'] },
  { name: 'too deep, in JSON', text: `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, codes: ['A1004 1:321'] },
  { name: 'too deep, in lines', text: n(65, (index) => `${' '.repeat(index)}a:\n`), codes: ['A1004 65:65'] },
  {
    name: 'too deep, in low lists',
    text: n(33, (index) => `${' '.repeat(index * 2)}a:\n${' '.repeat(index * 2)}- b:\n`),
    codes: ['A1004 64:65'],
  },
  { name: 'too many aliases', text: `a: &a 1\n${n(101, (index) => `b${index}: *a\n`)}`, codes: ['A1005 102:7'] },
  {
    name: 'aliases that grow',
    text: `a: &a [${n(9, () => '1,')}]\n${n(5, (index) => `${'bcdef'[index]}: &${'bcdef'[index]} [${n(9, () => `*${'abcde'[index]},`)}]\n`)}`,
    codes: ['A1005 4:8'],
  },
  {
    name: 'aliases too deep',
    text: n(40, (index) => `k${index}: &k${index} {x: {y: ${index === 0 ? 1 : `*k${index - 1}`}}}\n`),
    codes: ['A1005 32:19'],
  },
  { name: 'too many keys', text: n(5001, (index) => `k${index}: 1\n`), codes: ['A1006 5001:1'] },
  {
    name: 'too many keys in JSON',
    text: `{${n(5001, (index) => `"k${index}":1,`).slice(0, -1)}}`,
    codes: ['A1006 1:1'],
  },
  { name: 'too many values', text: `a: [${'1,'.repeat(200_000)}]`, codes: ['A1007 1:400003'] },
  { name: 'too many values in all', text: n(3, () => `a: [${'1,'.repeat(70_000)}]\n---\n`), codes: ['A1007 5:119995'] },
  { name: 'no UTF-8', text: bytes('a: 1\nb: é', 0xff, '\n'), codes: ['A1001 2:5'] },
  { name: 'UTF-8 cut short', text: bytes('a: 1\nb: ', 0xe2, 0x82), codes: ['A1001 2:4'] },
  { name: 'UTF-16', text: bytes(0xff, 0xfe, 'a', 0, ':', 0), codes: ['A1001 1:1'] },
  { name: 'half a character in a text', text: 'a: \ud800', codes: ['A1001 1:4'] },
  { name: 'NUL', text: 'a: 1\nb: \0', codes: ['A1001 2:4'] },
  { name: 'NUL in JSON', text: '{"a": "\0"}', codes: ['A1001 1:8'] },
  { name: 'what is wrong behind an anchor, once', text: 'a: &a {b: .inf}\nc: *a\nd: *a\n', codes: ['A1023 1:11'] },
  {
    name: 'every problem, in the order of the text',
    text: 'a: 1\na: 2\nb: .inf\n---\nc: [\n--- x\nd: !x 1\n',
    codes: ['A1020 2:1', 'A1023 3:4', 'A1013 5:4', 'A1031 6:1', 'A1022 7:7'],
  },
] as const; // prettier-ignore
for (const { name, text, codes } of refused)
  test(`readManifests: refuses ${name}`, () => deepEqual(codesOf(text), codes));

test('readManifests: keys that are names of prototypes are data', () => {
  const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype'];
  const yaml = names.map((name) => `${name}: {polluted: yes}\n`).join('');
  const json = `{${names.map((name) => `"${name}": {"polluted": true}`).join(',')}}`;
  for (const text of [yaml, json, `a: &a\n${yaml.replaceAll(/^/gm, '  ').trimEnd()}\nb:\n  <<: *a\n`]) {
    const [value] = valuesOf(text);
    const part = text.startsWith('a:') ? Object.entries(value ?? {})[1]?.[1] : value;
    deepEqual(Object.keys(part ?? {}), names);
    equal(Object.getPrototypeOf(part), Object.prototype);
  }
  equal('polluted' in {}, false);
});

test('readManifests: the digest tells values, not layout; and tells what is broken', () => {
  const digestOf = (text: string): string => read(text).digest;
  equal(digestOf('a: 1\nb: [x]\n'), digestOf('# c\nb:\n- "x"\na: 0x1\n---\n'));
  equal(digestOf('{"a": 1, "b": ["x"]}'), digestOf('a: 1\nb: [x]\n'));
  notEqual(digestOf('a: 1\n'), digestOf('a: "1"\n'));
  notEqual(digestOf('a: [\n'), digestOf(''));
  notEqual(digestOf('a: [\n'), digestOf('a: {\n'));
});

test('readManifests: the answer can be handed over, and nothing of it is shared', () => {
  const file = read('a: 9007199254740993\nb: &b [1]\nc: *b\nd: [\n---\nd: [');
  deepEqual(structuredClone(file), file);
});

test('readManifests: a Secret that is broken stays out of the messages', () => {
  const secret = 'kind: Secret\nstringData:\n  password: hunter2\n  hunter3\n  token: *hunter4\n';
  equal(read(secret).problems.length, 1);
  ok(!JSON.stringify(read(secret).problems).includes('hunter'));
  ok(JSON.stringify(read(secret.replace('Secret', 'Config')).problems).includes('hunter3'));
  const pem = 'kind: Secret\ndata:\n  key: |\n-----BEGIN hunter7-----\nhunter8: [\n';
  equal(read(pem).problems.length, 2);
  ok(!JSON.stringify(read(pem).problems).includes('hunter'));
  const more = 'kind: "Secret"\na: *hunter4\nhunter5: 1\nhunter5: 2\nb: !hunter6 x\n';
  equal(read(more).problems.length, 3);
  ok(!JSON.stringify(read(more).problems).includes('hunter'));
});

const hostile = [
  ['brackets', '['],
  ['braces', '{"a":'],
  ['closed pairs', '[]'],
  ['dashes', '- '],
  ['question marks', '? '],
  ['colons', ': '],
  ['tags', '! '],
  ['anchors', '&a '],
  ['quotes', '"'],
  ['quotes in lines', "'\n"],
  ['backslashes', '"\\'],
  ['separators', '---\n'],
  ['bad separators', '---x\n'],
  ['document ends', '...\n'],
  ['lines', '\n'],
  ['comments', '#\n'],
  ['duplicate keys', 'a: 1\n'],
  ['explicit keys', '? a\n: b\n'],
  ['block texts', 'a: |\n x\n'],
  ['merges', '<<: {a: 1}\n'],
  ['zigzag', 'a:\n  b:\n    c: 1\n'],
  ['templates', '{{ x }}\n'],
  ['flow maps', '[{a: b}, '],
  ['numbers', '[1_2, 0x3, '],
  ['bytes', '\ufffd'],
] as const;
for (const [name, part] of hostile)
  test(`readManifests: ends soon on ${name}`, () => {
    for (const before of ['', 'a: ', 'a: [', '{"a":[']) {
      const text = before + part.repeat(Math.floor(200_000 / part.length));
      const spentMs = effortMs(() => ok(read(text).problems.length <= 100));
      ok(spentMs < 5_000, `${before}${part}… took ${spentMs} ms`);
    }
  });

test('readManifests: four times the keys in one map take about four times the effort, not sixteen times', () => {
  const readKeys = (count: number): void => {
    const { documents } = read(
      n(count, (index) => `key${index}: value\n`),
      { ...defaultReadLimits, keysMax: 50_000 },
    );
    equal(Object.keys(documents[0]?.value ?? {}).length, count);
  };
  const times = growth(readKeys, 10_000, 40_000);
  ok(times < 10, `${times} times`);
});

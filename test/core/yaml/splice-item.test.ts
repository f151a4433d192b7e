/** Protects: a mark put into a Pin leaves comments, quotes and layout as a person wrote them. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { spliceItem } from '../../../src/core/yaml/splice-item.ts';

const cases: readonly { readonly name: string; readonly before: string; readonly after: string }[] = [
  {
    name: 'makes the list below the last field',
    before: 'kind: Pin # moved\nspec:\n  revision: abc # now\n# the end\n',
    after: 'kind: Pin # moved\nspec:\n  revision: abc # now\n  bad: [one]\n# the end\n',
  },
  {
    name: 'makes the list in a flow map',
    before: 'spec: {revision: abc}\n',
    after: 'spec: {revision: abc, bad: [one]}\n',
  },
  {
    name: 'makes the list behind a block of items',
    before: 'spec:\n  exceptions:\n    - revision: abc\n      reason: x\n',
    after: 'spec:\n  exceptions:\n    - revision: abc\n      reason: x\n  bad: [one]\n',
  },
  {
    name: 'makes the list behind a block text',
    before: 'spec:\n  note: |\n    a\n    b\nother: 1\n',
    after: 'spec:\n  note: |\n    a\n    b\n  bad: [one]\nother: 1\n',
  },
  { name: 'fills an empty list', before: 'spec: {bad: []}\n', after: 'spec: {bad: [one]}\n' },
  { name: 'appends in flow style', before: 'spec:\n  bad: [a, b] # c\n', after: 'spec:\n  bad: [a, b, one] # c\n' },
  {
    name: 'appends in block style',
    before: 'spec:\n    bad:\n    - a   # first\n    -   b # second\n    next: 1\n',
    after: 'spec:\n    bad:\n    - a   # first\n    -   b # second\n    - one\n    next: 1\n',
  },
  {
    name: 'keeps JSON',
    before: '{"spec": {"revision": "abc"}}\n',
    after: '{"spec": {"revision": "abc", "bad": ["one"]}}\n',
  },
  { name: 'keeps a JSON list', before: '{"spec": {"bad": ["a"]}}\n', after: '{"spec": {"bad": ["a", "one"]}}\n' },
  { name: 'keeps CRLF', before: 'spec:\r\n  a: 1\r\n', after: 'spec:\r\n  a: 1\r\n  bad: [one]\r\n' },
  { name: 'keeps a missing last line end', before: 'spec:\n  a: 1', after: 'spec:\n  a: 1\n  bad: [one]' },
  { name: 'puts nothing in twice', before: 'spec: {bad:   [one]}\n', after: 'spec: {bad:   [one]}\n' },
  { name: 'finds its document', before: 'spec: {a: 1}\n', after: 'spec: {a: 1, bad: [one]}\n' },
];
for (const { name, before, after } of cases)
  test(`spliceItem: ${name}`, () => {
    deepEqual(spliceItem(before, ['spec', 'bad'], 'one'), { kind: 'spliced', text: after });
    const other = '# The first.\nkind: Other\n---\n';
    if (!before.includes('\r') && before.endsWith('\n'))
      deepEqual(spliceItem(other + before, ['spec', 'bad'], 'one', 1), { kind: 'spliced', text: other + after });
  });

const refused = ['spec: 1\n', 'spec: {bad: {a: b}}\n', 'other: 1\n', 'spec: &s {a: 1}\nother: *s\n', 'spec: [\n'];
for (const text of refused)
  test(`spliceItem: refuses ${JSON.stringify(text)}`, () =>
    equal(spliceItem(text, ['spec', 'bad'], 'one').kind, 'refused'));

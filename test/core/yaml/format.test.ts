/** What is written is read again as the same, by us and by another reader; and looks as kubectl's. */
import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { equal as same } from '../../../src/core/json/equal.ts';
import type { Json } from '../../../src/core/json/value.ts';
import { formatYaml, formatYamlDocuments } from '../../../src/core/yaml/format.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';
import { matchGolden } from '../../builder/golden.ts';
import { Choice } from './choice.ts';
import { spellings } from './spellings.ts';

const shown: Json = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'shown', labels: { 'app.kubernetes.io/name': 'shown', tier: '1' }, annotations: {} },
  data: {
    lines: 'one\n  two\n\nthree\n',
    'no end': 'one\ntwo',
    'many ends': 'one\n\n\n',
    'only ends': '\n\n',
    indented: '  one\ntwo\n',
    'blank at a line end': 'one \ntwo',
    tab: 'a\tb',
    emoji: 'a 😀',
    quotes: `it's "so"`,
    colon: 'a: b',
    hash: 'a #b',
    dash: '- a',
    empty: '',
    blanks: ' a ',
    merge: '<<',
    ['long '.repeat(30)]: 'a key that is too long for a colon',
  },
  list: [
    1,
    1.5,
    -0,
    1e21,
    1234567.5,
    0.00001,
    9007199254740993n,
    true,
    null,
    [],
    {},
    [[1, [2]], []],
    [{ a: 1, b: [2] }],
  ],
}; // prettier-ignore

test('formatYaml: the styles it knows', () => matchGolden('yaml/format.yaml', formatYamlDocuments([shown, { b: 1 }])));

test('formatYaml: texts that another reader takes for something else are in quotes', () => {
  for (const text of [...spellings, 'a\u2028b', '\ufeffa', 'é', '\u00a0', '\x7f', '\ud83d\ude00'])
    for (const value of [text, [text], { [text]: text }, [{ [text]: [text] }]]) {
      const written = formatYaml({ value });
      ok(same(readManifests('a', written).documents[0]?.value, { value }), written);
      for (const version of ['1.1', '1.2'] as const)
        equal(
          JSON.stringify(parse(written, { version, merge: false })),
          JSON.stringify({ value }),
          `YAML ${version}: ${written}`,
        );
    }
});

const pieces = [
  ...[
    'a',
    'b',
    ' ',
    '  ',
    '\n',
    '\n\n',
    ':',
    ': ',
    '#',
    ' #',
    '-',
    '- ',
    '?',
    '"',
    "'",
    '\\',
    '\t',
    'é',
    '😀',
    '\u0085',
    '\u00a0',
    '\u2028',
  ],
  ...[
    '\ufeff',
    '\u0007',
    '1',
    '0x1',
    'yes',
    '{',
    '}',
    '[',
    ',',
    '&',
    '*',
    '!',
    '|',
    '>',
    '%',
    '@',
    '`',
    '---',
    '...',
    '12:30',
    '<<',
  ],
] as const;

function anyValue(depth: number, choice: Choice): Json {
  const text = (): string => Array.from({ length: choice.below(6) }, () => choice.of(pieces)).join('');
  switch (choice.below(depth > 2 ? 5 : 8)) {
    case 0:
      return choice.of([null, true, false, 0, -1, 1.5, 1e-7, 1e21, 9007199254740993n, -(2n ** 63n)]);
    case 5:
      return Array.from({ length: choice.below(4) }, () => anyValue(depth + 1, choice));
    case 6:
    case 7: {
      const entry = (): [string, Json] => [choice.once(30) ? text().repeat(40) : text(), anyValue(depth + 1, choice)];
      return Object.fromEntries(Array.from({ length: choice.below(4) }, entry));
    }
    default:
      return text();
  }
}

test('formatYaml: what is written is read again as the same', () => {
  for (let seed = 0; seed < 3_000; seed++) {
    const value = { value: anyValue(0, new Choice(seed)) };
    const { documents, problems } = readManifests('a.yaml', formatYaml(value));
    equal(problems[0], undefined, formatYaml(value));
    ok(same(documents[0]?.value, value), formatYaml(value));
  }
});

import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { cut, few, fit, oneLine } from '../../../src/core/model/line.ts';

const cuts = [
  { name: 'short: as it is', text: 'ok', max: 5, is: 'ok' },
  { name: 'exactly as long as may be: as it is', text: '12345', max: 5, is: '12345' },
  { name: 'longer: an ellipsis within the limit', text: '123456', max: 5, is: '1234…' },
  { name: 'no space before the ellipsis', text: '123 456', max: 5, is: '123…' },
  { name: 'a letter of two units is not halved', text: '123😀6', max: 5, is: '123…' },
];
for (const { name, text, max, is } of cuts) test(`cut: ${name}`, () => equal(cut(text, max), is));

const lines = [
  { name: 'newlines and tabs become one space', text: 'a\r\n\tb', is: 'a b' },
  { name: 'what a terminal obeys goes', text: '\u001b[31mred\u0007', is: '[31mred' },
  { name: 'what turns text around goes', text: 'a\u202eb', is: 'a b' },
  { name: 'a line separator is a newline too', text: 'a\u2028b', is: 'a b' },
];
for (const { name, text, is } of lines) test(`oneLine: ${name}`, () => equal(oneLine(text), is));

test('fit: parts with semicolons, empty ones left out, cut from the end', () => {
  equal(fit(['2/3 clusters', undefined, '', 'eu-1: broken'], 140), '2/3 clusters; eu-1: broken');
  const long = fit(['2/3 clusters', 'x'.repeat(500)], 140);
  equal(long.length, 140);
  ok(long.startsWith('2/3 clusters; xxx'));
});

test('few: two names, then how many more', () => {
  equal(few(['a']), 'a');
  equal(few(['a', 'b']), 'a, b');
  equal(few(['a', 'b', 'c', 'd']), 'a, b and 2 more');
});

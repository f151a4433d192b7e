/** Quantities, by the answers of apimachinery. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
} from '../../../src/core/json/quantity.ts';

/** The text, what the API server gives back, and the canonical form where that is yet another text. */
const cases: readonly (readonly [text: string, given: string | undefined, canonical?: string])[] = [
  ['0', '0'],
  ['-0', '0'],
  ['0m', '0'],
  ['00', '0'],
  ['1', '1'],
  ['+1', '+1', '1'],
  ['-1', '-1'],
  ['01', '01', '1'],
  ['1.', '1.', '1'],
  ['.5', '500m'],
  ['0.5', '500m'],
  ['-0.5', '-500m'],
  ['1.5', '1500m'],
  ['1.500', '1.500', '1500m'],
  ['1.0', '1'],
  ['100m', '100m'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['0.1m', '100u'],
  ['0.1n', '1n'],
  ['1u', '1u'],
  ['1n', '1n'],
  ['-0.1n', '-1n'],
  ['1k', '1k'],
  ['1000k', '1M'],
  ['1M', '1M'],
  ['1e3', '1e3'],
  ['1E3', '1E3', '1e3'],
  ['12e6', '12e6'],
  ['1e-3', '1e-3'],
  ['1e10', '10e9'],
  ['123e1', '1230'],
  ['1e19', '10e18'],
  ['1E', '1E'],
  ['1000E', '1'],
  ['1Ki', '1Ki'],
  ['1024Ki', '1Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Gi', '512Mi'],
  ['1.1Ki', '1126400m'],
  ['0.1Ki', '102400m'],
  ['1023', '1023'],
  ['1024', '1024'],
  ['1Mi', '1Mi'],
  ['1536Mi', '1536Mi'],
  ['8Ei', '9223372036854775807'],
  ['7Ei', '7Ei'],
  ['9Ei', '9223372036854775807'],
  ['-9Ei', '-9223372036854775807'],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', '9223372036854775808'],
  ['92233720368547758080', '92233720368547758080'],
  ['0.000000001Ki', '1024n'],
  ['128974848', '128974848'],
  ['129e6', '129e6'],
  ['129M', '129M'],
  ['123Mi', '123Mi'],
  ['5.0Gi', '5Gi'],
  ['0.30000000000000000001', '300000001n'],
  ['1e1000', '10e999'],
  ['', undefined],
  [' 1', undefined],
  ['1 ', undefined],
  ['k1', undefined],
  ['1ki', undefined],
  ['1K', undefined],
  ['1kB', undefined],
  ['1e', undefined],
  ['1e+', undefined],
  ['1.2.3', undefined],
  ['1,5', undefined],
  ['0x10', undefined],
  ['Inf', undefined],
  ['NaN', undefined],
  ['1mi', undefined],
  ['１', undefined],
  ['--1', undefined],
  ['1i', undefined],
];

for (const [text, given, canonical] of cases)
  test(`canonicalQuantity: ${JSON.stringify(text)}`, () => {
    equal(canonicalQuantity(text), given);
    const quantity = parseQuantity(text);
    equal(quantity && formatQuantity(quantity), canonical ?? given);
  });

const refused = [
  ['no digit', 'k'],
  ['only a point', '.'],
  ['too long', '1'.repeat(257)],
  ['an exponent that no number has', '1e1001'],
] as const;
for (const [name, text] of refused) test(`parseQuantity: refuses ${name}`, () => equal(parseQuantity(text), undefined));

test('compareQuantities: orders by value, however written', () => {
  const ascending = [
    '-1Gi',
    '-1',
    '0',
    '1n',
    '999u',
    '1m',
    '0.1',
    '1',
    '1k',
    '1Ki',
    '1M',
    '1Mi',
    '1e9',
    '1Gi',
    '1E',
    '1Ei',
    '1e1000',
  ];
  for (const [i, a] of ascending.entries())
    for (const [j, b] of ascending.entries()) {
      const [left, right] = [parseQuantity(a), parseQuantity(b)];
      equal(left && right && compareQuantities(left, right), Math.sign(i - j));
    }
  const [left, right] = [parseQuantity('1.5Gi'), parseQuantity('1610612736')];
  equal(left && right && compareQuantities(left, right), 0);
});

/** Protects: a measurement passes only when there is one, and all of it is within its bounds. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { judgeValues } from '../../../src/engine/gates/prometheus-check.ts';

const vector = (...values: readonly string[]): Json => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1_700_000_000, value] })) },
});
const table: readonly (readonly [string, Json | undefined, string])[] = [
  ['within', vector('0.5'), 'pass: 0.5 within bounds'],
  ['at the bounds', vector('0', '1'), 'pass: 0, 1 within bounds'],
  ['one is above', vector('0.5', '1.5'), 'fail: 1.5 is above 1'],
  ['one is below', vector('0.5', '-1'), 'fail: -1 is below 0'],
  ['a scalar', { status: 'success', data: { resultType: 'scalar', result: [1, '0.1'] } }, 'pass: 0.1 within bounds'],
  ['no series', vector(), 'unknown: the query has no answer'],
  ['no number', vector('NaN'), 'unknown: a value of the answer is no number'],
  ['without end', vector('+Inf'), 'unknown: a value of the answer is no number'],
  ['an empty value', vector(''), 'unknown: a value of the answer is no number'],
  [
    'a matrix',
    { status: 'success', data: { resultType: 'matrix', result: [] } },
    'unknown: Prometheus answers something that is no vector and no scalar',
  ],
  [
    'an error',
    { status: 'error', error: 'parse error' },
    'unknown: Prometheus answers something that is no vector and no scalar',
  ],
  ['a page', undefined, 'unknown: Prometheus answers something that is no vector and no scalar'],
];
for (const [name, json, expected] of table)
  test(`judgeValues: ${name}`, () => {
    const { result, text } = judgeValues(json, { min: 0, max: 1 });
    equal(`${result}: ${text}`, expected);
  });

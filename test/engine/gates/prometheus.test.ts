/** Protects: a measurement passes only when there is one, and all of it is within its bounds. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../src/core/json/value.ts';
import { appIdOf, digest } from '../../../src/core/model/id.ts';
import type { AskOf } from '../../../src/engine/gates/answer.ts';
import { judgeValues, prometheusCheck } from '../../../src/engine/gates/prometheus-check.ts';
import { handClock } from '../../builder/clock.ts';
import { origin, placementOf, sha } from '../../builder/model.ts';
import { fakeNet } from '../../builder/net.ts';

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
  ['one series of many is above', vector('0', '0', '0', '2'), 'fail: 2 is above 1'],
  ['one series of many is no number', vector('0', 'NaN', '2'), 'unknown: a value of the answer is no number'],
  ['many series', vector('0', '0', '0', '1'), 'pass: 0, 0, 0 and more within bounds'],
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

const check = { kind: 'prometheus', url: 'https://example.com/prom/', query: 'up', min: 0, max: 1, forMs: 0 } as const;
const ask: AskOf<'prometheus'> = {
  check,
  asked: {
    app: appIdOf('shop/web'),
    placement: placementOf(),
    ask: {
      stage: 'production',
      gate: { name: 'errors', origin, check },
      subject: { revision: sha(1), intent: digest('next') },
    },
  },
};
const answers: readonly (readonly [string, number, Json | string, string])[] = [
  ['values', 200, vector('0.5'), 'pass: 0.5 within bounds'],
  ['an error with its reason', 400, { error: 'parse error' }, 'unknown: Prometheus answers 400: parse error'],
  ['values under an error', 500, vector('0.5'), 'unknown: Prometheus answers 500'],
  ['a redirect, also with values', 302, vector('0.5'), 'unknown: Prometheus answers 302'],
  ['a page of a proxy', 200, '<html>', 'unknown: Prometheus answers something that is no vector and no scalar'],
  ['nothing', 200, '', 'unknown: Prometheus answers something that is no vector and no scalar'],
  ['half of it', 200, '{"status":"succ', 'unknown: Prometheus answers something that is no vector and no scalar'],
];
for (const [name, status, said, expected] of answers) {
  test(`prometheusCheck: ${name}`, async () => {
    const asked: string[] = [];
    const net = fakeNet(({ path }, { origin: of }) => {
      asked.push(`${of}${path}`);
      const text = typeof said === 'string' ? said : JSON.stringify(said);
      return { status, headers: { location: 'http://169.254.169.254/' }, body: bytesOf(text) };
    });
    const deps = { net, clock: handClock(), allow: ['https://example.com/prom'] };
    const { result, text } = await prometheusCheck(deps)(ask, new AbortController().signal);
    equal(`${result}: ${text}`, expected);
    deepEqual(asked, ['https://example.com/prom/api/v1/query?query=up'], 'and nobody else is asked');
  });
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Columns of custom kinds, and ages. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { durationText } from '../../../src/sandbox/schema/columns/cell-text.ts';
import { firstAt } from '../../../src/sandbox/schema/columns/json-path.ts';
import { columnsOf, rowOf } from '../../../src/sandbox/schema/columns.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import { thing, thingDefinition } from '../merge/scene.ts';
import { born, nowMs } from './rows.ts';

const column = (name: string, type: string, jsonPath: string): JsonObject => ({ name, type, jsonPath });
const withColumns = (columns: readonly JsonObject[]): KubeObject => {
  const definition = thingDefinition({ v1: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } });
  const [version] = (definition.spec as JsonObject).versions as readonly JsonObject[];
  return {
    ...definition,
    spec: { ...(definition.spec as JsonObject), versions: [{ ...version, additionalPrinterColumns: columns }] },
  };
};

test('rowOf: a custom kind without columns has a name and an age', () => {
  const [schema] = customKinds(withColumns([]));
  deepEqual(
    columnsOf(schema!).map(({ name, type }) => [name, type]),
    [
      ['Name', 'string'],
      ['Age', 'date'],
    ],
  );
  deepEqual(rowOf(schema!, thing({}, 'v1', { metadata: { name: 'it', creationTimestamp: born } }), nowMs), [
    'it',
    '60m',
  ]);
});

const spec = {
  s: 'x',
  n: 5,
  f: 1.5,
  b: true,
  d: born,
  o: { b: 1, a: '<' },
  l: [
    { t: 'A', v: '1' },
    { t: 'B', v: '2' },
  ],
  nil: null,
};
for (const [type, path, cell] of [
  ['string', '.spec.s', 'x'],
  ['string', '.spec.n', '5'],
  ['string', '.spec.b', 'true'],
  ['string', '.spec.o', '{"a":"\\u003c","b":1}'],
  ['string', '.spec.nil', '<no value>'],
  ['string', '.spec.l[0].v', '1'],
  ['string', '.spec.l[?(@.t=="B")].v', '2'],
  ['string', '.spec.l[*].v', '1'],
  ['string', '.spec.nothing.at.all', null],
  ['integer', '.spec.n', 5],
  ['integer', '.spec.f', 1],
  ['integer', '.spec.s', null],
  ['number', '.spec.f', 1.5],
  ['boolean', '.spec.b', true],
  ['boolean', '.spec.s', null],
  ['date', '.spec.d', '60m'],
  ['date', '.spec.s', '<invalid>'],
] as const) {
  test(`rowOf: a column of ${type} at ${path}`, () => {
    const [schema] = customKinds(withColumns([column('C', type, path)]));
    deepEqual(rowOf(schema!, thing(spec), nowMs), ['it', cell]);
  });
}

for (const [path, found] of [
  ['.a.b', 1],
  ["['a'].b", 1],
  ['.l[-1]', 3],
  ['.l[?(@>1)]', 2],
  ['.x\\.y/z', 4],
  ["['x\\.y/z']", 4],
  ['.a.nothing', undefined],
  ['..a', undefined],
  ['.l[?(bad', undefined],
] as const) {
  test(`firstAt: ${path}`, () => equal(firstAt({ a: { b: 1 }, l: [1, 2, 3], 'x.y/z': 4 }, path), found));
}

for (const [seconds, text] of [
  [-5, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [150, '2m30s'],
  [599, '9m59s'],
  [660, '11m'],
  [179 * 60, '179m'],
  [3 * 3600, '3h'],
  [3 * 3600 + 60, '3h1m'],
  [9 * 3600, '9h'],
  [49 * 3600, '2d1h'],
  [10 * 86_400, '10d'],
  [729 * 86_400, '729d'],
  [731 * 86_400, '2y1d'],
  [9 * 365 * 86_400, '9y'],
] as const) {
  test(`durationText: ${seconds} s are ${text}`, () => equal(durationText(seconds * 1_000), text));
}

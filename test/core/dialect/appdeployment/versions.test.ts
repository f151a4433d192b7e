/** Protects: which number a revision has, whatever else happened in its history. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { partsOfRevision, suffixOf } from '../../../../src/core/dialect/appdeployment/labels.ts';
import { versionsIn } from '../../../../src/core/dialect/appdeployment/versions.ts';
import type { Placed } from '../../../../src/core/dialect/placed.ts';
import { isObject } from '../../../../src/core/json/value.ts';
import { origin } from '../../../builder/model.ts';

const application = (spec: string, metadata: object = {}): Placed => ({
  origin,
  document: {
    value: {
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: { name: 'web', ...metadata },
      spec: { components: [], spec },
    } as never,
    marks: [],
  },
});
const specsOf = (moments: readonly (readonly Placed[])[], isWhole = true): unknown => {
  const found = versionsIn(moments, isWhole).get('default/web');
  if (found?.kind !== 'known') return found?.kind;
  return found.versions.map(({ placed: { document } }) =>
    isObject(document.value.spec) ? document.value.spec.spec : undefined,
  );
};
const [a, b, c] = ['a', 'b', 'c'].map((spec) => [application(spec)]) as [Placed[], Placed[], Placed[]];

test('versionsIn: one number for each spec that follows another', () => {
  deepEqual(specsOf([a, b, c]), ['a', 'b', 'c']);
  deepEqual(specsOf([a, a, b, b]), ['a', 'b']);
  deepEqual(specsOf([a, b, a]), ['a', 'b', 'a'], 'a spec that comes back is a new one');
});

test('versionsIn: metadata makes no revision', () => {
  deepEqual(specsOf([a, [application('a', { labels: { x: 'y' } })], b]), ['a', 'b']);
});

test('versionsIn: what was taken away begins anew', () => {
  deepEqual(specsOf([a, b, [], c]), ['c']);
  equal(specsOf([a, []]), undefined);
});

test('versionsIn: without the beginning of its history nothing has a number', () => {
  equal(specsOf([a, b], false), 'cut');
  deepEqual(specsOf([[], a, b], false), ['a', 'b'], 'it was not there yet');
  deepEqual(specsOf([a, [], b], false), ['b'], 'it began again where all can be read');
});

const names: readonly (readonly [string, string | undefined, number | undefined, string])[] = [
  ['tam1-v1', 'tam1', 1, 'v1'],
  ['test-comp-v5', 'test-comp', 5, 'v5'],
  ['xx-v10', 'xx', 10, 'v10'],
  ['tt-x-x-c-v100000', 'tt-x-x-c', 100_000, 'v100000'],
  ['xx', undefined, undefined, 'xx'],
  ['yy-', undefined, undefined, ''],
  ['zz-0.1', undefined, undefined, '0.1'],
];
for (const [name, app, number, suffix] of names)
  test(`partsOfRevision: ${name}`, () => {
    deepEqual([partsOfRevision(name)?.app, partsOfRevision(name)?.number], [app, number]);
    equal(suffixOf(name), suffix);
  });

/** Protects: weights that always sum to 100, and Services of which no two select the same Pods. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { serviceName, shareOut, trafficObjects } from '../../../../src/core/dialect/appdeployment/traffic.ts';
import { at } from '../../../../src/core/json/value.ts';

const cases: readonly (readonly [string, readonly number[], readonly number[] | undefined])[] = [
  ['as written', [50, 50], [50, 50]],
  ['one of two left', [50], [100]],
  ['thirds', [33, 33], [50, 50]],
  ['the largest remainder takes what is left', [1, 1, 1], [34, 33, 33]],
  ['nothing stays nothing', [0, 50], [0, 100]],
  ['no weight at all', [0, 0], undefined],
  ['nobody', [], undefined],
];

for (const [name, given, shared] of cases) test(`shareOut: ${name}`, () => deepEqual(shareOut(given), shared));

test('shareOut: sums to 100 and keeps the order of weights', () => {
  for (let seed = 1; seed < 500; seed++) {
    const weights = Array.from({ length: 1 + (seed % 6) }, (_, index) => (seed * (index + 3) * 7919) % 101);
    const shares = shareOut(weights);
    if (shares === undefined) continue;
    equal(
      shares.reduce((sum, share) => sum + share, 0),
      100,
    );
    for (const [index, weight] of weights.entries())
      for (const [other, less] of weights.entries())
        if (weight > less) ok((shares[index] ?? 0) >= (shares[other] ?? 0), `${weights} to ${shares}`);
  }
});

const target = (revisionName: string, port: number, weight: number) => ({
  revisionName,
  componentName: 'web',
  port,
  weight,
});
const traffic = {
  hosts: ['example.com'],
  http: [
    { match: [{ uri: { prefix: '/a' } }], weightedTargets: [target('app-v1', 80, 50), target('app-v2', 80, 50)] },
    { weightedTargets: [target('app-v2', 80, 60), target('app-v3', 81, 40)] },
  ],
};
const names = { name: 'split', namespace: 'shop', isBlind: () => false };
const kindsOf = (isHere: (revision: string) => boolean) =>
  trafficObjects(traffic, isHere, names).map((object) => `${object.kind} ${at(object, 'metadata', 'name')}`);

test('trafficObjects: a Service for each target, once, then the VirtualService', () => {
  deepEqual(
    kindsOf(() => true),
    ['Service app-v1-web-80', 'Service app-v2-web-80', 'Service app-v3-web-81', 'VirtualService split'],
  );
});

test('trafficObjects: what is not here takes no traffic, and where nothing is left there is none', () => {
  deepEqual(
    kindsOf((revision) => revision === 'app-v1'),
    ['Service app-v1-web-80', 'VirtualService split'],
  );
  deepEqual(
    kindsOf(() => false),
    [],
  );
});

test('trafficObjects: selectors of two revisions are disjoint, and a match is kept', () => {
  const objects = trafficObjects(traffic, () => true, names);
  const selectors = objects.filter(({ kind }) => kind === 'Service').map((object) => at(object, 'spec', 'selector'));
  equal(new Set(selectors.map((selector) => at(selector, 'app.oam.dev/appRevision'))).size, selectors.length);
  const rules = at(objects.at(-1), 'spec', 'http') as readonly { readonly match?: unknown }[];
  deepEqual(rules[0]?.match, [{ uri: { prefix: '/a' } }]);
  equal(serviceName(target('app-v1', 80, 1)), 'app-v1-web-80');
});

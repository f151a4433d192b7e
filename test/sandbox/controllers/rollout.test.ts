/** The arithmetic of rolling updates. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import {
  boundsOf,
  countOf,
  type Generation,
  sizeOfNewest,
  sizesOfOlder,
} from '../../../src/sandbox/controllers/rollout.ts';
import { seededRng } from '../../builder/rng.ts';
import { deployment } from '../scene.ts';

test('countOf: counts and shares', () => {
  equal(countOf(3, 10, true), 3);
  equal(countOf('25%', 10, true), 3);
  equal(countOf('25%', 10, false), 2);
  equal(countOf(undefined, 10, true), 0);
});

test('boundsOf: never both zero', () => {
  const withBounds = (maxSurge: number | string, maxUnavailable: number | string) => ({
    ...deployment('web', 4, 'web:1', { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } }),
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
  });
  deepEqual(boundsOf(withBounds('25%', '25%')), { surge: 1, unavailable: 1 });
  deepEqual(boundsOf(withBounds(0, 0)), { surge: 0, unavailable: 1 });
  deepEqual(boundsOf(withBounds(1, 0)), { surge: 1, unavailable: 0 });
});

const up = (size: number): Generation => ({ size, available: size });
const sick = (size: number, available = 0): Generation => ({ size, available });

const growing: readonly (readonly [string, number, Generation, readonly Generation[], number, number])[] = [
  ['first: all at once', 3, up(0), [], 1, 3],
  ['beside an old one: only the surge', 3, up(0), [up(3)], 1, 1],
  ['no room yet', 3, up(1), [up(3)], 1, 1],
  ['room again', 3, up(1), [up(2)], 1, 2],
  ['too many: down to the number wanted', 3, up(5), [], 1, 3],
];
for (const [name, replicas, newest, older, surge, expected] of growing) {
  test(`sizeOfNewest: ${name}`, () =>
    equal(sizeOfNewest(replicas, newest, older, { surge, unavailable: 0 }), expected));
}

const shrinking: readonly (readonly [string, number, Generation, readonly Generation[], number, readonly number[]])[] =
  [
    ['the new one is not there yet', 3, sick(1), [up(3)], 0, [3]],
    ['the new one is there', 3, up(1), [up(3)], 0, [2]],
    ['one may be missing', 3, sick(1), [up(3)], 1, [2]],
    ['sick ones go first', 4, sick(1), [sick(2, 0), up(2)], 1, [1, 2]],
    ['oldest first', 2, up(2), [up(1), up(1)], 0, [0, 0]],
  ];
for (const [name, replicas, newest, older, unavailable, expected] of shrinking) {
  test(`sizesOfOlder: ${name}`, () =>
    deepEqual(sizesOfOlder(replicas, newest, older, { surge: 1, unavailable }), expected));
}

test('rollout: from any start it ends, within its bounds', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const rng = seededRng(seed);
    const below = (max: number): number => Math.floor(rng.next() * max);
    const replicas = 1 + below(8);
    const bounds = { surge: below(3), unavailable: below(3) };
    if (bounds.surge + bounds.unavailable === 0) bounds.unavailable = 1;
    let newest = up(0);
    let older: readonly Generation[] = [up(replicas)];
    for (let round = 0; round < 100 && newest.available < replicas; round += 1) {
      newest = { ...newest, size: sizeOfNewest(replicas, newest, older, bounds) };
      const sizes = sizesOfOlder(replicas, newest, older, bounds);
      older = older.map((each, index) => ({ size: sizes[index]!, available: Math.min(each.available, sizes[index]!) }));
      const available = older.reduce((sum, each) => sum + each.available, newest.available);
      const total = older.reduce((sum, each) => sum + each.size, newest.size);
      ok(available >= replicas - bounds.unavailable, `seed ${seed}: ${available} of ${replicas} available`);
      ok(total <= replicas + bounds.surge, `seed ${seed}: ${total} pods`);
      newest = { ...newest, available: Math.min(newest.size, newest.available + 1 + below(2)) };
    }
    equal(newest.available, replicas, `seed ${seed} ends`);
  }
});

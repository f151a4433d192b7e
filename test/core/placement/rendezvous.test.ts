/** Protects: a choice among clusters that others' coming and going leaves alone. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { scoreOfText } from '../../../src/core/json/digest.ts';
import { type ClusterMatch, matches } from '../../../src/core/model/fleet.ts';
import { chosenIn, rankedBy } from '../../../src/core/placement/rendezvous.ts';
import { clusterOf, everything, fleetOf } from '../../builder/model.ts';

const key = 'default/sample-appdeploy\0{"tier":"production"}';
const prod = (number: number) => clusterOf(`prod-cluster-${number}`);
const namesOf = (match: ClusterMatch, fleet: ReturnType<typeof fleetOf>): readonly string[] =>
  [...fleet.values()].filter((cluster) => matches(match, cluster)).map(({ id }) => id);

test('scoreOfText: the first 64 bits of SHA-256, as they are everywhere', () => {
  for (const [number, score] of [
    [3, 'c30fff6f3aae761c'],
    [1, '4cd6d65dc9b5df4e'],
    [2, '12f82481074c4e68'],
  ] as const)
    equal(scoreOfText(`prod-cluster-${number}\0${key}`).toString(16), score);
});

test('rankedBy: one order whatever order they come in, and without one the others stay', () => {
  const ranked = ['prod-cluster-3', 'prod-cluster-1', 'prod-cluster-2'];
  for (const order of [
    [1, 2, 3],
    [3, 2, 1],
    [2, 3, 1],
  ])
    deepEqual(
      rankedBy(key, order.map(prod)).map(({ id }) => id),
      ranked,
    );
  deepEqual(
    rankedBy(key, [prod(1), prod(3)]).map(({ id }) => id),
    ['prod-cluster-3', 'prod-cluster-1'],
  );
});

const ranked = (rank: number, of: ClusterMatch = { kind: 'selector', selector: everything }): ClusterMatch => ({
  kind: 'ranked',
  of,
  key,
  rank,
});

test('chosenIn: one cluster a rank, none where there are too few, never one that is being left', () => {
  const fleet = fleetOf(prod(1), prod(2), prod(3));
  deepEqual(namesOf(chosenIn(ranked(0), fleet), fleet), ['prod-cluster-3']);
  deepEqual(namesOf(chosenIn(ranked(2), fleet), fleet), ['prod-cluster-2']);
  deepEqual(namesOf(chosenIn(ranked(3), fleet), fleet), []);
  const draining = fleetOf(prod(1), prod(2), clusterOf('prod-cluster-3', { lifecycle: 'Draining' }));
  deepEqual(namesOf(chosenIn(ranked(0), draining), draining), ['prod-cluster-1']);
});

test('chosenIn: looks inside what is put together, and leaves the rest alone', () => {
  const fleet = fleetOf(prod(1), prod(2), prod(3));
  deepEqual(namesOf(chosenIn({ kind: 'not', of: ranked(0) }, fleet), fleet), ['prod-cluster-1', 'prod-cluster-2']);
  const both: ClusterMatch = { kind: 'some', of: [{ kind: 'needed', of: ranked(1) }, ranked(0)] };
  deepEqual(namesOf(chosenIn(both, fleet), fleet), ['prod-cluster-1', 'prod-cluster-3']);
  const plain: ClusterMatch = { kind: 'selector', selector: everything };
  equal(chosenIn(plain, fleet), plain);
});

test('chosenIn: a fleet that grows moves only what the new cluster takes', () => {
  const clusters = Array.from({ length: 40 }, (_, index) => clusterOf(`c-${index}`));
  let moved = 0;
  for (let app = 0; app < 200; app++) {
    const of: ClusterMatch = { kind: 'selector', selector: everything };
    const choose = (fleet: ReturnType<typeof fleetOf>): string =>
      namesOf(chosenIn({ kind: 'ranked', of, key: `app-${app}`, rank: 0 }, fleet), fleet)[0] ?? '';
    const [before, after] = [choose(fleetOf(...clusters.slice(1))), choose(fleetOf(...clusters))];
    if (before !== after) {
      equal(after, 'c-0');
      moved += 1;
    }
  }
  ok(moved > 0 && moved < 20, `${moved} of 200 moved`);
});

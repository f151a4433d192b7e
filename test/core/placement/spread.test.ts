import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../../src/core/model/fleet.ts';
import { clusterId } from '../../../src/core/model/id.ts';
import { spreadOver } from '../../../src/core/placement/spread.ts';
import { clusterOf } from '../../builder/model.ts';
import { seededRng } from '../../builder/rng.ts';

/** `a1` is in region a; `-1` has no region. */
const clusters = (text: string): readonly Cluster[] =>
  text.split(' ').map((name) => clusterOf(name, name.startsWith('-') ? {} : { labels: { region: name[0]! } }));
const spread = (candidates: string, maxClusters: number, current = '', topologyKey = 'region'): string =>
  spreadOver(clusters(candidates), { topologyKey, maxClusters }, new Set(current.split(' ').map(clusterId)))
    .map(({ id }) => id)
    .join(' ');

const cases = [
  { name: 'fewer than allowed: all', candidates: 'a1 a2 b1', max: 5, current: '', gives: 'a1 a2 b1' },
  { name: 'one of each value', candidates: 'a1 a2 b1 b2 c1', max: 3, current: '', gives: 'a1 b1 c1' },
  {
    name: 'more than values: the rest evenly',
    candidates: 'a1 a2 a3 b1 b2 c1',
    max: 5,
    current: '',
    gives: 'a1 a2 b1 b2 c1',
  },
  { name: 'fewer than values: the first', candidates: 'a1 b1 c1', max: 2, current: '', gives: 'a1 b1' },
  { name: 'what is in use stays', candidates: 'a1 a2 b1 b2', max: 2, current: 'a2 b2', gives: 'a2 b2' },
  { name: 'values in use stay', candidates: 'a1 b1 c1', max: 2, current: 'b1 c1', gives: 'b1 c1' },
  {
    name: 'a new value takes one away from the fullest',
    candidates: 'a1 a2 b1',
    max: 2,
    current: 'a1 a2',
    gives: 'a1 b1',
  },
  {
    name: 'a new cluster of a value that is there moves nothing',
    candidates: 'a1 a2 a3 b1 b2',
    max: 4,
    current: 'a1 a2 a3 b1',
    gives: 'a1 a2 a3 b1',
  },
  {
    name: 'what is new goes where the fewest are',
    candidates: 'a1 a2 a3 b1 b2',
    max: 4,
    current: 'a1 a2',
    gives: 'a1 a2 b1 b2',
  },
  {
    name: 'a cluster without the label is a value of its own',
    candidates: 'a1 a2 -1 -2',
    max: 3,
    current: '',
    gives: 'a1 -1 -2',
  },
  {
    name: 'a lost cluster is replaced and nothing else moves',
    candidates: 'a1 a2 b2 c1',
    max: 3,
    current: 'a1 b1 c1',
    gives: 'a1 b2 c1',
  },
];
for (const { name, candidates, max, current, gives } of cases)
  test(`spreadOver: ${name}`, () => equal(spread(candidates, max, current), gives));

test('spreadOver: a key that every object has is no label', () => {
  for (const key of ['constructor', 'toString', '__proto__']) equal(spread('a1 a2 b1', 2, '', key), 'a1 a2');
});

function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

test('spreadOver: over seeds, as many values as can be, and no choice of so many values moves fewer', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const rng = seededRng(seed);
    const all = clusters(
      Array.from(
        { length: 4 + Math.floor(rng.next() * 5) },
        (_, index) => `${'abc-'[Math.floor(rng.next() * 4)]}${index}`,
      ).join(' '),
    );
    const current = new Set(all.filter(() => rng.next() < 0.4).map(({ id }) => id));
    const maxClusters = 1 + Math.floor(rng.next() * 4);
    const found = spreadOver(all, { topologyKey: 'region', maxClusters }, current);
    const said = `seed ${seed}`;
    equal(found.length, Math.min(maxClusters, all.length), said);
    const values = (chosen: readonly Cluster[]): number =>
      new Set(chosen.map(({ id, labels }) => labels.region ?? id)).size;
    const kept = (chosen: readonly Cluster[]): number => chosen.filter(({ id }) => current.has(id)).length;
    const choices = subsets(all, found.length);
    const valuesMax = Math.max(...choices.map(values));
    equal(values(found), valuesMax, said);
    equal(kept(found), Math.max(...choices.filter((choice) => values(choice) === valuesMax).map(kept)), said);
    deepEqual(
      spreadOver(all, { topologyKey: 'region', maxClusters }, new Set(found.map(({ id }) => id))),
      found,
      `${said}: what is chosen stays chosen`,
    );
    ok(
      found.every((cluster, index) => index === 0 || all.indexOf(found[index - 1]!) < all.indexOf(cluster)),
      said,
    );
  }
});

/** Protects: replica counts come out exactly as KubeFed's and Federation's planner gave them, whatever the order of clusters. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterId } from '../../../src/core/model/id.ts';
import { fnv1 } from '../../../src/core/placement/fnv.ts';
import { type Preference, type Preferred, prefer } from '../../../src/core/placement/prefer.ts';
import { seededRng } from '../../builder/rng.ts';

type Counts = Readonly<Record<string, number>>;
type Given = {
  readonly key?: string;
  readonly total: number;
  readonly isRebalancing?: boolean;
  readonly clusters: string;
  readonly prefs: Readonly<Record<string, Partial<Preference>>>;
  readonly current?: Counts;
  readonly capacity?: Counts;
};

const mapOf = (counts: Counts = {}) => new Map(Object.entries(counts).map(([name, count]) => [clusterId(name), count]));

function wantedOf({ key = '', total, isRebalancing = false, clusters, prefs, current, capacity }: Given): Preferred {
  return {
    total,
    isRebalancing,
    key,
    current: mapOf(current),
    capacity: mapOf(capacity),
    clusters: clusters.split(' ').map((name) => {
      const given = prefs[name] ?? prefs['*'];
      const preference = given === undefined ? undefined : { min: 0, max: undefined, weight: 0, ...given };
      return { cluster: clusterId(name), preference };
    }),
  };
}

const one = { '*': { weight: 1 } };
const seeded = { 'us-east1-b': { min: 2, max: 4, weight: 1 }, 'us-central1-b': { min: 2, max: 4, weight: 1 } };
const seedClusters = 'us-east1-b us-central1-b europe-west1-b asia-east1-b';
const bounded = {
  A: { weight: 10_000, max: 10 },
  B: { weight: 1 },
  C: { weight: 1, max: 21 },
  D: { weight: 1, max: 10 },
};

const vectors: readonly (Given & { readonly name: string; readonly plan: Counts; readonly overflow?: Counts })[] = [
  { name: 'V1', total: 50, clusters: 'A B C', prefs: one, plan: { A: 16, B: 17, C: 17 } },
  { name: 'V2', total: 1, clusters: 'A B C D', prefs: one, plan: { A: 0, B: 0, C: 0, D: 1 } },
  { name: 'V3', total: 50, clusters: 'A B C', prefs: one, current: { C: 30 }, plan: { A: 10, B: 10, C: 30 } },
  { name: 'V4', total: 15, clusters: 'A B', prefs: one, current: { A: 0, B: 8 }, plan: { A: 7, B: 8 } },
  {
    name: 'V5',
    total: 500_000,
    clusters: 'A B',
    prefs: one,
    current: { A: 300_000 },
    plan: { A: 300_000, B: 200_000 },
  },
  { name: 'V6', total: 50, clusters: 'A B', prefs: one, current: { A: 10, B: 70 }, plan: { A: 0, B: 50 } },
  {
    name: 'V7',
    total: 50,
    isRebalancing: true,
    clusters: 'A B C',
    prefs: one,
    capacity: { C: 10 },
    plan: { A: 20, B: 20, C: 10 },
    overflow: { C: 7 },
  },
  {
    name: 'V8',
    total: 71,
    isRebalancing: true,
    clusters: 'A B C D',
    prefs: bounded,
    capacity: { C: 10 },
    plan: { A: 10, B: 41, C: 10, D: 10 },
    overflow: { C: 11 },
  },
  {
    name: 'V9',
    total: 60,
    clusters: 'A B C',
    prefs: { A: { weight: 1 }, B: { weight: 1 } },
    capacity: { A: 10, B: 10 },
    plan: { A: 10, B: 10, C: 0 },
    overflow: { A: 20, B: 20 },
  },
  {
    name: 'V10',
    total: 60,
    clusters: 'A B C',
    prefs: { A: { weight: 1 }, B: { weight: 5 } },
    capacity: { B: 10 },
    plan: { A: 50, B: 10, C: 0 },
  },
  {
    name: 'V11',
    total: 60,
    isRebalancing: true,
    clusters: 'A B',
    prefs: { '*': { min: 20, weight: 1 } },
    capacity: { B: 10 },
    plan: { A: 50, B: 10 },
    overflow: { B: 15 },
  },
  {
    name: 'V12',
    total: 50,
    clusters: 'A B C',
    prefs: { '*': { min: 20 }, A: { min: 100, weight: 1 } },
    plan: { A: 50, B: 0, C: 0 },
  },
  {
    name: 'V13',
    total: 50,
    clusters: 'A B C',
    prefs: { '*': { min: 10, weight: 1, max: 12 } },
    plan: { A: 12, B: 12, C: 12 },
  },
  {
    name: 'V14',
    total: 50,
    clusters: 'B C',
    prefs: { A: { weight: 10_000 }, B: { weight: 1 } },
    plan: { B: 50, C: 0 },
  },
  {
    name: 'V15',
    total: 91,
    clusters: 'A B C D E',
    prefs: { ...bounded, E: { weight: 1 } },
    plan: { A: 10, B: 25, C: 21, D: 10, E: 25 },
  },
  {
    name: 'V16',
    key: 'test-namespace/test-deployment',
    total: 10,
    isRebalancing: true,
    clusters: 'cluster1 cluster2',
    prefs: { cluster1: { min: 2, max: 6, weight: 2 }, cluster2: { min: 4, max: 8, weight: 3 } },
    plan: { cluster1: 3, cluster2: 7 },
  },
  {
    name: 'V17',
    key: 'test-ns/test-deployment',
    total: 50,
    clusters: 'A B C',
    prefs: { '*': { weight: 1 }, C: { max: 20, weight: 1 } },
    plan: { A: 17, B: 17, C: 16 },
  },
  {
    name: 'V18, moving',
    key: 'test-ns/test-deployment',
    total: 9,
    isRebalancing: true,
    clusters: 'A B C',
    prefs: one,
    current: { A: 5, C: 4 },
    plan: { A: 3, B: 3, C: 3 },
  },
  {
    name: 'V18, staying',
    key: 'test-ns/test-deployment',
    total: 9,
    clusters: 'A B C',
    prefs: one,
    current: { A: 5, C: 4 },
    plan: { A: 5, B: 0, C: 4 },
  },
  ...(
    [
      [1, 1, 0],
      [3, 2, 1],
      [6, 3, 3],
      [9, 4, 4],
    ] as const
  ).map(([total, central, east]) => ({
    name: `V19 of ${total}`,
    key: 'default/nginx-us',
    total,
    isRebalancing: true,
    clusters: seedClusters,
    prefs: seeded,
    plan: { 'us-central1-b': central, 'us-east1-b': east, 'europe-west1-b': 0, 'asia-east1-b': 0 },
  })),
  {
    name: 'V20',
    total: 10,
    clusters: 'A B',
    prefs: { A: { min: 5, max: 2, weight: 1 }, B: { weight: 1 } },
    plan: { A: 2, B: 8 },
  },
  { name: 'V20 without weight', total: 10, clusters: 'A', prefs: { A: { min: 5, max: 2 } }, plan: { A: 5 } },
];

for (const { name, plan, overflow = {}, ...given } of vectors) {
  test(`prefer: ${name}`, () => {
    const result = prefer(wantedOf(given));
    deepEqual(new Map(result.counts), mapOf(plan));
    deepEqual(new Map(result.overflow), mapOf(overflow));
  });
}

test('fnv1: the published values, and those that order clusters', () => {
  equal(fnv1(''), 0x811c9dc5);
  equal(fnv1('foobar'), 0x31f0b262);
  deepEqual(['A', 'B', 'C'].map(fnv1), [0x050c5d5e, 0x050c5d5d, 0x050c5d5c]);
  deepEqual(
    ['A', 'B', 'C'].map((name) => fnv1(`${name}test-ns/test-deployment`)),
    [0x4f4678bf, 0x3f654b26, 0xf0b75bb5],
  );
});

test('prefer: laws that hold for any wish', () => {
  const rng = seededRng(7);
  const below = (bound: number): number => Math.floor(rng.next() * bound);
  for (let round = 0; round < 400; round++) {
    const names = Array.from({ length: 1 + below(6) }, (_, index) => `c${index}`);
    const some = (): Counts => Object.fromEntries(names.filter(() => below(2) === 0).map((name) => [name, below(30)]));
    const prefs = Object.fromEntries(
      names
        .filter(() => below(4) > 0)
        .map((name) => {
          const min = below(8);
          return [name, { min, weight: below(5), ...(below(2) === 0 ? { max: min + below(20) } : {}) }];
        }),
    );
    const given = {
      total: below(80),
      isRebalancing: below(2) === 0,
      clusters: names.join(' '),
      prefs,
      current: some(),
      capacity: some(),
    };
    const { counts, overflow } = prefer(wantedOf(given));
    const sum = [...counts.values()].reduce((all, count) => all + count, 0);
    const why = JSON.stringify(given);
    ok(sum <= given.total, `no more than the total: ${why}`);
    for (const [name, count] of counts) {
      const preference: Partial<Preference> | undefined = prefs[name];
      ok(count >= 0, why);
      ok(preference !== undefined || count === 0, `without a wish nothing: ${why}`);
      ok(count <= (preference?.max ?? Number.POSITIVE_INFINITY), `no more than its maximum: ${why}`);
      ok(count <= (given.capacity[name] ?? Number.POSITIVE_INFINITY), `no more than it can hold: ${why}`);
      if (preference?.weight === 0 && given.isRebalancing)
        ok(count <= (preference.min ?? 0), `its minimum alone: ${why}`);
    }
    const mixed = { ...given, clusters: names.toReversed().join(' ') };
    deepEqual(
      new Map([...prefer(wantedOf(mixed)).counts].toSorted()),
      new Map([...counts].toSorted()),
      `order: ${why}`,
    );
    deepEqual(new Map([...prefer(wantedOf(mixed)).overflow].toSorted()), new Map([...overflow].toSorted()));
  }
});

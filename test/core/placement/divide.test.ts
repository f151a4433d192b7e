import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { clusterId } from '../../../src/core/model/id.ts';
import { divide, type Share } from '../../../src/core/placement/divide.ts';
import { effortMs } from '../../builder/effort.ts';
import { seededRng } from '../../builder/rng.ts';

type Part = Partial<Omit<Share, 'cluster'>>;

const shares = (...parts: readonly Part[]): readonly Share[] =>
  parts.map((part, index) => ({
    cluster: clusterId(`c${index + 1}`),
    weight: 1,
    min: 0,
    max: Number.POSITIVE_INFINITY,
    previous: 0,
    ...part,
  }));
const counts = (total: number, given: readonly Share[]): readonly number[] => [...divide(total, given).values()];

const cases: readonly { name: string; total: number; parts: readonly Part[]; gives: readonly number[] }[] = [
  { name: 'nothing for nobody', total: 3, parts: [], gives: [] },
  { name: 'no replicas', total: 0, parts: [{}, {}], gives: [0, 0] },
  { name: 'equal weights, no rest', total: 9, parts: [{}, {}, {}], gives: [3, 3, 3] },
  { name: 'equal weights, a rest: the first ones', total: 8, parts: [{}, {}, {}], gives: [3, 3, 2] },
  {
    name: 'a rest goes to those that have it',
    total: 4,
    parts: [{}, { previous: 1 }, { previous: 2 }],
    gives: [1, 1, 2],
  },
  { name: 'weights', total: 10, parts: [{ weight: 3 }, { weight: 2 }], gives: [6, 4] },
  { name: 'fractions of a weight', total: 3, parts: [{ weight: 0.5 }, { weight: 0.25 }], gives: [2, 1] },
  {
    name: 'a minimum is a floor, not an extra',
    total: 9,
    parts: [{ min: 1 }, { min: 1 }, { min: 1 }],
    gives: [3, 3, 3],
  },
  { name: 'a minimum above the share', total: 6, parts: [{ min: 4 }, {}, {}], gives: [4, 1, 1] },
  {
    name: 'minimums beyond the total: in order',
    total: 3,
    parts: [{ min: 2 }, { min: 2 }, { min: 2 }],
    gives: [2, 1, 0],
  },
  {
    name: 'minimums beyond the total: what is there of them stays',
    total: 2,
    parts: [{ min: 1 }, { min: 1, previous: 1 }, { min: 1, previous: 1 }],
    gives: [0, 1, 1],
  },
  { name: 'a maximum', total: 9, parts: [{ max: 2 }, {}, {}], gives: [2, 4, 3] },
  { name: 'all at their maximum: less than the total', total: 9, parts: [{ max: 2 }, { max: 3 }], gives: [2, 3] },
  { name: 'weight 0: nothing', total: 4, parts: [{ weight: 0 }, {}], gives: [0, 4] },
  { name: 'weight 0: its minimum', total: 4, parts: [{ weight: 0, min: 1 }, {}], gives: [1, 3] },
  {
    name: 'nobody with a weight: the minimums',
    total: 4,
    parts: [{ weight: 0, min: 1 }, { weight: 0 }],
    gives: [1, 0],
  },
  { name: 'a minimum above the maximum: the minimum', total: 9, parts: [{ min: 5, max: 2 }, {}], gives: [5, 4] },
];
for (const { name, total, parts, gives } of cases)
  test(`divide: ${name}`, () => deepEqual(counts(total, shares(...parts)), gives));

test('divide: every cluster is a key, in the order given', () => {
  deepEqual([...divide(1, shares({}, {}, { previous: 1 })).keys()], ['c1', 'c2', 'c3']);
});

test('divide: two thousand million replicas on a thousand clusters are shared at once', () => {
  const many = shares(...Array.from({ length: 1_000 }, (_, index) => ({ weight: 1 + (index % 7) })));
  const spentMs = effortMs(() => {
    const given = counts(2_147_483_647, many);
    equal(
      given.reduce((sum, count) => sum + count, 0),
      2_147_483_647,
    );
  });
  ok(spentMs < 2_000, 'not one by one');
});

test('divide: the smallest weights with the largest total end', () => {
  deepEqual(counts(2_147_483_647, shares({ weight: 0.001, max: 5 }, { weight: 1_000_000, max: 7 })), [5, 7]);
  equal(counts(2_147_483_647, shares({ weight: 0.001 }, { weight: 0 }))[0], 2_147_483_647);
});

test('divide: a total that is no count is a bug', () => {
  for (const total of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    throws(() => divide(total, shares({})), /invariant/);
});

/** Sainte-Laguë as its definition says it: one replica at a time to the strongest claim. */
function oneByOne(total: number, given: readonly Share[]): readonly number[] {
  const found = given.map(() => 0);
  let left = total;
  for (const keeps of [true, false]) {
    for (const [index, { min, previous }] of given.entries()) {
      const wanted = keeps ? Math.min(min, previous) : min - found[index]!;
      const taken = Math.min(wanted, left);
      found[index] = found[index]! + taken;
      left -= taken;
    }
  }
  while (left > 0) {
    let best = -1;
    for (const [index, share] of given.entries()) {
      if (found[index]! >= share.max || share.weight <= 0) continue;
      const strength = (at: number): number => given[at]!.weight / (2 * found[at]! + 1);
      const isKept = (at: number): boolean => found[at]! < given[at]!.previous;
      if (
        best === -1 ||
        strength(index) > strength(best) ||
        (strength(index) === strength(best) && isKept(index) && !isKept(best))
      )
        best = index;
    }
    if (best === -1) break;
    found[best] = found[best]! + 1;
    left -= 1;
  }
  return found;
}

function randomShares(seed: number): { readonly total: number; readonly given: readonly Share[] } {
  const rng = seededRng(seed);
  const pick = (below: number): number => Math.floor(rng.next() * below);
  const parts = Array.from({ length: 1 + pick(8) }, (): Part => {
    const min = pick(3) === 0 ? pick(4) : 0;
    return {
      weight: [0, 0.5, 1, 1, 1, 2, 3, 7][pick(8)]!,
      min,
      max: pick(3) === 0 ? min + pick(6) : Number.POSITIVE_INFINITY,
      previous: pick(2) === 0 ? pick(6) : 0,
    };
  });
  return { total: pick(60), given: shares(...parts) };
}

test('divide: laws over seeds', () => {
  for (let seed = 1; seed <= 1_000; seed++) {
    const { total, given } = randomShares(seed);
    const found = counts(total, given);
    const said = `seed ${seed}`;
    deepEqual(found, oneByOne(total, given), said);
    const sum = found.reduce((all, count) => all + count, 0);
    ok(sum <= total, said);
    const isFull = given.every(({ weight, max }, index) => weight <= 0 || found[index]! >= max);
    ok(sum === total || isFull, `${said}: all are handed out while anybody can take one`);
    const floors = given.reduce((all, { min }) => all + min, 0);
    if (floors <= total)
      for (const [index, { min, max }] of given.entries())
        ok(found[index]! >= min && found[index]! <= Math.max(min, max), `${said}: within bounds`);
    const more = counts(total + 1, given);
    ok(
      found.every((count, index) => more[index]! >= count),
      `${said}: a greater total takes none away`,
    );
    const kept = given.map((share, index) => ({ ...share, previous: found[index]! }));
    deepEqual(counts(total, kept), found, `${said}: what is shared stays shared`);
    const more2 = counts(total + 1, kept);
    ok(
      found.every((count, index) => more2[index]! >= count),
      `${said}: a greater total takes none away from those that have them`,
    );
  }
});

test('divide: over seeds, the order of clusters decides between equals only', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const { total, given } = randomShares(seed);
    // No two claims are ever equal: no weight is a ratio of odd numbers of another.
    const distinct = given.map((share, index) => ({
      ...share,
      min: 0,
      weight: share.weight === 0 ? 0 : Math.SQRT2 ** (index + 1) * Math.PI ** index,
    }));
    const forward = divide(total, distinct);
    const backward = divide(total, distinct.toReversed());
    for (const [cluster, count] of forward) equal(backward.get(cluster), count, `seed ${seed}`);
  }
});

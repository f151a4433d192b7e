/** The machine's chance, and chance from a seed. */
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { systemRng } from '../../../src/edge/rng/rng.ts';
import { jitter, type Rng } from '../../../src/seam/rng.ts';
import { seededRng } from '../../builder/rng.ts';

const draw = (rng: Rng): readonly number[] => Array.from({ length: 10_000 }, () => rng.next());

for (const [name, rng] of [
  ['systemRng', systemRng],
  ['seededRng', seededRng(7)],
] as const) {
  test(`${name}: from 0 up to but not 1, evenly`, () => {
    const drawn = draw(rng);
    ok(drawn.every((value) => value >= 0 && value < 1));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    ok(Math.abs(mean - 0.5) < 0.03, String(mean));
    equal(rng.bytes(16).length, 16);
    notDeepEqual([...rng.bytes(16)], [...rng.bytes(16)]);
  });
}

test('seededRng: the same seed is the same run, another is another', () => {
  deepEqual(draw(seededRng(1)), draw(seededRng(1)));
  notDeepEqual(draw(seededRng(1)), draw(seededRng(2)));
});

test('jitter: stays within its share', () => {
  const rng = seededRng(3);
  for (let count = 0; count < 1_000; count += 1) {
    const value = jitter(rng, 100, 0.2);
    ok(value >= 80 && value <= 120);
  }
});

/** Chance of one cluster's own, so that what happens in one does not change what happens in another. */
import type { Rng } from '../seam/rng.ts';

/** Draws its seed from `parent`, and nothing after. Source: xoshiro128** 1.1. Not fit for keys. */
export function forkRng(parent: Rng): Rng {
  const seed = parent.bytes(16);
  const state = new Uint32Array(4);
  for (const [index, byte] of seed.entries()) {
    const word = index >>> 2;
    state[word] = (state[word] ?? 0) * 256 + byte;
  }
  if (state.every((word) => word === 0)) state[0] = 1;

  const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
  const draw = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const mixedC = c ^ a;
    const mixedD = d ^ b;
    state[0] = a ^ mixedD;
    state[1] = b ^ mixedC;
    state[2] = mixedC ^ (b << 9);
    state[3] = rotate(mixedD, 11);
    return result;
  };
  return {
    next: () => draw() / 2 ** 32,
    bytes: (count) => Uint8Array.from({ length: count }, () => draw() & 0xff),
  };
}

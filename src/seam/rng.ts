/** Chance, so that tests can own it: jitter, identifiers and keys come from here and nowhere else. */

export type Rng = {
  /** At least 0, below 1. */
  readonly next: () => number;
  /** Fit for keys. */
  readonly bytes: (count: number) => Uint8Array;
};

/** `value` plus or minus up to `share` of it, so that a thousand clusters do not act in step. */
export const jitter = (rng: Rng, value: number, share: number): number => value * (1 + share * (2 * rng.next() - 1));

/** Seeded choices for the makers of YAML texts. */
import type { Rng } from '../../../src/seam/rng.ts';
import { seededRng } from '../../builder/rng.ts';

export class Choice {
  readonly #rng: Rng;
  constructor(seed: number) {
    this.#rng = seededRng(seed);
  }

  /** At least 0, below `count`. */
  below(count: number): number {
    return Math.floor(this.#rng.next() * count);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(items: readonly [T, ...T[]]): T;
  of<T>(items: readonly T[]): T | undefined;
  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }
}

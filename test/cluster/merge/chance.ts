/** Seeded choices, so that a sequence that disagrees can be run again. */
import type { Json, JsonObject } from '../../../src/core/json/value.ts';

export type Chance = {
  /** At least 0, below 1. */
  readonly next: () => number;
  readonly below: (count: number) => number;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  readonly is: (share: number) => boolean;
};

/** Source: mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return { next, below, pick: (values) => values[below(values.length)]!, is: (share) => next() < share };
}

/** Each field with the chance that is given for it. */
export function some(chance: Chance, fields: Readonly<Record<string, readonly [number, () => Json]>>): JsonObject {
  const chosen = Object.entries(fields).flatMap(([name, [share, make]]): [string, Json][] =>
    chance.is(share) ? [[name, make()]] : [],
  );
  return Object.fromEntries(chosen);
}

/** Some of the items, in any order. */
export function subset<Item>(chance: Chance, items: readonly Item[], share: number): Item[] {
  const chosen = items.filter(() => chance.is(share));
  return chance.is(0.3) ? chosen.toReversed() : chosen;
}

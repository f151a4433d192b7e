/** Make before break: what goes, or shrinks, waits until all that stays and comes is well. */
import { at, numberOf } from '../json/value.ts';
import { type Rendering, writtenOf } from '../model/cell.ts';
import type { ObjectKey } from '../model/id.ts';

export type Counts = ReadonlyMap<ObjectKey, number>;

/** The replicas that each object is to have, where it says so. */
export function countsOf(rendering: Rendering): Counts {
  return new Map(
    writtenOf(rendering).flatMap(({ key, object }) => {
      const count = numberOf(at(object, 'spec', 'replicas'));
      return count === undefined ? [] : [[key, count] as const];
    }),
  );
}

/** What a record is to say of counts: one that is to go down has not, until all is applied. */
export function countsHeld(before: Counts, rendering: Rendering, isApplied: boolean): Counts {
  const wanted = countsOf(rendering);
  if (isApplied) return wanted;
  return new Map([...wanted].map(([key, count]) => [key, Math.max(count, before.get(key) ?? count)]));
}

/** Objects that lose replicas. */
export function shrinking(before: Counts, rendering: Rendering | undefined): ReadonlySet<ObjectKey> {
  if (rendering === undefined) return new Set();
  const smaller = [...countsOf(rendering)].filter(([key, count]) => (before.get(key) ?? 0) > count);
  return new Set(smaller.map(([key]) => key));
}

/** Durations as people write them. */

/** Shape: the parts that are not zero, longest first, such as `1m` and `30s`; empty for less than a millisecond. */
export function durationParts(durationMs: number): readonly string[] {
  const parts: readonly (readonly [string, number])[] = [
    ['d', Math.floor(durationMs / 86_400_000)],
    ['h', Math.floor(durationMs / 3_600_000) % 24],
    ['m', Math.floor(durationMs / 60_000) % 60],
    ['s', Math.floor(durationMs / 1_000) % 60],
    ['ms', durationMs % 1_000],
  ];
  return parts.filter(([, count]) => count > 0).map(([unit, count]) => `${count}${unit}`);
}

/** How much of one text is in another: for files that were renamed and changed at once. */
import { linesOf } from './merge-lines.ts';

/**
 * What two texts have in common.
 *
 * Shape: from 0 to 1, by the bytes of lines that both have, wherever they stand. Source: Git's rename detection
 *   (diffcore-delta.c), which counts chunks as this counts lines.
 */
export function similarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 1;
  const left = new Map<string, number>();
  for (const line of linesOf(a)) left.set(line, (left.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of linesOf(b)) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    common += line.length;
  }
  return common / longest;
}

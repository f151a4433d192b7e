/** Merges two changes of one text, line by line, as Git does. */
import { type ArrayChange, diffArrays } from 'diff';
import type { ContestedPlace } from '../model/line-span.ts';

export type MergedLines =
  | { readonly kind: 'merged'; readonly text: string }
  | { readonly kind: 'conflict'; readonly places: readonly ContestedPlace[] }
  /** They differ in more lines than are compared. */
  | { readonly kind: 'tooDifferent' };

/** Lines that were taken out and put in, between the first and the last change of one side. Cost: its square, of steps. */
const editsMax = 1_000;

/** `start` and `end` are lines of the base, counted from 0; `end` is not among them. */
type Hunk = { readonly start: number; readonly end: number; readonly lines: readonly string[] };

/** Hunks of both sides that touch each other, so that nobody can say which comes first. */
type Region = { start: number; end: number; readonly here: Hunk[]; readonly there: Hunk[] };

/**
 * Merges.
 *
 * Shape: changes that overlap or touch are a conflict, unless they are the same. The sides change places without
 *   changing the result. Source: diff3, as in Git's xdiff/xmerge.c.
 */
export function mergeLines(base: string, here: string, there: string): MergedLines {
  const lines = linesOf(base);
  const [ours, theirs] = [hunksOf(lines, here), hunksOf(lines, there)];
  if (ours === undefined || theirs === undefined) return { kind: 'tooDifferent' };
  const merged: string[] = [];
  const places: ContestedPlace[] = [];
  const shift = { here: 0, there: 0 };
  let done = 0;
  for (const region of regionsOf(ours, theirs)) {
    merged.push(...lines.slice(done, region.start));
    const [mine, yours] = [applied(region.here, region, lines), applied(region.there, region, lines)];
    if (region.there.length === 0 || isSame(mine, yours)) merged.push(...mine);
    else if (region.here.length === 0) merged.push(...yours);
    else {
      const from = (offset: number): number => region.start + offset + 1;
      places.push({
        here: { from: from(shift.here), to: region.start + shift.here + mine.length },
        there: { from: from(shift.there), to: region.start + shift.there + yours.length },
      });
    }
    const length = region.end - region.start;
    shift.here += mine.length - length;
    shift.there += yours.length - length;
    done = region.end;
  }
  merged.push(...lines.slice(done));
  return places.length > 0 ? { kind: 'conflict', places } : { kind: 'merged', text: merged.join('') };
}

/** With their ends: a last line without one is another line. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

/** Shape: undefined for too many of them; one long piece that was put in or taken out is one. */
function hunksOf(base: readonly string[], changed: string): readonly Hunk[] | undefined {
  const lines = linesOf(changed);
  const lengthMin = Math.min(base.length, lines.length);
  let start = 0;
  while (start < lengthMin && base[start] === lines[start]) start++;
  let end = 0;
  while (end < lengthMin - start && base.at(-1 - end) === lines.at(-1 - end)) end++;
  const [before, after] = [base.slice(start, base.length - end), lines.slice(start, lines.length - end)];
  if (before.length === 0 && after.length === 0) return [];
  if (before.length === 0 || after.length === 0) return [{ start, end: start + before.length, lines: after }];
  const changes = diffArrays(before, after, { maxEditLength: editsMax });
  return changes === undefined ? undefined : hunksIn(changes, start);
}

function hunksIn(changes: readonly ArrayChange<string>[], start: number): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let at = start;
  for (const { added, removed, count, value } of changes) {
    const last = hunks.at(-1);
    const isNext = last?.end === at;
    if (added) {
      if (last !== undefined && isNext) hunks[hunks.length - 1] = { ...last, lines: [...last.lines, ...value] };
      else hunks.push({ start: at, end: at, lines: value });
      continue;
    }
    if (removed) {
      if (last !== undefined && isNext) hunks[hunks.length - 1] = { ...last, end: at + count };
      else hunks.push({ start: at, end: at + count, lines: [] });
    }
    at += count;
  }
  return hunks;
}

function regionsOf(here: readonly Hunk[], there: readonly Hunk[]): readonly Region[] {
  const all = [
    ...here.map((hunk) => ({ hunk, side: 'here' as const })),
    ...there.map((hunk) => ({ hunk, side: 'there' as const })),
  ].toSorted((a, b) => a.hunk.start - b.hunk.start || a.hunk.end - b.hunk.end);
  const regions: Region[] = [];
  for (const { hunk, side } of all) {
    let region = regions.at(-1);
    if (region === undefined || hunk.start > region.end) {
      region = { start: hunk.start, end: hunk.end, here: [], there: [] };
      regions.push(region);
    }
    region[side].push(hunk);
    region.end = Math.max(region.end, hunk.end);
  }
  return regions;
}

/** The lines of a region with the hunks of one side in it. */
function applied(hunks: readonly Hunk[], { start, end }: Region, base: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let done = start;
  for (const hunk of hunks) {
    lines.push(...base.slice(done, hunk.start), ...hunk.lines);
    done = hunk.end;
  }
  return [...lines, ...base.slice(done, end)];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((line, index) => line === b[index]);

/** Rows and columns for people. */
import type { Paint } from './paint.ts';
import { cut, padded, widthOf } from './text.ts';

export type TableOptions = {
  readonly paint: Paint;
  /** Undefined: as wide as it comes, as for a file. */
  readonly columns?: number | undefined;
};

const gap = '  ';
/** A column is never cut below this. */
const widthMin = 8;

/**
 * Prints a table.
 *
 * Shape: a line for the heads and one for each row, each ended; where it is too wide for the terminal the last column is
 *   cut. Cells are one line of text and may be coloured, but for the last.
 */
export function printTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { paint, columns }: TableOptions,
): string {
  const widths = heads.map((head, index) => Math.max(widthOf(head), ...rows.map((row) => widthOf(row[index] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(widthMin, columns - before);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === heads.length - 1 ? cut(cell, room) : padded(cell, widths[index] ?? 0)))
      .join(gap)
      .trimEnd();
  const title = paint('bold', line(heads));
  return [title, ...rows.map((row) => line(heads.map((_, index) => row[index] ?? '')))]
    .map((text) => `${text}\n`)
    .join('');
}

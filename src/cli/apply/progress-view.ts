/** A table that is drawn again in its place while work goes on. */
import type { CellStatus } from '../../engine/ledger.ts';
import { printCells, printReasons } from '../output/cells.ts';
import type { Surroundings } from '../surroundings.ts';

export type ProgressView = { readonly stop: () => void };

const drawMs = 250;
/** A screen has 24 lines at least; what scrolls away cannot be drawn over. */
const appsMax = 12;
const reasonsMax = 3;

/** Draws on standard error, and only where somebody looks: the answer alone goes to standard output. */
export function showProgress(cells: () => readonly CellStatus[], { stderr, clock }: Surroundings): ProgressView {
  if (!stderr.isTerminal) return { stop: () => {} };
  let drawn = 0;
  let cancel = (): void => {};
  const erase = (): void => {
    if (drawn > 0) stderr.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    const known = cells();
    const text = known.length === 0 ? 'reading repositories and clusters…\n' : textOf(known);
    erase();
    stderr.write(text);
    drawn = text.split('\n').length - 1;
    cancel = clock.after(drawMs, draw);
  };
  const textOf = (known: readonly CellStatus[]): string => {
    const text = `${printCells(known, stderr, appsMax)}${printReasons(known, stderr, reasonsMax)}`;
    // A line that wraps would take two, and the count would be wrong.
    return text
      .split('\n')
      .map((line) => fit(line, stderr.columns()))
      .join('\n');
  };
  draw();
  return {
    stop: () => {
      cancel();
      erase();
    },
  };
}

/** Cuts what is seen of a line; colours take no room. */
function fit(line: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const isColour = part.startsWith('\u001b');
    const shown = isColour ? part : part.slice(0, Math.max(0, columns - 1 - width));
    if (!isColour) width += shown.length;
    kept += shown;
  }
  return kept;
}

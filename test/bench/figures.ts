/** What was measured: medians with their spread, for people and for programs. */
import { cpus, totalmem } from 'node:os';

/** `min` and `max` are of the same runs as the median. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What it should be at most. */
  readonly atMost?: number;
};

export type BenchReport = {
  readonly bench: string;
  readonly tier: 'sandbox' | 'real';
  readonly clusters: number;
  readonly objectsPerCluster: number;
  readonly runs: number;
  readonly machine: { readonly processors: number; readonly processor: string; readonly memoryGiB: number };
  readonly node: string;
  /** Requests about objects where none should be needed; of `apply` and `push` all that were sent. */
  readonly objectRequests: number;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
};

export const machine = (): BenchReport['machine'] => ({
  processors: cpus().length,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
});

/** Shape: of at least one value. */
export function figure(name: string, unit: string, values: readonly number[], atMost?: number): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    name,
    unit,
    median: round(median(sorted)),
    min: round(sorted[0]!),
    max: round(sorted.at(-1)!),
    ...(atMost === undefined ? {} : { atMost }),
  };
}

export function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Four digits tell all that a measurement knows. */
const round = (value: number): number => Number(value.toPrecision(4));

/** A table for people. */
export function printReport(report: BenchReport): string {
  const { bench, tier, clusters, objectsPerCluster, runs, machine: on } = report;
  const head = [
    `${bench}: ${clusters} ${tier === 'real' ? 'real API servers' : 'sandbox clusters'} x ${objectsPerCluster} objects, ${runs} runs`,
    `on ${on.processors} x ${on.processor}, ${on.memoryGiB} GiB, Node ${report.node}`,
  ];
  const rows = [
    ['', 'median', 'min', 'max', '', 'target'],
    ...report.figures.map(({ name, unit, median: middle, min, max, atMost }) => [
      name,
      String(middle),
      String(min),
      String(max),
      unit,
      atMost === undefined ? '' : `${middle <= atMost ? 'met' : 'MISSED'}: at most ${atMost}`,
    ]),
  ];
  return `${[...head, '', ...aligned(rows), '', ...report.notes.map((note) => `* ${note}`)].join('\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isNumber = (column: number): boolean => column >= 1 && column <= 3;
  return rows.map((row) =>
    row
      .map((text, column) => (isNumber(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** Reads manifests in processes that may run away, bloat or crash: the file that did it gets a problem, nothing else. */
import { digestOfText } from '../../core/json/digest.ts';
import { digest } from '../../core/model/id.ts';
import type { SourceFile, SourceProblem } from '../../core/model/source.ts';
import { defaultReadLimits, type ReadLimits } from '../../core/yaml/limits.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { FileBytes, Parser } from '../../seam/parse.ts';
import { type ChildEnd, ChildError } from '../child/child.ts';
import type { ParseAsk, ParsePart } from './parse-process.ts';
import { openPool, type Pool, type PoolSettings } from './pool.ts';

export type ParserSettings = PoolSettings & {
  /** For one file, by the wall clock. */
  readonly fileTimeoutMs: number;
  readonly limits: ReadLimits;
};

export const defaultParserSettings: ParserSettings = {
  processesMax: 2,
  idleMs: 60_000,
  memoryBytesMax: 256 * 1024 * 1024,
  fileTimeoutMs: 10_000,
  limits: defaultReadLimits,
};

/** Files of one ask, and where in the answer each belongs. */
type Batch = readonly { readonly file: FileBytes; readonly index: number }[];

const batchFilesMax = 64;
const batchBytesMax = 1024 * 1024;

export function openParser(settings: ParserSettings, deps: { readonly clock: Clock; readonly log: Log }): Parser {
  const pool = openPool(settings, deps.clock);
  return {
    parse: async (files, signal) => {
      const answers: (SourceFile | undefined)[] = files.map(() => undefined);
      const queue = batchesOf(files);
      const work = async (): Promise<void> => {
        for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
          queue.unshift(...(await run(batch, answers, pool, settings, deps.log, signal)));
        }
      };
      const workers = Math.min(settings.processesMax, queue.length);
      await Promise.all(Array.from({ length: workers }, work));
      return answers.filter((answer) => answer !== undefined);
    },
    close: async () => pool.close(),
  };
}

/** Parses a batch. Shape: the batches still to do, one for each file that a lost process had not answered. */
async function run(
  batch: Batch,
  answers: (SourceFile | undefined)[],
  pool: Pool,
  settings: ParserSettings,
  log: Log,
  signal: AbortSignal,
): Promise<readonly Batch[]> {
  const child = await pool.take(signal);
  let answered = 0;
  const onPart = (value: unknown): void => {
    // The other end is this program too: see ParsePart.
    for (const file of value as ParsePart) {
      const index = batch[answered++]?.index;
      if (index !== undefined) answers[index] = file;
    }
  };
  const ask: ParseAsk = { files: batch.map(({ file }) => file), limits: settings.limits };
  try {
    await child.ask(ask, { deadlineMs: settings.fileTimeoutMs, onPart }, signal);
    pool.giveBack(child);
    return [];
  } catch (error) {
    pool.giveUp(child);
    if (!(error instanceof ChildError)) throw error;
    const left = batch.slice(answered);
    const [first] = left;
    if (first === undefined) return [];
    if (batch.length > 1) return left.map((one) => [one]);
    log.warn('reading a file was stopped', { path: first.file.path, why: error.end });
    answers[first.index] = stopped(first.file, error.end);
    return [];
  }
}

function batchesOf(files: readonly FileBytes[]): Batch[] {
  const batches: Batch[] = [];
  let batch: { file: FileBytes; index: number }[] = [];
  let bytes = 0;
  for (const [index, file] of files.entries()) {
    if (batch.length > 0 && (batch.length >= batchFilesMax || bytes + file.bytes.length > batchBytesMax)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push({ file, index });
    bytes += file.bytes.length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** A file whose reading had to be stopped: no documents, and a problem that its author can act on. */
function stopped({ path, bytes }: FileBytes, end: ChildEnd): SourceFile {
  const problem = end === 'deadline' ? tooSlow : end === 'memory' ? tooBig : crashed;
  // Another content may fare better, so its digest is its own.
  const content = `${problem.code} ${Buffer.from(bytes).toString('latin1')}`;
  return { path, documents: [], problems: [problem], digest: digest(digestOfText(content)) };
}

const start = { line: 1, column: 1, hint: 'simplify the file, or split it into several' } as const;
const tooSlow: SourceProblem = { ...start, code: 'A1092', message: 'the file takes too long to read' };
const tooBig: SourceProblem = { ...start, code: 'A1093', message: 'the file takes too much memory to read' };
const crashed: SourceProblem = { ...start, code: 'A1094', message: 'the file cannot be read: its reader broke down' };

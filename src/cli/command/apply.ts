/** `landfall apply`: brings the fleet to what Git says, and ends. */
import { isError } from '../../core/model/diagnostic.ts';
import { type CellId, partsOfCell } from '../../core/model/id.ts';
import { Engine } from '../../engine/engine.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isSelected } from '../../engine/plan/fleet-plan.ts';
import { cellAnswer, isWell } from '../../server/api/cell-answer.ts';
import { type Progress, progressOf } from '../apply/progress.ts';
import { showProgress } from '../apply/progress-view.ts';
import { openParts, type Parts } from '../connect/parts.ts';
import { printAnswer } from '../output/answer.ts';
import { printCells, printReasons } from '../output/cells.ts';
import { counted } from '../output/text.ts';
import { durationText } from '../settings/field.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';
import { type FleetOptions, problemsText } from './plan.ts';

export type ApplyOptions = FleetOptions & { readonly timeout: number };

/** Nothing has moved for so long, and nothing is expected to: it is stuck. What fails at first may yet come right. */
const stuckMs = 10_000;
const lookMs = 250;

export async function apply(options: ApplyOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, stdout, stderr } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const ended = await converge(parts, options, around);
    const { cells, commit } = ended;
    const human = (): string =>
      `${printCells(cells, stdout)}${printReasons(cells, stdout)}\n${summary(ended, options)}`;
    printAnswer(options.output, { commit: commit ?? '', cells: cells.map(cellAnswer) }, human, stdout);
    stderr.write(ended.problems);
    return ended.progress === 'done' ? 0 : 1;
  } finally {
    await parts.close();
  }
}

type Ended = {
  readonly progress: Progress;
  readonly commit: string | undefined;
  readonly cells: readonly CellStatus[];
  readonly problems: string;
};

async function converge(
  { engineSettings, engineDeps }: Parts,
  options: ApplyOptions,
  around: Surroundings,
): Promise<Ended> {
  const selects = (cell: CellId): boolean => isSelected(options, partsOfCell(cell));
  const engine = new Engine({ ...engineSettings, isSelected: selects }, engineDeps);
  const stopping = new AbortController();
  const running = engine.run(AbortSignal.any([around.signal, stopping.signal]));
  // A bug of the engine ends the wait too; whoever awaits it below hears of it.
  const broken = running.then(
    () => undefined,
    () => stopping.abort(),
  );
  const view = showProgress(() => cellsOf(engine, selects), around);
  const progress = await untilEnd(engine, selects, options, AbortSignal.any([around.signal, stopping.signal]), around);
  view.stop();
  // What is told is what was known while the engine ran: to stop is no news about any cell.
  const cells = cellsOf(engine, selects);
  const [commit] = engine.revision?.world.sources.map(({ head }) => head.value.commit) ?? [];
  const problems = problemsText(engine.revision?.compiled.diagnostics.filter(isError) ?? [], around.stderr);
  stopping.abort(new Error('the command ends'));
  await broken;
  await running;
  return { progress, commit, cells, problems };
}

function cellsOf({ ledger, revision }: Engine, selects: (cell: CellId) => boolean): readonly CellStatus[] {
  const known = revision?.compiled.cells;
  return [...ledger.cells.values()]
    .filter(({ cell }) => selects(cell) && (known?.has(cell) === true || isLeaving(cell, revision)))
    .toSorted((a, b) => (a.cell < b.cell ? -1 : 1));
}

const isLeaving = (cell: CellId, revision: Engine['revision']): boolean =>
  revision?.compiled.vanished.some(({ record }) => record.cell === cell) === true;

/** Looks again and again, since time alone may change the answer; ends when there is nothing left to wait for. */
async function untilEnd(
  engine: Engine,
  selects: (cell: CellId) => boolean,
  { timeout }: ApplyOptions,
  signal: AbortSignal,
  { clock }: Surroundings,
): Promise<Progress> {
  const endMs = clock.nowMs() + timeout;
  let stuckSinceMs: number | undefined;
  for (;;) {
    const progress = progressOf(engine, selects);
    const nowMs = clock.nowMs();
    if (progress !== 'stuck') stuckSinceMs = undefined;
    else stuckSinceMs ??= nowMs;
    const isStuck = stuckSinceMs !== undefined && nowMs - stuckSinceMs >= stuckMs;
    if (progress === 'done' || isStuck || signal.aborted || nowMs >= endMs) return progress;
    await pause(lookMs, clock, signal);
  }
}

/** A timer of the clock keeps nobody alive, and the engine's sockets may all be asleep. */
function pause(durationMs: number, clock: Surroundings['clock'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const keeper = setInterval(() => {}, durationMs);
    const end = (): void => {
      clearInterval(keeper);
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(durationMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

function summary({ progress, cells, commit }: Ended, { timeout }: ApplyOptions): string {
  const well = cells.filter(isWell).length;
  const where = commit === undefined ? '' : ` at commit ${commit}`;
  const many = counted(cells.length, 'cell');
  switch (progress) {
    case 'done':
      return `${cells.length === 1 ? 'The one cell is' : `All ${many} are`} synced and healthy${where}.\n`;
    case 'stuck':
      return `${well} of ${many} synced and healthy${where}; the others wait for somebody.\n`;
    case 'moving':
      return `${well} of ${many} synced and healthy${where} after ${durationText(timeout)}; the others are on their way.\n`;
  }
}

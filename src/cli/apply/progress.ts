/** How far an engine has come: is there anything left that it could do, or that time could do for it? */
import type { Cell } from '../../core/model/cell.ts';
import type { CellId } from '../../core/model/id.ts';
import type { Engine } from '../../engine/engine.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isWell } from '../../server/api/cell-answer.ts';

/** `done`: all is as wanted. `stuck`: what is not waits for a person. */
export type Progress = 'done' | 'moving' | 'stuck';

/** Shape: a moment's view; whoever is stuck may be so for a moment only. */
export function progressOf(engine: Engine, selects: (cell: CellId) => boolean): Progress {
  const { revision, repositories, fleet, ledger } = engine;
  const isLooking =
    repositories.some(({ state }) => state.kind === 'starting') ||
    [...fleet.members.values()].some(({ state }) => state.kind === 'connecting');
  if (revision === undefined) return isLooking ? 'moving' : 'stuck';
  if (isLooking || !engine.isAtRest) return 'moving';
  const { cells, vanished } = revision.compiled;
  const wanted = [...cells.values()].filter(({ id }) => selects(id));
  const leaving = vanished.filter(({ record }) => selects(record.cell));
  const statuses = wanted.map((cell) => ({ cell, status: ledger.of(cell.id) }));
  const isStale = repositories.some(({ state }) => state.kind === 'stale');
  const isAllWell = statuses.every(({ status }) => status !== undefined && isWell(status));
  if (isAllWell && leaving.length === 0) return isStale ? 'stuck' : 'done';
  const unwell = statuses.filter(({ status }) => status === undefined || !isWell(status));
  const isMoving =
    unwell.some(({ cell, status }) => mayMove(cell, status, engine)) ||
    leaving.some(({ record }) => !needsPerson(ledger.of(record.cell)));
  return isMoving ? 'moving' : 'stuck';
}

/** Could the engine, or time, still bring it on? */
function mayMove(cell: Cell, status: CellStatus | undefined, engine: Engine): boolean {
  if (cell.isSuspended || cell.aim.kind !== 'hold') return false;
  if (status === undefined) return true;
  if (needsPerson(status)) return false;
  const waits = engine.steering.decisionOf(cell.id)?.kind === 'wait';
  // What waits for its turn moves on when those before it do.
  return !waits || !isHeldUp(cell, engine);
}

const needsPerson = (status: CellStatus | undefined): boolean =>
  status !== undefined && ['Blocked', 'Contested', 'Failed', 'Unreachable'].includes(status.state);

/** Is any other cell of the App, or of one that it depends on, waiting for a person? */
function isHeldUp(cell: Cell, { revision, ledger, steering }: Engine): boolean {
  const compiled = revision?.compiled;
  if (compiled === undefined) return false;
  const apps = new Set([cell.app, ...(compiled.intents.get(cell.id)?.dependsOn.map(({ app }) => app) ?? [])]);
  if (steering.stagesOf(cell.app).some(({ state }) => state === 'stopped')) return true;
  return [...compiled.cells.values()].some(
    (other) =>
      apps.has(other.app) &&
      other.id !== cell.id &&
      (needsPerson(ledger.of(other.id)) || other.isSuspended || other.aim.kind !== 'hold'),
  );
}

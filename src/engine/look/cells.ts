/** Every cell that Git wants now, or that is on its way out, as it is known to be. */
import type { Cell } from '../../core/model/cell.ts';
import type { AppId } from '../../core/model/id.ts';
import type { CellStatus } from '../ledger.ts';
import type { LookedEngine } from './looked-engine.ts';

/** Shape: in no order. Cost: a pass over all cells. */
export function* cellsNow({ ledger, revision }: LookedEngine): Generator<CellStatus> {
  if (revision === undefined) return;
  const { cells, vanished } = revision.compiled;
  for (const cell of cells.values()) yield ledger.of(cell.id) ?? unseen(cell);
  for (const { record } of vanished) {
    const status = ledger.of(record.cell);
    if (status !== undefined && !cells.has(record.cell)) yield status;
  }
}

/** Shape: in order of cluster. */
export const cellsOfApp = (app: AppId, engine: LookedEngine): readonly CellStatus[] =>
  [...cellsNow(engine)].filter((cell) => cell.app === app).toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1));

/** Wanted since a moment ago: nobody has looked yet. */
const unseen = ({ id, app, stage, cluster, commit, aim }: Cell): CellStatus => ({
  cell: id,
  app,
  stage,
  cluster,
  commit,
  state: 'OutOfSync',
  health: 'Unknown',
  message: 'not looked at yet',
  objects: { desired: aim.kind === 'hold' ? aim.rendering.objects.length : 0, live: 0, failed: 0 },
  updatedAtMs: 0,
  failure: undefined,
  isApplied: false,
});

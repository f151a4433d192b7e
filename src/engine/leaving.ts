/** Cells that keep what another cell of their App is to take over. */
import type { AppId, CellId } from '../core/model/id.ts';
import type { CellStatus } from './ledger.ts';
import type { Task } from './task.ts';

const waitOf = (task: Task): string | undefined => {
  if (task.kind === 'keep') return undefined;
  return task.kind === 'hold' ? task.leaveWaits : task.waits;
};

export class Leaving {
  readonly #cells = new Map<CellId, AppId>();

  /** Shape: the cells that wait for news of this one's App. */
  note(task: Task, { cell, app }: Pick<CellStatus, 'app' | 'cell'>): readonly CellId[] {
    if (waitOf(task) === undefined) this.#cells.delete(cell);
    else this.#cells.set(cell, app);
    return [...this.#cells].flatMap(([other, its]) => (its === app && other !== cell ? [other] : []));
  }

  forget(cell: CellId): void {
    this.#cells.delete(cell);
  }
}

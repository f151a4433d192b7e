/** What one run over a cell works with. */
import type { Rendering } from '../core/model/cell.ts';
import type { Action } from '../core/model/plan.ts';
import type { CellRecord, Inventory } from '../core/model/record.ts';
import type { ExecuteContext } from './execute/context.ts';
import type { Looked } from './looked.ts';

export type Run = {
  /** As it was when the run began. */
  readonly record: CellRecord | undefined;
  /** The record's, with those of the cells that this one was before. */
  readonly inventory: Inventory;
  readonly rendering: Rendering | undefined;
  readonly actions: readonly Action[];
  readonly looked: Looked;
  readonly context: ExecuteContext;
};

/** What a world comes to, as far as somebody could be harmed by it. */
import { compile } from '../../src/core/compile/compile.ts';
import type { World } from '../../src/core/compile/world.ts';
import { pendingDeletes } from '../../src/core/guard/deletes.ts';
import { WantedObjects } from '../../src/core/guard/wanted.ts';
import { digestOf } from '../../src/core/json/digest.ts';
import type { Cell } from '../../src/core/model/cell.ts';
import type { CellId } from '../../src/core/model/id.ts';

export type Outcome = {
  readonly cells: ReadonlyMap<CellId, Cell>;
  /** One line for each object that would go. */
  readonly deletes: ReadonlySet<string>;
  /** Errors and warnings. */
  readonly problems: number;
};

export function outcomeOf(world: World): Outcome {
  const { cells, vanished, diagnostics } = compile(world);
  const pending = pendingDeletes(cells, vanished, world.observed.records, new WantedObjects(cells));
  return {
    cells,
    deletes: new Set(pending.flatMap(({ cell, keys }) => keys.map((key) => `${cell} ${key}`))),
    problems: diagnostics.length,
  };
}

/** What a cell does on its cluster; not where that is written. */
export function describeCell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const { stage, onDelete, isSuspended, aim } = cell;
  const held = aim.kind === 'hold' ? aim.rendering.objects.map(({ object }) => object) : [aim.kind];
  return digestOf([stage, onDelete, isSuspended, ...held]);
}

/** Does a new compile ask anything else of a cell? */
import type { Cell } from '../core/model/cell.ts';

/** Renderings are shared between compiles, so the same one means that nothing in it changed. */
export function isSameWork(a: Cell | undefined, b: Cell): boolean {
  if (a === undefined || a.aim.kind !== b.aim.kind) return false;
  return (
    aimOf(a) === aimOf(b) &&
    a.stage === b.stage &&
    a.placement === b.placement &&
    a.source === b.source &&
    a.chosenBy === b.chosenBy &&
    a.onDelete === b.onDelete &&
    a.isSuspended === b.isSuspended &&
    a.adopt.join() === b.adopt.join() &&
    a.movedFrom.join() === b.movedFrom.join()
  );
}

function aimOf({ aim }: Cell): unknown {
  return aim.kind === 'hold' ? aim.rendering : aim.reason;
}

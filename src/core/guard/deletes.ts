/** What a state of Git would delete from the fleet, before anything is deleted. */
import { type Cell, type Rendering, type Vanished, type VanishReason, whyKept } from '../model/cell.ts';
import type { CellId, ObjectKey, RepositoryId } from '../model/id.ts';
import type { CellRecord } from '../model/record.ts';
import type { WantedObjects } from './wanted.ts';

/** The objects that one cell would lose. */
export type PendingDelete = {
  readonly cell: CellId;
  readonly repository: RepositoryId;
  readonly keys: readonly ObjectKey[];
  /** `dropped`: the cell stays, some of its objects go. */
  readonly cause: VanishReason | 'dropped';
};

/**
 * Shape: one entry for each cell that would lose something, counted over the whole fleet whatever stage may move now.
 *   An object that another cell of the same cluster wants is handed over, not deleted; an orphaned cell loses nothing.
 */
export function pendingDeletes(
  cells: ReadonlyMap<CellId, Cell>,
  vanished: readonly Vanished[],
  records: ReadonlyMap<CellId, CellRecord>,
  wanted: WantedObjects,
): readonly PendingDelete[] {
  const isWanted = ({ cell }: CellRecord, key: ObjectKey): boolean => wanted.isWantedElsewhere(key, cell);
  const dropped = [...cells.values()].flatMap((cell): readonly PendingDelete[] => {
    const record = records.get(cell.id);
    if (record === undefined || cell.aim.kind !== 'hold' || whyKept(cell.aim.rendering) !== undefined) return [];
    const keys = droppedOf(record, cell.aim.rendering).filter((key) => !isWanted(record, key));
    return keys.length === 0 ? [] : [{ cell: cell.id, repository: cell.repository, keys, cause: 'dropped' }];
  });
  const removed = vanished.flatMap(({ record, reason }): readonly PendingDelete[] => {
    if (record.onDelete === 'Orphan') return [];
    const keys = [...record.inventory.keys()].filter((key) => !isWanted(record, key));
    return [{ cell: record.cell, repository: record.repository, keys, cause: reason }];
  });
  return [...dropped, ...removed];
}

type Dropped = { readonly rendering: Rendering; readonly keys: readonly ObjectKey[] };

/** Whatever is compiled anew, most cells hold and are to hold the same as before, and a fleet has many objects. */
const known = new WeakMap<CellRecord, Dropped>();

/** What the record has and the rendering has not. */
function droppedOf(record: CellRecord, rendering: Rendering): readonly ObjectKey[] {
  const before = known.get(record);
  if (before?.rendering === rendering) return before.keys;
  const kept = new Set(rendering.objects.map(({ key }) => key));
  const keys = [...record.inventory.keys()].filter((key) => !kept.has(key));
  known.set(record, { rendering, keys });
  return keys;
}

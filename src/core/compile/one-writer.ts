/** Objects that several Apps say they share: one of them writes each, the others leave it out. */
import { type Rendering, writtenOf } from '../model/cell.ts';
import type { CellId, ObjectKey } from '../model/id.ts';
import { isForSeveral } from '../model/object.ts';
import type { CellRecord } from '../model/record.ts';
import { digestOfObjects } from '../render/render.ts';
import type { CompiledCell } from './cells.ts';

/**
 * Shape: who has an object keeps it, else the first by name has it; when that one no longer wants it, the next takes it over.
 *   An object that one of them does not say it shares is left to be refused. Cost: linear in objects that are shared.
 */
export function withOneWriter(
  cells: readonly CompiledCell[],
  records: ReadonlyMap<CellId, CellRecord>,
): readonly CompiledCell[] {
  const sharing = cells.filter(({ cell: { aim } }) => aim.kind === 'hold' && isSharing(aim.rendering));
  if (sharing.length < 2) return cells;
  const leaving = new Map<CompiledCell, Set<ObjectKey>>();
  for (const group of Map.groupBy(sharing, ({ cell }) => cell.cluster).values()) {
    for (const [key, wanting] of wantedBy(group)) {
      const writer = wanting.find(({ cell }) => records.get(cell.id)?.inventory.has(key)) ?? wanting[0];
      for (const each of wanting) {
        if (each !== writer) leaving.set(each, (leaving.get(each) ?? new Set()).add(key));
      }
    }
  }
  const renderings = new Map<Rendering, Map<string, Rendering>>();
  return cells.map((each) => {
    const keys = leaving.get(each);
    const { aim } = each.cell;
    if (keys === undefined || aim.kind !== 'hold') return each;
    return { ...each, cell: { ...each.cell, aim: { ...aim, rendering: without(aim.rendering, keys, renderings) } } };
  });
}

/** Clusters share most renderings, so each is looked through once. */
const known = new WeakMap<Rendering, boolean>();

function isSharing(rendering: Rendering): boolean {
  const answer = known.get(rendering) ?? rendering.objects.some(({ object }) => isForSeveral(object));
  known.set(rendering, answer);
  return answer;
}

/** Of one cluster, in order of the Apps' names. */
function wantedBy(cells: readonly CompiledCell[]): ReadonlyMap<ObjectKey, readonly CompiledCell[]> {
  const found = new Map<ObjectKey, CompiledCell[]>();
  for (const each of cells.toSorted((a, b) => (a.cell.id < b.cell.id ? -1 : 1))) {
    if (each.cell.aim.kind !== 'hold') continue;
    for (const { key, object } of writtenOf(each.cell.aim.rendering)) {
      if (isForSeveral(object)) found.set(key, [...(found.get(key) ?? []), each]);
    }
  }
  return found;
}

/** One and the same for cells that hold the same and leave out the same. */
function without(
  rendering: Rendering,
  keys: ReadonlySet<ObjectKey>,
  made: Map<Rendering, Map<string, Rendering>>,
): Rendering {
  const which = [...keys].toSorted().join('\n');
  const views = made.get(rendering) ?? new Map<string, Rendering>();
  made.set(rendering, views);
  const objects = rendering.objects.filter(({ key }) => !keys.has(key));
  const view = views.get(which) ?? { ...rendering, objects, digest: digestOfObjects(objects) };
  views.set(which, view);
  return view;
}

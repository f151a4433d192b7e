/** Replica counts that a placement shares out and nothing takes, or not all of: more often a slip than a wish. */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Placement, ReplicaDivision } from '../model/placement.ts';
import { isDivided } from '../render/division.ts';
import { describeTarget } from '../render/target.ts';
import type { CompiledCell } from './cells.ts';

/** Shape: only for placements all of whose Apps could be rendered somewhere. Cost: stops at the first object that is meant. */
export function divisionProblems(cells: readonly CompiledCell[]): readonly Diagnostic[] {
  const dividing = cells.filter(({ seat }) => seat.placement.replicas.length > 0);
  return [...Map.groupBy(dividing, ({ seat }) => seat.placement)].flatMap(([placement, group]) => {
    const isKnown = group.every(({ cell: { aim } }) => aim.kind === 'hold' && aim.rendering.missing.length === 0);
    return isKnown ? placement.replicas.flatMap((division) => problemOf(division, placement, group)) : [];
  });
}

function problemOf(
  division: ReplicaDivision,
  { id }: Placement,
  cells: readonly CompiledCell[],
): readonly Diagnostic[] {
  const { target, origin } = division;
  const renderings = new Set(cells.flatMap(({ cell: { aim } }) => (aim.kind === 'hold' ? [aim.rendering] : [])));
  const isMeant = [...renderings].some(({ objects }) => objects.some(({ object }) => isDivided(target, object)));
  if (isMeant) return unplaced(division, cells);
  const message = `no App of Placement ${id} has a ${describeTarget(target)} to share replicas of`;
  return [{ code: 'A1217', severity: 'error', origin, message }];
}

/** Where every cluster has what it may have, the rest runs nowhere. */
function unplaced(division: ReplicaDivision, cells: readonly CompiledCell[]): readonly Diagnostic[] {
  const { target, origin, total, kind } = division;
  if (kind !== 'preferred' || (division.field ?? 'replicas') !== 'replicas') return [];
  let placed = 0;
  for (const { cell } of cells) {
    if (cell.aim.kind !== 'hold') return [];
    const { objects, replicas } = cell.aim.rendering;
    for (const { key, object } of objects) if (isDivided(target, object)) placed += replicas.get(key) ?? total;
  }
  if (placed >= total) return [];
  const message = `${placed} of ${total} replicas of ${describeTarget(target)} have a place: no cluster may take more`;
  const hint = 'raise `maxReplicas`, or give a `weight` to more clusters';
  return [{ code: 'A1233', severity: 'warning', origin, message, hint }];
}

/** Replica counts that a placement shares out and nothing takes: more often a slip in a name than a wish. */
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
  { target, origin }: ReplicaDivision,
  { id }: Placement,
  cells: readonly CompiledCell[],
): readonly Diagnostic[] {
  const renderings = new Set(cells.flatMap(({ cell: { aim } }) => (aim.kind === 'hold' ? [aim.rendering] : [])));
  const isMeant = [...renderings].some(({ objects }) => objects.some(({ object }) => isDivided(target, object)));
  if (isMeant) return [];
  const message = `no App of Placement ${id} has a ${describeTarget(target)} to share replicas of`;
  return [{ code: 'A1217', severity: 'error', origin, message }];
}

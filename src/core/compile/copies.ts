/** What stages copy from each other: whose stages show it to be good, and what is wrong with that. */
import { circleFrom } from '../dialect/circle.ts';
import { nearest } from '../dialect/nearest.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FieldCopy } from '../model/field-copy.ts';
import type { Placement, Stage } from '../model/placement.ts';
import type { Gathered } from './gather.ts';

/** Who shows what is copied to be good. */
export type CopySource = { readonly placement: Placement; readonly stages: readonly Stage[] };

/** Shape: undefined where it is not there, or where what is copied would come back to itself. */
export function copySourceOf(
  copy: FieldCopy,
  into: Placement,
  placements: readonly Placement[],
): CopySource | undefined {
  if (circleOf(copy, into, placements) !== undefined) return undefined;
  const placement = placementOf(copy, into, placements);
  const stages = placement?.stages.filter(({ name }) => copy.from.stage === undefined || copy.from.stage === name);
  return placement === undefined || stages === undefined || stages.length === 0 ? undefined : { placement, stages };
}

/** Of one repository: nobody shows for another. */
const placementOf = ({ from }: FieldCopy, into: Placement, placements: readonly Placement[]): Placement | undefined =>
  placements.find(({ id, repository }) => id === from.placement && repository === into.repository);

/** Nothing is copied while these hold. */
export function copyProblems({ placements }: Pick<Gathered, 'placements'>): readonly Diagnostic[] {
  return placements.flatMap((into) =>
    copiesIn(into).flatMap((copy): readonly Diagnostic[] => {
      const problem = (code: Diagnostic['code'], message: string, guess?: string): readonly Diagnostic[] => [
        {
          code,
          severity: 'warning',
          origin: copy.origin,
          message: `nothing is copied: ${message}`,
          ...(guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` }),
        },
      ];
      const { placement, stage } = copy.from;
      const found = placementOf(copy, into, placements);
      if (found?.isBroken === true) return [];
      const names = found?.stages.map(({ name }) => name) ?? [];
      if (found === undefined) {
        const known = placements.filter(({ repository }) => repository === into.repository).map(({ id }) => id);
        return problem('A1231', `there is no Placement ${placement}`, nearest(placement, known));
      }
      if (stage !== undefined && !names.includes(stage))
        return problem('A1231', `Placement ${placement} has no stage ${stage}`, nearest(stage, names));
      const circle = circleOf(copy, into, placements);
      return circle === undefined ? [] : problem('A1232', `it comes back to itself: ${circle.join(' > ')}`);
    }),
  );
}

const copiesIn = ({ stages, isBroken }: Placement): readonly FieldCopy[] =>
  isBroken ? [] : stages.flatMap(({ promotion }) => promotion?.copy ?? []);

function circleOf({ to }: FieldCopy, { repository }: Placement, placements: readonly Placement[]) {
  const all = placements.filter((each) => each.repository === repository).flatMap(copiesIn);
  const needs = Map.groupBy(all, (copy) => copy.to);
  return circleFrom(to, new Map([...needs].map(([path, copies]) => [path, copies.map(({ from }) => from.path)])));
}

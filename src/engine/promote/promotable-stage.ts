/** A stage as promotion sees it: what of it moves, and the stages that must have shown a revision to be good first. */
import type { Compiled } from '../../core/compile/compile.ts';
import { copySourceOf } from '../../core/compile/copies.ts';
import { pinKey } from '../../core/compile/gather.ts';
import type { FieldCopy } from '../../core/model/field-copy.ts';
import type { RepositoryId } from '../../core/model/id.ts';
import type { Pin, Placement, Stage } from '../../core/model/placement.ts';
import type { Tooling } from '../../core/model/tool.ts';
import type { Subject } from '../../core/promotion/subject.ts';
import type { SteerInput } from '../steer.ts';

/** What is known now. */
export type PromoteView = SteerInput & { readonly versions: Tooling['versions'] };

type Common = Subject & {
  readonly of: Placement;
  readonly here: Stage;
  /** Whose stages show what is good. */
  readonly source: Placement;
  /** With cells; one without can show nothing, so those before it count. */
  readonly before: readonly Stage[];
};

/** Its pin moves. */
export type PinnedStage = Common & { readonly kind: 'pin'; readonly pin: Pin | undefined };

/** It follows the branch head, and fields are copied into its folder. */
export type CopyingStage = Common & { readonly kind: 'copy'; readonly copy: FieldCopy };

export type PromotableStage = PinnedStage | CopyingStage;

/** Shape: of one repository, without placements that have errors, and without stages that have more than one pin. */
export function promotableStages({ gathered, cells }: Compiled, repository: RepositoryId): readonly PromotableStage[] {
  const taken = new Set([...cells.values()].map(({ placement, stage }) => `${placement} ${stage}`));
  const own = gathered.placements.filter((each) => each.repository === repository);
  return own.flatMap((placement) => {
    if (placement.isBroken || placement.isSuspended) return [];
    return placement.stages.flatMap((stage): readonly PromotableStage[] => {
      const subject = { placement: placement.id, stage: stage.name, of: placement, here: stage };
      const copy = stage.promotion?.copy;
      if (copy !== undefined) {
        const source = copySourceOf(copy, placement, gathered.placements);
        if (source === undefined || source.placement.isBroken || source.placement.isSuspended) return [];
        const before = source.stages.filter(({ name }) => taken.has(`${source.placement.id} ${name}`));
        return [{ kind: 'copy', ...subject, copy, source: source.placement, before }];
      }
      if (stage.revision !== 'Pinned') return [];
      const [pin, ...others] = gathered.pins.get(pinKey(repository, placement.id, stage.name)) ?? [];
      if (others.length > 0) return [];
      const hasCells = ({ name }: Stage): boolean => taken.has(`${placement.id} ${name}`);
      const before = stagesBefore(stage, placement.stages, hasCells);
      return [{ kind: 'pin', ...subject, pin, source: placement, before }];
    });
  });
}

/** Does the manifest ask for promotions of a stage? */
export const isPromotable = ({ revision, promotion }: Stage): boolean =>
  revision === 'Pinned' || promotion?.copy !== undefined;

function stagesBefore(stage: Stage, all: readonly Stage[], hasCells: (stage: Stage) => boolean): readonly Stage[] {
  const found = new Set<Stage>();
  const seen = new Set<Stage>([stage]);
  const visit = (each: Stage): void => {
    const index = all.indexOf(each);
    const names = each.after ?? all.slice(Math.max(0, index - 1), index).map(({ name }) => name);
    for (const earlier of all.filter(({ name }) => names.includes(name))) {
      if (seen.has(earlier)) continue;
      seen.add(earlier);
      if (hasCells(earlier)) found.add(earlier);
      else visit(earlier);
    }
  };
  visit(stage);
  return [...found];
}

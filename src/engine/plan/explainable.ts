/** What explaining a commit takes, whoever knows it: a survey that tried everything, or an engine at work. */
import type { AppId, CellId } from '../../core/model/id.ts';
import type { HeldDeletes, PlannedAction } from '../../core/preview/planned.ts';
import type { Decision, StageState } from '../../core/rollout/stage.ts';
import type { Members } from '../members.ts';
import type { PlannedCell } from './fleet-plan.ts';
import type { Survey } from './survey.ts';

/** What is explained: a fleet that was surveyed, or one that an engine works on. */
export type Explainable = Pick<Survey, 'commit' | 'repositories' | 'revision'> & { readonly members: Members };

export type ExplainedCell = Omit<PlannedCell, 'actions'> & {
  /** Undefined: nobody has tried it; its status tells what was done. */
  readonly actions: readonly Pick<PlannedAction, 'reason' | 'verb'>[] | undefined;
};

export type ExplainedPlan = { readonly cells: readonly ExplainedCell[]; readonly held: readonly HeldDeletes[] };

export type ExplainedOutlook = {
  readonly decisions: ReadonlyMap<CellId, Decision>;
  readonly stages: ReadonlyMap<AppId, readonly StageState[]>;
  /** The word of another tool for how a cell stands; empty for none. */
  readonly wordOf?: (cell: ExplainedCell) => string;
};

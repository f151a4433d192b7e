/** What moving a pin would change, on every cluster of its stage. */
import type { CommitSha } from '../../core/model/id.ts';
import type { ShownPart, Story } from '../../core/promotion/body.ts';
import type { PinnedStage } from './pinned-stage.ts';

export type StagePlan = {
  /** Equal for equal plans, whatever time they were made at; another when anything that would be written is. */
  readonly digest: string;
  readonly changes: readonly ShownPart[];
  readonly unknown: Story['unknown'];
  /** What API servers would not take. */
  readonly refused: readonly string[];
};

/** Looks at the clusters and writes nothing. Errors: FaultError, when the revision is not to be had. */
export type PlanStage = (pinned: PinnedStage, to: CommitSha, signal: AbortSignal) => Promise<StagePlan>;

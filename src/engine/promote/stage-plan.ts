/** What a promotion would change, on every cluster of its stage. */
import type { CommitSha } from '../../core/model/id.ts';
import type { AppPart } from '../../core/preview/app-part.ts';
import type { Story } from '../../core/promotion/body.ts';
import type { PromotableStage } from './promotable-stage.ts';

export type StagePlan = {
  /** Equal for equal plans, whatever time they were made at; another when anything that would be written is. */
  readonly digest: string;
  readonly changes: readonly AppPart[];
  readonly unknown: Story['unknown'];
  /** What API servers would not take. */
  readonly refused: readonly string[];
};

export type PlanAsk = {
  readonly stage: PromotableStage;
  readonly to: CommitSha;
  /** The head with all of it done, as a commit on a branch of ours. */
  readonly proposed: () => Promise<CommitSha>;
};

/** Looks at the clusters and writes nothing. Errors: FaultError, when the revision is not to be had. */
export type PlanStage = (ask: PlanAsk, signal: AbortSignal) => Promise<StagePlan>;

/** What is known, and told, of one pinned stage. */
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { GateLine } from '../../core/promotion/body.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import type { PinnedStage } from './pinned-stage.ts';

/** How it is with one pinned stage. */
export type PromotionState = {
  readonly repository: RepositoryId;
  readonly placement: string;
  readonly stage: string;
  readonly policy: 'Newest' | 'Queue' | 'Pinned';
  readonly merge: 'Manual' | 'Automatic';
  readonly pin: CommitSha | undefined;
  /** Where it is to go next, and back; undefined when nowhere. */
  readonly to: CommitSha | undefined;
  readonly isRevert: boolean;
  readonly pullRequest: Pick<PullRequest, 'number' | 'state' | 'url'> | undefined;
  readonly gates: readonly GateLine[];
  /** For people: what happens next, or why nothing does. */
  readonly message: string;
};

/** Before it was looked at. */
export function blankState({ of, here, stage, pin }: PinnedStage): PromotionState {
  const { policy = 'Newest', merge = 'Manual' } = here.promotion ?? {};
  return {
    repository: of.repository,
    placement: of.id,
    stage,
    policy,
    merge,
    pin: pin?.revision,
    to: undefined,
    isRevert: false,
    pullRequest: undefined,
    gates: [],
    message: '',
  };
}

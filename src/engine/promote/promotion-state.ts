/** What is known, and told, of one stage that something is promoted to. */
import type { AppId, CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { GateLine } from '../../core/promotion/body.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import type { PromotableStage } from './promotable-stage.ts';

/** How it is with one stage. */
export type PromotionState = {
  readonly repository: RepositoryId;
  readonly placement: string;
  readonly stage: string;
  readonly policy: 'Newest' | 'Queue' | 'Pinned';
  readonly merge: 'Manual' | 'Automatic';
  /** Of a pinned stage. */
  readonly pin: CommitSha | undefined;
  /** The folder that is copied into, of one that is not. */
  readonly folder: string | undefined;
  /** Where it is to go next, and back; undefined when nowhere. */
  readonly to: CommitSha | undefined;
  readonly isRevert: boolean;
  readonly pullRequest: Pick<PullRequest, 'number' | 'state' | 'url'> | undefined;
  readonly gates: readonly GateLine[];
  /** For people: what happens next, or why nothing does. */
  readonly message: string;
  /** What the status of its Apps is to say: that it is a person's turn, where no pull request does, or what one merged unseen. */
  readonly advice?: { readonly apps: readonly AppId[]; readonly text: string };
};

/** Before it was looked at. */
export function blankState(promotable: PromotableStage): PromotionState {
  const { of, here, stage } = promotable;
  const { policy = 'Newest', merge = 'Manual' } = here.promotion ?? {};
  return {
    repository: of.repository,
    placement: of.id,
    stage,
    policy,
    merge,
    pin: promotable.kind === 'pin' ? promotable.pin?.revision : undefined,
    folder: promotable.kind === 'copy' ? promotable.copy.to : undefined,
    to: undefined,
    isRevert: false,
    pullRequest: undefined,
    gates: [],
    message: '',
  };
}

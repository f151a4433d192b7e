/** The way of an App through its stages, as programs and pages are told of it. */
import type { PromotedStage, PromotionLook } from '../../engine/look/promotion.ts';
import type { PromotionState } from '../../engine/promote/promotion-state.ts';
import { type PinAnswer, pinAnswer, type StageAnswer, stateParts } from './app-answer.ts';

export type PromotedStageAnswer = Pick<StageAnswer, 'bypassed' | 'gates' | 'gatesFor' | 'reason'> & {
  readonly name: string;
  readonly revision: PromotedStage['revision'];
  readonly pin: PinAnswer | null;
  readonly state: StageAnswer['state'];
  /** Of a pinned stage: where its pin goes next, and how; null until it was looked at. */
  readonly move: MoveAnswer | null;
  readonly clusters: number;
  readonly runs: PromotedStage['runs'];
};

export type MoveAnswer = {
  readonly policy: PromotionState['policy'];
  readonly merge: PromotionState['merge'];
  readonly to: string | null;
  /** Back to what was good. */
  readonly revert: boolean;
  readonly pullRequest: { readonly number: number; readonly state: string; readonly url: string } | null;
  /** What happens next, or why nothing does. */
  readonly message: string;
};

export type PromotionAnswer = {
  readonly app: string;
  readonly repository: string;
  readonly placement: string;
  readonly head: string | null;
  readonly stages: readonly PromotedStageAnswer[];
};

export const promotionAnswer = (
  { app, placement, head, stages }: PromotionLook,
  moves: readonly PromotionState[],
): PromotionAnswer => ({
  app,
  repository: placement.repository,
  placement: placement.id,
  head: head ?? null,
  stages: stages.map(({ name, revision, pin, state, clusters, runs }) => ({
    name,
    revision,
    pin: pinAnswer(pin),
    state: state?.state ?? 'unknown',
    ...stateParts(state),
    move: moveAnswer(
      moves.find(
        (each) => each.repository === placement.repository && each.placement === placement.id && each.stage === name,
      ),
    ),
    clusters,
    runs,
  })),
});

function moveAnswer(state: PromotionState | undefined): MoveAnswer | null {
  if (state === undefined) return null;
  const { policy, merge, to, isRevert, pullRequest, message } = state;
  return {
    policy,
    merge,
    to: to ?? null,
    revert: isRevert,
    pullRequest:
      pullRequest === undefined ? null : { number: pullRequest.number, state: pullRequest.state, url: pullRequest.url },
    message,
  };
}

/** The way of an App through its stages, as programs and pages are told of it. */
import type { PromotedStage, PromotionLook } from '../../engine/look/promotion.ts';
import { type PinAnswer, pinAnswer, type StageAnswer } from './app-answer.ts';

export type PromotedStageAnswer = {
  readonly name: string;
  readonly revision: PromotedStage['revision'];
  readonly pin: PinAnswer | null;
  readonly state: StageAnswer['state'];
  readonly reason?: string;
  readonly clusters: number;
  readonly runs: PromotedStage['runs'];
};

export type PromotionAnswer = {
  readonly app: string;
  readonly repository: string;
  readonly placement: string;
  readonly head: string | null;
  readonly stages: readonly PromotedStageAnswer[];
};

export const promotionAnswer = ({ app, placement, head, stages }: PromotionLook): PromotionAnswer => ({
  app,
  repository: placement.repository,
  placement: placement.id,
  head: head ?? null,
  stages: stages.map(({ name, revision, pin, state, clusters, runs }) => ({
    name,
    revision,
    pin: pinAnswer(pin),
    state: state?.state ?? 'unknown',
    ...(state?.reason === undefined ? {} : { reason: state.reason }),
    clusters,
    runs,
  })),
});

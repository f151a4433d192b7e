/** What the clusters of a stage that something is promoted to say of a content: why it failed, whether it was good. */
import type { CommitSha } from '../../core/model/id.ts';
import type { Placement, Stage } from '../../core/model/placement.ts';
import { failureOf, hasProved, isRequired } from '../../core/rollout/evidence.ts';
import type { StageState } from '../../core/rollout/stage.ts';
import type { Content } from './contents.ts';
import type { PromoteView } from './promotable-stage.ts';
import { evidencesIn } from './proof.ts';

export type FactsInput = {
  readonly steering: PromoteView;
  readonly stagesOf: (app: Placement['apps'][number]) => readonly StageState[];
  readonly head: CommitSha;
};

/** Why the stage stopped, when it was at this content that it did. */
export function failureIn(
  { apps }: Placement,
  stage: Stage,
  content: Content,
  { steering: input, stagesOf }: Pick<FactsInput, 'stagesOf' | 'steering'>,
): string | undefined {
  for (const app of apps) {
    const state = stagesOf(app).find((each) => each.stage === stage.name);
    if (state?.state !== 'stopped') continue;
    const intent = content.apps.get(app);
    const isItsFault = evidencesIn(app, stage, input).some(
      (cell) => cell.aim?.intent === intent && failureOf(cell, stage.progressDeadlineMs, input.nowMs) !== undefined,
    );
    if (isItsFault) return `${app}: ${state.reason ?? 'stopped'}`;
  }
  return undefined;
}

/** Was it good there, for every App and on every cluster that counts? */
export function isGoodIn({ apps }: Placement, stage: Stage, content: Content, input: PromoteView): boolean {
  return apps.every((app) => {
    const intent = content.apps.get(app);
    const required = evidencesIn(app, stage, input).filter(isRequired);
    return intent !== undefined && required.every((cell) => hasProved(cell, intent, stage.soakMs, input.nowMs));
  });
}

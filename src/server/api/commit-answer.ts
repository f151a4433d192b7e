/** A commit as programs and pages are told of it: what `explain` says, and the statuses that were written. */

import type { Explained } from '../../engine/plan/explain.ts';
import type { Step, StepTone } from '../../engine/plan/step.ts';
import type { ToldStatus } from '../../engine/publish/told.ts';
import type { CommitInfo } from '../../seam/git.ts';
import { timeOrNull, timeText } from './cell-answer.ts';

/** `step` is one word and what it is about: `apply shop/web@eu-1`. */
export type StepAnswer = {
  readonly step: string;
  readonly at: string | null;
  readonly result: string;
  readonly reason?: string;
  readonly tone: StepTone;
  readonly subject?: string;
};

export type StatusAnswer = {
  readonly sink: string;
  readonly context: string;
  /** What the commit says now; null: nothing was told yet. */
  readonly state: string | null;
  readonly text: string | null;
  readonly at: string | null;
  /** What it will say next. */
  readonly next?: { readonly state: string; readonly text: string };
  readonly details: readonly string[];
};

export type CommitHeadAnswer = {
  readonly repository: string;
  readonly commit: string;
  readonly parents: readonly string[];
  readonly subject: string | null;
  readonly author: string | null;
  readonly at: string | null;
};

export type CommitAnswer = CommitHeadAnswer & {
  readonly steps: readonly StepAnswer[];
  readonly statuses: readonly StatusAnswer[];
  /** Why the statuses are not known. */
  readonly trouble?: string;
};

export const commitHead = (repository: string, commit: string, info: CommitInfo | undefined): CommitHeadAnswer => ({
  repository,
  commit,
  parents: info?.parents ?? [],
  subject: info?.subject ?? null,
  author: info?.author ?? null,
  at: info === undefined ? null : timeText(info.committedAtMs),
});

export const stepAnswers = ({ steps }: Explained): readonly StepAnswer[] => steps.map(stepAnswer);

const stepAnswer = ({ step, subject, atMs, result, reason, tone }: Step): StepAnswer => ({
  step: subject === undefined ? step : `${step} ${subject}`,
  at: timeOrNull(atMs),
  result,
  ...(reason === undefined ? {} : { reason }),
  tone,
  ...(subject === undefined ? {} : { subject }),
});

export const statusAnswer = ({ sink, context, told, toldAtMs, next, details }: ToldStatus): StatusAnswer => ({
  sink,
  context,
  state: told?.state ?? null,
  text: told?.text ?? null,
  at: timeOrNull(toldAtMs),
  ...(next === undefined ? {} : { next }),
  details,
});

/** The plans of open pull requests, as programs and pages are told of them. */
import type { ShownPlan } from '../../engine/preview/shown-plans.ts';
import { timeText } from './cell-answer.ts';

export type PlanHeadAnswer = {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  /** Null: it is being planned. `text`: counts first, what is wrong last. */
  readonly status: { readonly state: string; readonly text: string; readonly at: string; readonly head: string } | null;
};

export type PlanAnswer = PlanHeadAnswer & {
  /** Markdown without HTML; empty where there is no plan. */
  readonly summary: string;
  /** Of the one App that was asked for, or of all. `title` and `body` are Markdown without HTML. */
  readonly parts: readonly { readonly app: string; readonly title: string; readonly body: string }[];
};

export const planHead = ({ repository, request, plan }: ShownPlan): PlanHeadAnswer => ({
  repository,
  number: request.number,
  title: request.title,
  url: request.url,
  branch: request.head.branch,
  base: request.base,
  head: request.head.commit,
  status: plan === undefined ? null : { ...plan.text.status, at: timeText(plan.atMs), head: plan.head },
});

export const planAnswer = (shown: ShownPlan, app: string | undefined): PlanAnswer => ({
  ...planHead(shown),
  summary: shown.plan?.text.summary ?? '',
  parts: shown.plan?.text.parts.filter((part) => app === undefined || part.app === app) ?? [],
});

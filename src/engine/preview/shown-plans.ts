/** The newest plan of each open pull request, as text, for whoever looks. */
import type { RepositoryId } from '../../core/model/id.ts';
import type { PlanText } from '../../core/preview/plan-text.ts';
import type { PullRequest } from '../../seam/pull-request.ts';

export type ShownPlan = {
  readonly repository: RepositoryId;
  readonly request: PullRequest;
  /** Undefined: it is being planned, or was so long ago that the text is not kept. */
  readonly plan: { readonly text: PlanText; readonly head: string; readonly atMs: number } | undefined;
};

/** Texts that are kept; a large one is some megabytes. */
const textsMax = 20;

export class ShownPlans {
  readonly #repository: RepositoryId;
  #open: readonly PullRequest[] = [];
  /** By number, the one that was made last at the end. */
  readonly #plans = new Map<number, NonNullable<ShownPlan['plan']>>();

  constructor(repository: RepositoryId) {
    this.#repository = repository;
  }

  /** Forgets all others. */
  take(open: readonly PullRequest[]): void {
    this.#open = open;
    const numbers = new Set(open.map(({ number }) => number));
    for (const number of [...this.#plans.keys()]) if (!numbers.has(number)) this.#plans.delete(number);
  }

  note({ number, head }: PullRequest, text: PlanText, atMs: number): void {
    this.#plans.delete(number);
    this.#plans.set(number, { text, head: head.commit, atMs });
    for (const oldest of [...this.#plans.keys()].slice(0, -textsMax)) this.#plans.delete(oldest);
  }

  /** Shape: the newest pull request first. */
  all(): readonly ShownPlan[] {
    return this.#open
      .toSorted((a, b) => b.number - a.number)
      .map((request) => ({ repository: this.#repository, request, plan: this.#plans.get(request.number) }));
  }
}

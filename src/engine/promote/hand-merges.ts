/** Whether people have merged what a pull request showed: whoever merges by hand may be quicker than a text is brought up to date. */
import type { CommitSha } from '../../core/model/id.ts';
import type { Offer } from '../../core/promotion/step.ts';
import { branchOf, type Subject } from '../../core/promotion/subject.ts';
import { parseTrailer } from '../../core/promotion/trailer.ts';
import type { PullRequest } from '../../seam/pull-request.ts';
import type { Requests } from './requests.ts';

type Last = {
  readonly number: number | undefined;
  readonly to: CommitSha;
  /** The last that was made. */
  readonly plan: string;
};

/**
 * What is known of the plan of one stage's pull request, and what has to be said of its merge.
 *
 * Known of what this process has seen: a merge from before it began is told nothing of.
 */
export class HandMerges {
  /** By branch: what its open pull request should show. */
  readonly #last = new Map<string, Last>();
  readonly #said = new Map<string, { readonly to: CommitSha; readonly text: string }>();

  /** An open pull request, or one that is about to be, should show this. */
  note(branch: string, number: number | undefined, { trailer }: Pick<Offer, 'trailer'>): void {
    this.#last.set(branch, { number, to: trailer.to, plan: trailer.plan });
  }

  /** Landfall itself has merged it, and that it does only with the plan that is shown. */
  forget(branch: string): void {
    this.#last.delete(branch);
  }

  /** What is to be said of the merge that brought the pin to where it is; undefined when nothing. Errors: FaultError. */
  async saidOf(
    stage: Subject,
    pin: CommitSha | undefined,
    requests: Requests | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const branch = branchOf(stage);
    const last = this.#last.get(branch);
    if (requests !== undefined && last !== undefined && last.to === pin) {
      const pull = await requests.newest(stage, signal);
      this.#last.delete(branch);
      if (pull?.number === last.number && pull?.state === 'merged') this.#judge(branch, last, pull);
    }
    const known = this.#said.get(branch);
    if (known?.to === pin) return known?.text;
    this.#said.delete(branch);
    return undefined;
  }

  #judge(branch: string, { to, plan }: Last, { number, body }: PullRequest): void {
    const shown = parseTrailer(body);
    if (shown?.plan === plan && shown.to === to) return;
    this.#said.set(branch, { to, text: `#${number} was merged with a plan that it did not show` });
  }
}

/** The pull requests that are ours, as the forge has them: asked for seldom, and counted where they cost something. */
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Markup } from '../../core/model/markdown.ts';
import type { Request } from '../../core/promotion/aim.ts';
import type { Offer } from '../../core/promotion/step.ts';
import { branchOf, type Subject, subjectOf } from '../../core/promotion/subject.ts';
import { formatTrailer, parseTrailer } from '../../core/promotion/trailer.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Merged, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import type { Budget } from '../publish/budget.ts';

export type RequestsDeps = {
  readonly forge: PullRequests;
  readonly budget: Pick<Budget, 'left' | 'restMs' | 'settings' | 'spend'>;
  readonly clock: Clock;
  /** What pull requests link to. */
  readonly page?: string | undefined;
};

/** What people do is seen after so long; a webhook brings it forward. */
const staleMs = 60_000;

/** Left for statuses, which say that something is wrong. */
const reserve = 5;

export class Requests {
  readonly #deps: RequestsDeps;
  readonly #base: string;
  #open: { readonly atMs: number; readonly byBranch: ReadonlyMap<string, PullRequest> } | undefined;
  /** The newest of branches that have none that is open. */
  readonly #past = new Map<string, { readonly atMs: number; readonly request: PullRequest | undefined }>();

  constructor(base: string, deps: RequestsDeps) {
    this.#base = base;
    this.#deps = deps;
  }

  get bodyMax(): number {
    return this.#deps.forge.bodyMax;
  }

  get markup(): Markup {
    return this.#deps.forge.markup;
  }

  /** Of all promotions; undefined where there is none to show. */
  get page(): string | undefined {
    return this.#deps.page;
  }

  /** When the forge is asked again. */
  get staleAtMs(): number {
    return (this.#open?.atMs ?? this.#deps.clock.nowMs()) + staleMs;
  }

  /** Something has happened there: it is asked anew. */
  forget(): void {
    this.#open = undefined;
    this.#past.clear();
  }

  /** All of ours that are open. Errors: FaultError. */
  async open(signal: AbortSignal): Promise<ReadonlyMap<string, PullRequest>> {
    const { forge, clock } = this.#deps;
    const known = this.#open;
    if (known !== undefined && clock.nowMs() < known.atMs + staleMs) return known.byBranch;
    this.#refuseWhileResting();
    const all = await forge.open(this.#base, signal);
    const ours = all.filter(({ head }) => !head.isForeign && subjectOf(head.branch) !== undefined);
    // The oldest counts: there should be no other.
    const byBranch = new Map(ours.toReversed().map((each) => [each.head.branch, each] as const));
    for (const branch of byBranch.keys()) this.#past.delete(branch);
    this.#open = { atMs: clock.nowMs(), byBranch };
    return byBranch;
  }

  /** The newest of a branch, open or not. Errors: FaultError. */
  async newest(subject: Subject, signal: AbortSignal): Promise<PullRequest | undefined> {
    const { forge, clock } = this.#deps;
    const branch = branchOf(subject);
    const open = (await this.open(signal)).get(branch);
    if (open !== undefined) return open;
    const known = this.#past.get(branch);
    if (known !== undefined && clock.nowMs() < known.atMs + staleMs) return known.request;
    this.#refuseWhileResting();
    const request = await forge.from(branch, this.#base, signal);
    this.#past.set(branch, { atMs: clock.nowMs(), request });
    return request;
  }

  /** Errors: FaultError; `throttled` when the credential has nothing left for it. */
  async create(subject: Subject, { title, body }: Offer, signal: AbortSignal): Promise<PullRequest> {
    this.#pay();
    const branch = branchOf(subject);
    try {
      return await this.#deps.forge.create({ branch, base: this.#base, title, body }, signal);
    } finally {
      this.forget();
    }
  }

  async edit(number: number, { title, body }: Offer, signal: AbortSignal): Promise<void> {
    this.#pay();
    try {
      await this.#refuseUnlessOpen(number, signal);
      await this.#deps.forge.edit(number, { title, body }, signal);
    } finally {
      this.forget();
    }
  }

  /** Says in its text that it was us, so that it may come again. */
  async withdraw({ number, body, trailer }: Request, reason: string, signal: AbortSignal): Promise<void> {
    this.#pay();
    const last = trailer === undefined ? '' : `\n\n${formatTrailer({ ...trailer, isWithdrawn: true })}`;
    const above =
      trailer === undefined
        ? body
        : body
            .replaceAll('\r\n', '\n')
            .trimEnd()
            .replace(/(?:\nLandfall-[^\n]*)+$/, '');
    const text = `${above.trimEnd()}\n\nClosed by Landfall: ${reason}.${last}\n`;
    try {
      await this.#refuseUnlessOpen(number, signal);
      const fitting = text.length <= this.bodyMax ? { body: text } : {};
      await this.#deps.forge.edit(number, { ...fitting, state: 'closed' }, signal);
    } finally {
      this.forget();
    }
  }

  async merge(number: number, head: CommitSha, message: string, signal: AbortSignal): Promise<Merged> {
    this.#pay();
    try {
      return await this.#deps.forge.merge(number, { head, message }, signal);
    } finally {
      this.forget();
    }
  }

  /** What a person has merged or closed meanwhile says for ever what it said then. */
  async #refuseUnlessOpen(number: number, signal: AbortSignal): Promise<void> {
    const now = await this.#deps.forge.get(number, signal);
    if (now?.state !== 'open') throw new FaultError({ kind: 'stale', detail: `#${number} is not open any more` });
  }

  #refuseWhileResting(): void {
    const { restMs } = this.#deps.budget;
    if (restMs !== undefined)
      throw new FaultError({ kind: 'throttled', detail: 'the forge wants to rest', retryAfterMs: restMs });
  }

  #pay(): void {
    const { budget } = this.#deps;
    this.#refuseWhileResting();
    const kept = Math.min(reserve, Math.floor(budget.settings.burst / 4));
    if (budget.left <= kept)
      throw new FaultError({ kind: 'throttled', detail: 'this hour’s writes are spent', retryAfterMs: staleMs });
    budget.spend();
  }
}

/** `isMergeSeen`: what it was merged as is part of what was read. */
export const requestOf = (pull: PullRequest, isMergeSeen: boolean): Request => ({
  number: pull.number,
  state: pull.state,
  title: pull.title,
  body: pull.body,
  head: pull.head.commit,
  trailer: parseTrailer(pull.body),
  isMergeSeen,
});

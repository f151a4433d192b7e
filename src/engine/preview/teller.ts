/** Tells a forge of plans: one status of the head, one comment and its further pages; nothing twice, nothing beyond the budget. */
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import { type CommentOwner, commentsOf, markOf, unusedComment } from '../../core/preview/comment.ts';
import type { Outcome } from '../../core/preview/preview.ts';
import { statusOfPreview } from '../../core/preview/tally.ts';
import { subjectOf } from '../../core/promotion/subject.ts';
import { parseTrailer } from '../../core/promotion/trailer.ts';
import { planContext } from '../../core/report/context.ts';
import { type Told, textMax } from '../../core/report/status.ts';
import type { Forge } from '../../edge/forge/forge.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Comment, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import type { Budget } from '../publish/budget.ts';

export type TellerDeps = {
  readonly statuses: Pick<Forge, 'post' | 'read'>;
  readonly pullRequests: Pick<PullRequests, 'bodyMax' | 'comment' | 'comments' | 'editComment' | 'markup'>;
  /** What the credential may still write; statuses of the branch spend it too. */
  readonly budget: Budget;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The address of the page of a plan; undefined where there is none. */
  readonly pageOf?: ((pullRequest: number) => string) | undefined;
};

/** How much of a full budget stays for what is more important. */
const reserves = { failure: 0, end: 0.1, comment: 0.2, beginning: 0.5 } as const;

/** Heads whose status is remembered. */
const knownMax = 500;

export class Teller {
  readonly #owner: CommentOwner;
  readonly #deps: TellerDeps;
  /** What the forge has of a head; undefined: nothing. Absent: it is to be asked. */
  readonly #told = new Map<CommitSha, Told | undefined>();
  #turn: Promise<void> = Promise.resolve();

  constructor(owner: CommentOwner, deps: TellerDeps) {
    this.#owner = owner;
    this.#deps = deps;
  }

  /** Says that a head is being planned, where nothing was said of it and there is enough left. Errors: FaultError. */
  begin({ head: { commit: head }, number }: PullRequest, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      if ((await this.#statusOf(head, signal)) !== undefined || !this.#has(reserves.beginning)) return;
      const url = this.#deps.pageOf?.(number);
      await this.#post(head, { state: 'pending', text: 'is being planned', url }, signal);
    });
  }

  /** How long until a plan could be told; 0 when it can be. Units: milliseconds. */
  get roomInMs(): number {
    const { budget, clock } = this.#deps;
    if (budget.restMs !== undefined) return budget.restMs;
    return this.#has(reserves.comment) ? 0 : Math.max(1, budget.atMsOf(this.#wanted(reserves.comment)) - clock.nowMs());
  }

  /** Errors: FaultError, when something of it is still to be told. */
  async tell(request: PullRequest, outcome: Outcome, signal: AbortSignal): Promise<void> {
    const { bodyMax, markup } = this.#deps.pullRequests;
    const pageURL = this.#deps.pageOf?.(request.number);
    const bodies = commentsOf(outcome, this.#owner, { bodyMax, markup, pageURL });
    await this.#comment(request.number, bodies, isSilent(outcome) || isOwn(request), signal);
    const { state, text } = statusOfPreview(outcome, textMax);
    await this.#inTurn(async () => {
      const before = await this.#statusOf(request.head.commit, signal);
      if (before?.state === state && before.text === text) return;
      this.#need(state === 'success' ? reserves.end : reserves.failure);
      await this.#post(request.head.commit, { state, text, url: pageURL }, signal);
    });
  }

  /** One status at a time, so that a slow beginning never comes after the end. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #statusOf(head: CommitSha, signal: AbortSignal): Promise<Told | undefined> {
    if (this.#told.has(head)) return this.#told.get(head);
    this.#listen();
    const all = await this.#deps.statuses.read(head, signal);
    const ours = all.find(({ name }) => name === planContext);
    this.#remember(head, ours === undefined ? undefined : { state: ours.state, text: ours.text });
    return this.#told.get(head);
  }

  async #post(
    head: CommitSha,
    status: Told & { readonly url: string | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const { state, text } = status;
    this.#deps.budget.spend();
    // Whether it arrives is not known until there is an answer.
    this.#told.delete(head);
    await this.#deps.statuses.post(head, { name: planContext, ...status }, signal);
    this.#remember(head, { state, text });
  }

  #remember(head: CommitSha, told: Told | undefined): void {
    this.#told.delete(head);
    this.#told.set(head, told);
    for (const oldest of [...this.#told.keys()].slice(0, -knownMax)) this.#told.delete(oldest);
  }

  /** `isSilent`: nothing is worth a first comment, but one that is there must be true. */
  async #comment(number: number, bodies: readonly string[], isSilent: boolean, signal: AbortSignal): Promise<void> {
    const { pullRequests } = this.#deps;
    this.#listen();
    const pages = this.#pagesIn(await pullRequests.comments(number, signal));
    if (isSilent && pages.size === 0) return;
    const unused = [...pages.keys()].filter((page) => page > bodies.length);
    const wanted = [
      ...bodies.map((body, index) => [index + 1, body] as const),
      ...unused.map((page) => [page, unusedComment(this.#owner, page, pullRequests.markup)] as const),
    ];
    for (const [page, body] of wanted) {
      const there = pages.get(page);
      if (there !== undefined && isSame(there.body, body)) continue;
      this.#need(reserves.comment);
      this.#deps.budget.spend();
      if (there === undefined) await pullRequests.comment(number, body, signal);
      else await pullRequests.editComment(number, there.id, body, signal);
    }
  }

  /** Shape: the oldest of each page; a mark in what others wrote is no mark. */
  #pagesIn(comments: readonly Comment[]): ReadonlyMap<number, Comment> {
    const ours = comments.filter(({ isOurs }) => isOurs);
    const pages = new Map<number, Comment>();
    for (let page = 1; page <= pagesMax; page++) {
      // What an older Landfall wrote may begin in the other way.
      const marks = markups.map((markup) => markOf(this.#owner, page, markup).trimEnd());
      const found = ours.find(({ body }) => marks.some((mark) => body.trimStart().startsWith(mark)));
      if (found !== undefined) pages.set(page, found);
    }
    return pages;
  }

  /** Errors: throttled, while the forge wants to hear nothing. */
  #listen(): void {
    const { restMs } = this.#deps.budget;
    if (restMs !== undefined)
      throw new FaultError({ kind: 'throttled', detail: 'the forge rests', retryAfterMs: restMs });
  }

  #has(reserve: number): boolean {
    return this.#deps.budget.left >= this.#wanted(reserve);
  }

  #wanted(reserve: number): number {
    return Math.floor(reserve * this.#deps.budget.settings.burst) + 1;
  }

  /** Errors: throttled, until there is enough left. */
  #need(reserve: number): void {
    const { budget, clock } = this.#deps;
    if (this.#has(reserve)) return;
    const retryAfterMs = Math.max(1, budget.atMsOf(this.#wanted(reserve)) - clock.nowMs());
    throw new FaultError({ kind: 'throttled', detail: 'nothing is left of what may be written now', retryAfterMs });
  }
}

const pagesMax = 20;
const markups = ['html', 'plain'] as const;

/** Forges keep line ends and blanks at the end as they like. */
const isSame = (a: string, b: string): boolean => a.replaceAll('\r\n', '\n').trim() === b.trim();

/** A promotion's text shows its plan already, and is kept up to date by who has opened it. */
const isOwn = ({ head, body }: PullRequest): boolean =>
  !head.isForeign && subjectOf(head.branch) !== undefined && parseTrailer(body) !== undefined;

/** A change of something else than manifests concerns no cluster; its status says so, and that is enough. */
function isSilent(outcome: Outcome): boolean {
  if (outcome.kind !== 'planned') return false;
  const { cells, turns, diagnostics, leaving, held } = outcome.preview;
  return [cells, turns, diagnostics, leaving, held].every(({ length }) => length === 0);
}

/** Tells one sink about the commits of one repository: one writer, one word at a time. */
import type { CommitSha } from '../../core/model/id.ts';
import {
  type Book,
  emptyBook,
  type Page,
  pagesNeeded,
  tidied,
  withAllPosted,
  withPage,
  withWishes,
} from '../../core/report/book.ts';
import type { Context } from '../../core/report/context.ts';
import { journalOf } from '../../core/report/journal.ts';
import type { Look } from '../../core/report/look.ts';
import { type CommitReport, dueOf, type Pace } from '../../core/report/pace.ts';
import { withoutTold, withPassed, withUnread } from '../../core/report/passed.ts';
import { turn } from '../../core/report/turn.ts';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { GitRepository } from '../../seam/git.ts';
import type { Revision } from '../reviser.ts';
import type { RepositorySettings } from '../source/repository.ts';
import type { EngineView } from './facts.ts';
import { type OlderCommits, passedOver } from './older.ts';
import type { StatusSink } from './sink.ts';
import type { Truth } from './truth.ts';

export type PublishedRepository = {
  readonly git: Pick<GitRepository, 'history'>;
  readonly settings: Pick<RepositorySettings, 'timeoutMs'>;
};

export type PublisherDeps = {
  readonly engine: Pick<EngineView, 'revision'>;
  readonly truth: Pick<Truth, 'look' | 'endsAtMs'>;
  readonly older: Pick<OlderCommits, 'passed' | 'viewOf'>;
  readonly clock: Clock;
};

export type Round = {
  /** How much news the sink was told. */
  readonly told: number;
  /** When to begin another one if nothing happens before; undefined: never. */
  readonly nextAtMs: number | undefined;
};

/** Commits of which it is remembered what was told, for whoever looks. */
const rememberedMax = 200;

/** Between two writes that nobody waits for. */
const gapMs = 3_000;

export class Publisher {
  readonly #repository: PublishedRepository;
  readonly #sink: StatusSink;
  readonly #deps: PublisherDeps;
  readonly #remembered = new Map<CommitSha, Page>();
  #book: Book = emptyBook;
  #isRecalled = false;
  /** The head that was seen first, while the sink could not yet be asked where the process before left off. */
  #firstHead: CommitSha | undefined;
  #lastMs: number | undefined;
  /** When the sink takes what it has left for later; what is due meanwhile it is offered all the same. */
  #againAtMs: number | undefined;

  constructor(repository: PublishedRepository, sink: StatusSink, deps: PublisherDeps) {
    this.#repository = repository;
    this.#sink = sink;
    this.#deps = deps;
  }

  /** The newest head that is being told of. */
  get head(): CommitSha | undefined {
    return this.#book.head;
  }

  get sink(): StatusSink {
    return this.#sink;
  }

  /** What there is to say of a commit, and what of it was told. Shape: undefined when it is not remembered. */
  pageOf(commit: CommitSha): Page | undefined {
    return this.#book.pages.get(commit) ?? this.#remembered.get(commit);
  }

  /**
   * Looks once, and tells what is due.
   *
   * Shape: `isHurried` tells at once what would otherwise wait to go together with more.
   * Errors: FaultError, when the sink or the repository does not answer; the next round does what this one could not.
   */
  async round(isHurried: boolean, signal: AbortSignal): Promise<Round> {
    const { clock, truth } = this.#deps;
    using deadline = deadlineOf(clock, this.#repository.settings.timeoutMs, signal);
    const seen = truth.look();
    if (seen === undefined) return { told: 0, nextAtMs: undefined };
    this.#firstHead ??= seen.head;
    await this.#recall(seen, deadline.signal);
    const revision = await this.#gather(seen, deadline.signal);
    // What is told must be true now, not when the sink was asked what it knows.
    const look = truth.look();
    const isNewest = look?.head === seen.head && this.#isStill(revision) && pagesNeeded(this.#book, look).length === 0;
    if (look === undefined || !isNewest) return { told: 0, nextAtMs: clock.nowMs() };
    this.#book = turn(this.#book, look, clock.nowMs());
    const pace = { gapMs: isHurried ? 0 : gapMs, refreshMs: this.#sink.refreshMs };
    const told = await this.#tell(pace, deadline.signal);
    await this.#lookBack(deadline.signal);
    return { told, nextAtMs: this.#nextAtMs(pace) };
  }

  /** Begins where the process before left off; where there was none, with the first head that this one saw. */
  async #recall(seen: Look, signal: AbortSignal): Promise<void> {
    if (this.#isRecalled) return;
    const journal = await this.#sink.recall(signal);
    if (journal !== undefined) {
      const { head, open, passed } = journal;
      const told = await this.#sink.read([...new Set([head, ...open, ...passed])], signal);
      const nowMs = this.#deps.clock.nowMs();
      const book = [...told].reduce((all, [commit, each]) => withPage(all, commit, each, nowMs), emptyBook);
      // Nothing was told of a commit that is open: nobody had looked at it yet.
      this.#book = {
        ...withUnread(book, [...passed, ...open.filter((commit) => !told.has(commit))]),
        head,
      };
    } else if (this.#firstHead !== undefined && this.#firstHead !== seen.head)
      this.#book = { ...withUnread(emptyBook, [this.#firstHead]), head: this.#firstHead };
    this.#isRecalled = true;
  }

  /**
   * Finds out what has to be known before a look can be entered: what was said of its commits, which commits were passed
   * over, and what the head before wanted.
   *
   * Shape: what it was compared in, where something was.
   */
  async #gather(look: Look, signal: AbortSignal): Promise<Revision | undefined> {
    const before = this.#book.head;
    const isNew = before !== undefined && before !== look.head;
    if (isNew) this.#book = withUnread(this.#book, await passedOver(this.#repository.git, before, look.head, signal));
    const needed = [...pagesNeeded(this.#book, look), ...this.#book.passed].filter(
      (commit) => !this.#book.pages.has(commit),
    );
    if (needed.length > 0) {
      const told = await this.#sink.read(needed, signal);
      const nowMs = this.#deps.clock.nowMs();
      for (const commit of needed) this.#book = withPage(this.#book, commit, told.get(commit) ?? new Map(), nowMs);
      this.#book = withoutTold(this.#book);
    }
    if (!isNew || this.#book.wishes !== undefined) return undefined;
    const { value, revision } = await this.#deps.older.viewOf(before, signal);
    if (value !== undefined) this.#book = withWishes(this.#book, value);
    return revision;
  }

  async #tell(pace: Pace, signal: AbortSignal): Promise<number> {
    const { clock } = this.#deps;
    const nowMs = clock.nowMs();
    const { reports } = dueOf(this.#book, nowMs, this.#lastMs, pace);
    const journal = journalOf(reports.reduce((book, report) => withReport(book, report, nowMs), this.#book));
    if (reports.length === 0 || journal === undefined) return 0;
    const byCommit = new Map(reports.map((report) => [report.commit, report]));
    const arrived = new Map<CommitReport, Set<Context>>(reports.map((report) => [report, new Set()]));
    const onTold = (commit: CommitSha, context: Context): void => {
      const report = byCommit.get(commit);
      if (report !== undefined) arrived.get(report)?.add(context);
    };
    let told = 0;
    try {
      this.#againAtMs = await this.#sink.write({ reports, journal }, onTold, signal);
    } finally {
      for (const [report, contexts] of arrived) {
        told += contexts.intersection(report.changed).size;
        this.#book = withReport(this.#book, report, nowMs, contexts);
      }
    }
    this.#lastMs = nowMs;
    this.#remember(reports.map(({ commit }) => commit));
    this.#book = tidied(this.#book);
    return told;
  }

  #remember(commits: readonly CommitSha[]): void {
    for (const commit of commits) {
      const page = this.#book.pages.get(commit);
      this.#remembered.delete(commit);
      if (page !== undefined) this.#remembered.set(commit, page);
    }
    for (const oldest of [...this.#remembered.keys()].slice(0, -rememberedMax)) this.#remembered.delete(oldest);
  }

  /** Looks at one commit that was passed over; there may be many, and each takes compiling. */
  async #lookBack(signal: AbortSignal): Promise<void> {
    const [commit] = this.#book.passed;
    if (commit === undefined) return;
    const { value, revision } = await this.#deps.older.passed(commit, signal);
    const look = this.#deps.truth.look();
    if (look?.head === this.#book.head && look !== undefined && this.#isStill(revision))
      this.#book = withPassed(this.#book, value, look, this.#deps.clock.nowMs());
  }

  #isStill(revision: Revision | undefined): boolean {
    return revision === undefined || revision === this.#deps.engine.revision;
  }

  #nextAtMs(pace: Pace): number | undefined {
    const { clock, truth } = this.#deps;
    const nowMs = clock.nowMs();
    if (this.#book.passed.length > 0) return nowMs;
    const { reports, nextAtMs } = dueOf(this.#book, nowMs, this.#lastMs, pace);
    if (reports.length > 0) return Math.max(nowMs, this.#againAtMs ?? nowMs);
    const first = Math.min(nextAtMs ?? Number.POSITIVE_INFINITY, truth.endsAtMs);
    return Number.isFinite(first) ? first : undefined;
  }
}

/** The book once a report, or some names of it, were told. */
function withReport(book: Book, report: CommitReport, nowMs: number, only?: ReadonlySet<Context>): Book {
  const { commit, statuses, changed } = report;
  const posted = [...statuses].flatMap(([context, status]) =>
    only === undefined || only.has(context) ? [{ context, status, isNews: changed.has(context) }] : [],
  );
  return withAllPosted(book, commit, posted, nowMs);
}

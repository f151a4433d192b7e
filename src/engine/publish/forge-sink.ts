/** Statuses on a forge: nothing twice, nothing beyond what the credential may post, and nobody waits for it. */
import { longDigestOfText } from '../../core/json/digest.ts';
import { FaultError, type FaultKind } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import { type Context, contextOf, planContext } from '../../core/report/context.ts';
import { formatJournal, type Journal } from '../../core/report/journal.ts';
import { spend, type Telling } from '../../core/report/spend.ts';
import type { Told } from '../../core/report/status.ts';
import type { Forge } from '../../edge/forge/forge.ts';
import type { Budget } from './budget.ts';
import type { JournalKeeper } from './journals.ts';
import type { StatusBatch, StatusSink } from './sink.ts';
import { Trouble } from './trouble.ts';

export type ForgeSinkDeps = {
  readonly forge: Forge;
  readonly budget: Budget;
  readonly journal: JournalKeeper;
  /** Where a person reads more of what is told of a commit. Shape: undefined where nobody may. */
  readonly pageOf: (commit: CommitSha, context: Context) => string | undefined;
};

/** Counts on a forge are looked at by few, and each time is one post. */
const refreshMs = 120_000;

/** What waits for the budget goes a few at a time: each time all that is to be told is gone through. */
const batchMax = 5;

/** After these a status has not arrived, that much is known. */
const refusals: readonly FaultKind[] = ['throttled', 'unauthenticated', 'forbidden', 'missing', 'misconfigured'];

type OnTold = Parameters<StatusSink['write']>[1];

export function forgeSink(deps: ForgeSinkDeps): StatusSink {
  const sink = new ForgeSink(deps);
  const { name, abilities } = deps.forge;
  return {
    name,
    refreshMs: abilities.refreshesPending ? refreshMs : undefined,
    recall: (signal) => deps.journal.recall(signal),
    read: (commits, signal) => sink.read(commits, signal),
    write: (batch, onTold, signal) => sink.write(batch, onTold, signal),
  };
}

class ForgeSink {
  readonly #deps: ForgeSinkDeps;
  /** What the forge has of a commit, by its own names. Absent: it is to be asked before it is told anything. */
  readonly #told = new Map<CommitSha, Map<string, Told>>();
  #kept: string | undefined;

  constructor(deps: ForgeSinkDeps) {
    this.#deps = deps;
  }

  async read(
    commits: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<CommitSha, ReadonlyMap<Context, Told>>> {
    const found = new Map<CommitSha, ReadonlyMap<Context, Told>>();
    let missing: FaultError | undefined;
    let hasAnswered = false;
    for (const commit of commits) {
      try {
        const told = await this.#load(commit, signal);
        hasAnswered = true;
        const ours = [...told]
          .filter(([name]) => isWhole(name) && name !== planContext)
          .map(([name, each]) => [contextOf(name), each] as const);
        if (ours.length > 0) found.set(commit, new Map(ours));
      } catch (error) {
        if (!(error instanceof FaultError) || error.fault.kind !== 'missing') throw error;
        missing = error;
      }
    }
    // One that was pushed over may be gone; when all are, it is the project that is not there.
    if (missing !== undefined && !hasAnswered) throw missing;
    return found;
  }

  async write({ reports, journal }: StatusBatch, onTold: OnTold, signal: AbortSignal): Promise<number | undefined> {
    const { forge, budget } = this.#deps;
    this.#forget(new Set([journal.head, ...journal.open, ...journal.passed, ...reports.map(({ commit }) => commit)]));
    const tellings: Telling[] = [];
    const trouble = new Trouble();
    for (const { commit, statuses, changed } of reports) {
      const told = this.#told.get(commit) ?? (await trouble.guard(() => this.#load(commit, signal), signal));
      if (told === undefined) continue;
      for (const [context, status] of statuses) {
        if (!changed.has(context)) continue;
        const before = told.get(this.#nameOf(context));
        if (isTold(before, status, forge.abilities.refreshesPending)) onTold(commit, context);
        else tellings.push({ commit, context, status, before });
      }
    }
    const { now, later, never, wanted } = spend(tellings, budget.left, budget.settings.burst);
    for (const { commit, context } of never) onTold(commit, context);
    for (const telling of now) {
      const isDone = await trouble.guard(() => this.#post(telling, signal), signal);
      if (isDone === true) onTold(telling.commit, telling.context);
    }
    trouble.end();
    if (later.length > 0) return budget.atMsOf((wanted ?? 1) + Math.min(later.length, batchMax) - 1);
    await this.#keep(journal, signal);
    return undefined;
  }

  async #load(commit: CommitSha, signal: AbortSignal): Promise<ReadonlyMap<string, Told>> {
    const { forge, budget } = this.#deps;
    const { restMs } = budget;
    if (restMs !== undefined)
      throw new FaultError({ kind: 'throttled', detail: `${forge.name} rests`, retryAfterMs: restMs });
    const all = await forge.read(commit, signal);
    const told = new Map(
      all.filter(({ name }) => name.startsWith('landfall/')).map(({ name, state, text }) => [name, { state, text }]),
    );
    this.#told.set(commit, told);
    return told;
  }

  /** Shape: false when what the forge has of the commit has to be asked first. */
  async #post({ commit, context, status }: Telling, signal: AbortSignal): Promise<boolean> {
    const { forge, budget, pageOf } = this.#deps;
    const told = this.#told.get(commit);
    // Whether an earlier one of the commit has arrived is not known.
    if (told === undefined) return false;
    const { state, text, details } = status;
    const name = this.#nameOf(context);
    budget.spend();
    try {
      // That the forge will not take it, now or ever, is an end as well.
      await forge.post(commit, { name, state, text, url: pageOf(commit, context), details }, signal);
      told.set(name, { state, text });
      return true;
    } catch (error) {
      if (!(error instanceof FaultError) || !refusals.includes(error.fault.kind)) this.#told.delete(commit);
      throw error;
    }
  }

  /** The forge has been told, whatever becomes of the journal; the next write tries again to keep it. */
  async #keep(journal: Journal, signal: AbortSignal): Promise<void> {
    const text = formatJournal(journal);
    if (text === this.#kept) return;
    try {
      await this.#deps.journal.keep(journal, signal);
      this.#kept = text;
    } catch (error) {
      // A repository that takes no notes says so to the sink of notes, too, and there it is an operator's business.
      if (!(error instanceof FaultError)) throw error;
    }
  }

  #nameOf(context: Context): string {
    const { nameMax } = this.#deps.forge.abilities;
    return context.length <= nameMax ? context : shortened(context, nameMax);
  }

  #forget(live: ReadonlySet<CommitSha>): void {
    for (const commit of this.#told.keys()) if (!live.has(commit)) this.#told.delete(commit);
  }
}

const digestLength = 10;

const shortened = (context: string, max: number): string =>
  `${context.slice(0, max - digestLength - 1)}~${longDigestOfText(context).slice(-digestLength)}`;

/** A context holds no tilde; what a shortened one was cannot be told from it. */
const isWhole = (name: string): boolean => !name.includes('~');

const isTold = (before: Told | undefined, { state, text }: Told, refreshesPending: boolean): boolean =>
  before?.state === state && (before.text === text || (state === 'pending' && !refreshesPending));

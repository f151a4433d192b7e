/** Follows the open pull requests of one repository, and has them planned one after the other. */
import { FaultError, faultRules } from '../../core/model/fault.ts';
import { planText } from '../../core/preview/plan-text.ts';
import type { Outcome } from '../../core/preview/preview.ts';
import { textMax } from '../../core/report/status.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import type { PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { describeFault, faultOf, stackOf } from '../fault-text.ts';
import { Trouble, waitMsAfter } from '../trouble.ts';
import { Wake } from '../wake.ts';
import type { Previewer } from './previewer.ts';
import type { ShownPlans } from './shown-plans.ts';
import type { Teller } from './teller.ts';
import { type Made, Waiting, type WaitingRequest } from './waiting.ts';

export type LoopSettings = {
  readonly repository: string;
  readonly branch: string;
  /** Those of foreign copies as well: whoever wrote them may not write to the repository. */
  readonly isForeignPlanned: boolean;
};

export type LoopDeps = {
  readonly previewer: Pick<Previewer, 'prepare'>;
  readonly teller: Pick<Teller, 'begin' | 'roomInMs' | 'tell'>;
  readonly pullRequests: Pick<PullRequests, 'open'>;
  readonly shown: Pick<ShownPlans, 'note' | 'take'>;
  /** What a plan is made for, beside the pull request itself: another one may lead to another plan. */
  readonly situation: () => string;
  /** Not now: another Landfall tells, or clusters have not been read yet. */
  readonly isIdle: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

type Making = { readonly outcome: Outcome | undefined; readonly made: Made | undefined };

/** One plan with all that it reads and tries. */
const planMs = 600_000;
/** One look at what is open. */
const listMs = 60_000;
/** What passes by itself is tried so often before anybody hears of it. */
const quietTries = 3;
/** After a plan it rests so many times as long as that took: planning is nobody's first work. */
const restFactor = 1;
const restMaxMs = 30_000;

export class PreviewLoop {
  readonly #settings: LoopSettings;
  readonly #deps: LoopDeps;
  readonly #waiting: Waiting;
  readonly #listing: Wake;
  readonly #planning: Wake;
  readonly #trouble: Trouble;
  #running: { readonly of: WaitingRequest; readonly controller: AbortController } | undefined;

  constructor(settings: LoopSettings, deps: LoopDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#waiting = new Waiting(deps.clock);
    this.#listing = new Wake(deps.clock);
    this.#planning = new Wake(deps.clock);
    this.#trouble = new Trouble(deps.clock);
  }

  /** Looks at what is open soon. */
  stir(): void {
    this.#listing.now();
  }

  /** Until the signal fires. Never rejects: whether anything is planned is nothing to those who work. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#list(signal), this.#plan(signal)]);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { clock, isIdle } = this.#deps;
    while (!signal.aborted) {
      const leftMs = this.#trouble.retryAtMs - clock.nowMs();
      await this.#listing.wait(leftMs > 0 ? leftMs : undefined, signal);
      if (signal.aborted || isIdle() || clock.nowMs() < this.#trouble.retryAtMs) continue;
      try {
        await this.#look(signal);
        this.#recover();
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
      }
    }
    this.#running?.controller.abort(signal.reason);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { pullRequests, clock, shown, situation } = this.#deps;
    const { branch, isForeignPlanned } = this.#settings;
    using deadline = deadlineOf(clock, listMs, signal);
    const open = await pullRequests.open(branch, deadline.signal);
    const wanted = open.filter(({ head }) => isForeignPlanned || !head.isForeign);
    const fresh = this.#waiting.take(wanted, situation());
    shown.take(wanted);
    const { of, controller } = this.#running ?? {};
    if (of !== undefined && !this.#waiting.has(of)) controller?.abort(new FaultError(overtaken));
    this.#planning.now();
    for (const request of fresh) await this.#begin(request, signal);
  }

  async #begin(request: PullRequest, signal: AbortSignal): Promise<void> {
    using deadline = deadlineOf(this.#deps.clock, listMs, signal);
    await this.#deps.teller.begin(request, deadline.signal);
  }

  async #plan(signal: AbortSignal): Promise<void> {
    const { clock, isIdle, teller } = this.#deps;
    while (!signal.aborted) {
      const { roomInMs } = teller;
      const next = isIdle() || roomInMs > 0 ? undefined : this.#waiting.next();
      if (next === undefined) {
        const dueInMs = this.#waiting.dueInMs();
        await this.#planning.wait(isIdle() || dueInMs === undefined ? undefined : Math.max(dueInMs, roomInMs), signal);
        continue;
      }
      const startMs = clock.nowMs();
      await this.#work(next, signal);
      const tookMs = clock.nowMs() - startMs;
      if (tookMs > 0) await this.#planning.wait(Math.min(tookMs * restFactor, restMaxMs), signal);
    }
  }

  async #work(next: WaitingRequest, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const controller = new AbortController();
    this.#running = { of: next, controller };
    using deadline = deadlineOf(clock, planMs, AbortSignal.any([signal, controller.signal]));
    try {
      await this.#planOne(next, deadline.signal);
    } catch (error) {
      if (!signal.aborted && !controller.signal.aborted) this.#putOff(next, error);
    } finally {
      this.#running = undefined;
    }
  }

  async #planOne(next: WaitingRequest, signal: AbortSignal): Promise<void> {
    const { clock, metrics, shown, teller } = this.#deps;
    const startMs = clock.nowMs();
    const { outcome, made } = await this.#make(next, signal);
    metrics.observe('preview_seconds', { repository: this.#settings.repository }, (clock.nowMs() - startMs) / 1000);
    // It may have been closed, or pushed to, while it was planned.
    if (!this.#waiting.has(next)) return;
    if (outcome !== undefined && made !== undefined) this.#waiting.keep(next, { key: made.key, outcome });
    if (outcome !== undefined) shown.note(next.request, planText(outcome, textMax), clock.nowMs());
    if (outcome !== undefined) await teller.tell(next.request, outcome, signal);
    if (made !== undefined) return this.#waiting.done(next, made);
    const detail = outcome?.kind === 'unplanned' ? outcome.reason : 'not planned';
    throw new FaultError({ kind: 'unreachable', detail });
  }

  /** Shape: no outcome where what was told still stands; nothing made where it is to be tried again. Errors: FaultError. */
  async #make(next: WaitingRequest, signal: AbortSignal): Promise<Making> {
    const situation = this.#deps.situation();
    try {
      const prepared = await this.#deps.previewer.prepare(next.request, signal);
      if (!('plan' in prepared)) {
        const key = JSON.stringify(prepared);
        return { outcome: prepared, made: { key, liveKey: () => '', situation } };
      }
      using _ = { [Symbol.dispose]: prepared.close };
      const { key, liveKey } = prepared;
      const made = { key, liveKey, situation };
      if (next.toldKey === key) return { outcome: undefined, made };
      return { outcome: next.untold?.key === key ? next.untold.outcome : await prepared.plan(signal), made };
    } catch (error) {
      signal.throwIfAborted();
      return { outcome: this.#unplanned(next, error), made: undefined };
    }
  }

  /** Errors: the error itself, while there is no need to speak of it. */
  #unplanned(next: WaitingRequest, error: unknown): Outcome {
    const { request, tries } = next;
    const isFault = error instanceof FaultError || error instanceof DeadlineError;
    if (!isFault) this.#noteBug(request, error);
    const fault = isFault ? faultOf(error) : undefined;
    if (fault !== undefined && faultRules[fault.kind].actor === 'nobody' && tries + 1 < quietTries) throw error;
    const reason = fault === undefined ? 'B9001 a bug of Landfall; see its log' : describeFault(fault);
    return { kind: 'unplanned', head: request.head.commit, branch: request.base, reason };
  }

  #putOff(next: WaitingRequest, error: unknown): void {
    const { log, metrics } = this.#deps;
    const { repository } = this.#settings;
    const isFault = error instanceof FaultError || error instanceof DeadlineError;
    if (!isFault) this.#noteBug(next.request, error);
    this.#waiting.putOff(next, waitMsAfter(error, next.tries));
    const reason = isFault ? describeFault(faultOf(error)) : 'B9001 a bug of Landfall';
    log.warn('pull request not planned', { repository, pullRequest: next.request.number, reason });
    metrics.count('preview_failures', { repository });
  }

  #noteBug({ number }: PullRequest, error: unknown): void {
    this.#deps.log.error('bug', { where: `pull request ${number}`, reason: stackOf(error), code: 'B9001' });
    this.#deps.metrics.count('bugs', { cluster: '' });
  }

  #recover(): void {
    const { repository } = this.#settings;
    if (this.#trouble.end() !== undefined) this.#deps.log.info('pull requests are looked at again', { repository });
  }

  #fail(error: unknown): void {
    const { log, metrics } = this.#deps;
    const { repository } = this.#settings;
    const { reason, isNew, bug } = this.#trouble.note(error);
    if (bug !== undefined) {
      log.error('bug', { where: 'pull requests', repository, reason: bug, code: 'B9001' });
      metrics.count('bugs', { cluster: '' });
    } else if (isNew) log.warn('pull requests cannot be looked at', { repository, reason });
    metrics.count('preview_failures', { repository });
  }
}

const overtaken = { kind: 'stale', detail: 'the pull request has another head, or is closed' } as const;

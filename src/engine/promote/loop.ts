/** When pins are looked after: soon after something happened, and now and then; never while the forge is to be left alone. */
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { Wake } from '../wake.ts';
import type { Promoter } from './promoter.ts';

export type PromoteLoopDeps = {
  readonly promoter: Pick<Promoter, 'round'>;
  /** Another Landfall works: this one moves nothing. */
  readonly isStandby: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Much happens at once in a rollout. */
const pauseMs = 1_000;
const retryMinMs = 5_000;
const retryMaxMs = 600_000;

export class PromoteLoop {
  readonly #settings: { readonly repository: string; readonly timeoutMs: number };
  readonly #deps: PromoteLoopDeps;
  readonly #wake: Wake;
  #cancelSoon: (() => void) | undefined;
  #reason: string | undefined;
  #failures = 0;
  #retryAtMs = 0;

  constructor(settings: { readonly repository: string; readonly timeoutMs: number }, deps: PromoteLoopDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
  }

  /** Something has happened. */
  stir(): void {
    this.#cancelSoon ??= this.#deps.clock.after(pauseMs, () => {
      this.#cancelSoon = undefined;
      this.#wake.now();
    });
  }

  /** Looks until the signal fires. Never rejects: whether a pin moves is nothing to those who work. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const nextAtMs = await this.#round(signal);
      await this.#wake.wait(nextAtMs === undefined ? undefined : Math.max(0, nextAtMs - clock.nowMs()), signal);
    }
    this.#cancelSoon?.();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { promoter, clock, isStandby, log } = this.#deps;
    if (isStandby()) return undefined;
    if (clock.nowMs() < this.#retryAtMs) return this.#retryAtMs;
    using deadline = deadlineOf(clock, this.#settings.timeoutMs, signal);
    try {
      const nextAtMs = await promoter.round(deadline.signal);
      if (this.#reason !== undefined)
        log.info('promotions go on', { repository: this.#settings.repository, after: this.#reason });
      this.#reason = undefined;
      this.#failures = 0;
      this.#retryAtMs = 0;
      return nextAtMs;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#fail(error);
      return this.#retryAtMs;
    }
  }

  #fail(error: unknown): void {
    const { clock, log, metrics } = this.#deps;
    const { repository } = this.#settings;
    const isFault = error instanceof FaultError || error instanceof DeadlineError;
    const reason = isFault ? describeFault(faultOf(error)) : 'B9001 a bug of Landfall';
    if (!isFault) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error('bug', { where: 'promotion', repository, reason: stack, code: 'B9001' });
      metrics.count('bugs', { cluster: '' });
    } else if (this.#reason !== reason) log.warn('promotions wait', { repository, reason });
    this.#reason = reason;
    const waitMs = error instanceof FaultError ? error.fault.retryAfterMs : undefined;
    this.#retryAtMs = clock.nowMs() + (waitMs ?? Math.min(retryMinMs * 2 ** this.#failures, retryMaxMs));
    this.#failures += 1;
  }
}

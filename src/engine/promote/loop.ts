/** When pins are looked after: soon after something happened, and now and then; never while the forge is to be left alone. */
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { Trouble } from '../trouble.ts';
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

export class PromoteLoop {
  readonly #settings: { readonly repository: string; readonly timeoutMs: number };
  readonly #deps: PromoteLoopDeps;
  readonly #wake: Wake;
  readonly #trouble: Trouble;
  #cancelSoon: (() => void) | undefined;

  constructor(settings: { readonly repository: string; readonly timeoutMs: number }, deps: PromoteLoopDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
    this.#trouble = new Trouble(deps.clock);
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
    if (clock.nowMs() < this.#trouble.retryAtMs) return this.#trouble.retryAtMs;
    using deadline = deadlineOf(clock, this.#settings.timeoutMs, signal);
    try {
      const nextAtMs = await promoter.round(deadline.signal);
      const after = this.#trouble.end();
      if (after !== undefined) log.info('promotions go on', { repository: this.#settings.repository, after });
      return nextAtMs;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#fail(error);
      return this.#trouble.retryAtMs;
    }
  }

  #fail(error: unknown): void {
    const { log, metrics } = this.#deps;
    const { repository } = this.#settings;
    const { reason, isNew, bug } = this.#trouble.note(error);
    if (bug !== undefined) {
      log.error('bug', { where: 'promotion', repository, reason: bug, code: 'B9001' });
      metrics.count('bugs', { cluster: '' });
    } else if (isNew) log.warn('promotions wait', { repository, reason });
  }
}

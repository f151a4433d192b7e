/** When a publisher looks: soon after something happened, never while the sink is to be left alone. */
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { Trouble } from '../trouble.ts';
import { Wake } from '../wake.ts';
import type { Publisher } from './publisher.ts';

export type LoopSettings = { readonly repository: string; readonly sink: string };

export type LoopDeps = {
  readonly publisher: Pick<Publisher, 'round'>;
  /** Another Landfall tells: this one is silent. */
  readonly isStandby: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Much happens at once in a rollout; nobody waits for a second. */
const pauseMs = 1_000;

export class PublishLoop {
  readonly #settings: LoopSettings;
  readonly #deps: LoopDeps;
  readonly #wake: Wake;
  readonly #trouble: Trouble;
  readonly #flushing = new Set<() => void>();
  #cancelSoon: (() => void) | undefined;

  constructor(settings: LoopSettings, deps: LoopDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
    this.#trouble = new Trouble(deps.clock);
  }

  /** Something has happened; `isUrgent`: somebody waits to hear of it. */
  stir(isUrgent: boolean): void {
    if (isUrgent) this.#wake.now();
    else
      this.#cancelSoon ??= this.#deps.clock.after(pauseMs, () => {
        this.#cancelSoon = undefined;
        this.#wake.now();
      });
  }

  /** Resolves when all is told that can be told now, or when the sink does not take it. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#flushing.add(resolve);
      this.#wake.now();
    });
  }

  /** Tells until the signal fires. Never rejects: whether anybody is told is nothing to those who work. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const nextAtMs = await this.#round(signal);
      await this.#wake.wait(nextAtMs === undefined ? undefined : Math.max(0, nextAtMs - clock.nowMs()), signal);
    }
    this.#cancelSoon?.();
    this.#release();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { publisher, clock, metrics, isStandby } = this.#deps;
    const isHurried = this.#flushing.size > 0;
    if (isStandby()) {
      this.#release();
      return undefined;
    }
    if (clock.nowMs() < this.#trouble.retryAtMs && !isHurried) return this.#trouble.retryAtMs;
    try {
      const { told, nextAtMs } = await publisher.round(isHurried, signal);
      const { repository, sink } = this.#settings;
      if (told > 0) metrics.count('statuses_told', { repository, sink }, told);
      this.#recover();
      if (nextAtMs === undefined || nextAtMs > clock.nowMs()) this.#release();
      return nextAtMs;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#fail(error);
      this.#release();
      return this.#trouble.retryAtMs;
    }
  }

  #release(): void {
    for (const resolve of this.#flushing) resolve();
    this.#flushing.clear();
  }

  #recover(): void {
    const { repository, sink } = this.#settings;
    if (this.#trouble.end() !== undefined) this.#deps.log.info('statuses are told again', { repository, sink });
    this.#deps.metrics.gauge('statuses_stale', { repository, sink }, 0);
  }

  #fail(error: unknown): void {
    const { log, metrics } = this.#deps;
    const { repository, sink } = this.#settings;
    const { reason, isNew, bug } = this.#trouble.note(error);
    if (bug !== undefined) {
      log.error('bug', { where: 'statuses', repository, sink, reason: bug, code: 'B9001' });
      metrics.count('bugs', { cluster: '' });
    } else if (isNew) log.warn('statuses cannot be told', { repository, sink, reason });
    metrics.count('status_failures', { repository, sink });
    metrics.gauge('statuses_stale', { repository, sink }, 1);
  }
}

/** Wakes that come in a flood are few, and the last of them is never lost. */
import type { Clock } from '../../seam/clock.ts';

/** No more than one wake of each key in this time. */
const restMs = 1_000;

export class Calm {
  readonly #clock: Clock;
  readonly #wake: (key: string) => void;
  readonly #untilMs = new Map<string, number>();
  readonly #waiting = new Set<string>();

  constructor(wake: (key: string) => void, clock: Clock) {
    this.#wake = wake;
    this.#clock = clock;
  }

  /** At once, or when the rest is over. `key`: one of few. */
  wake(key: string): void {
    if (this.#waiting.has(key)) return;
    const nowMs = this.#clock.nowMs();
    const waitMs = Math.min(restMs, (this.#untilMs.get(key) ?? nowMs) - nowMs);
    if (waitMs <= 0) return this.#now(key);
    this.#waiting.add(key);
    this.#clock.after(waitMs, () => {
      this.#waiting.delete(key);
      this.#now(key);
    });
  }

  #now(key: string): void {
    this.#untilMs.set(key, this.#clock.nowMs() + restMs);
    this.#wake(key);
  }
}

/** Waiting that can be cut short. */
import type { Clock } from '../seam/clock.ts';

export class Wake {
  readonly #clock: Clock;
  #isWoken = false;
  #release: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It was woken and nobody has begun on it. */
  get isPending(): boolean {
    return this.#isWoken;
  }

  /** Ends the wait; when nobody waits, the next wait ends at once. */
  now(): void {
    this.#isWoken = true;
    this.#release?.();
  }

  /** Shape: true when it was woken, false when the time is over or the signal fired; never rejects. */
  wait(durationMs: number | undefined, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const finish = (): void => {
        cancel();
        signal.removeEventListener('abort', finish);
        this.#release = undefined;
        const isWoken = this.#isWoken;
        this.#isWoken = false;
        resolve(isWoken);
      };
      if (this.#isWoken || signal.aborted) return finish();
      this.#release = finish;
      signal.addEventListener('abort', finish, { once: true });
      if (durationMs !== undefined) cancel = this.#clock.after(durationMs, finish);
    });
  }
}

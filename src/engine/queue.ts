/** Work by key: each key once, never twice at a time, later again when it failed. */

import type { Clock } from '../seam/clock.ts';
import { jitter, type Rng } from '../seam/rng.ts';

export type QueueDeps = { readonly clock: Clock; readonly rng: Rng };
export type QueueLimits = { readonly retryMinMs: number; readonly retryMaxMs: number };

/** Holds keys, never events: adding a key that waits changes nothing, adding one that runs makes it run once more. */
export class KeyedQueue<Key extends string> {
  readonly #deps: QueueDeps;
  readonly #limits: QueueLimits;
  readonly #ready = new Set<Key>();
  readonly #running = new Set<Key>();
  readonly #again = new Set<Key>();
  readonly #later = new Map<Key, { readonly atMs: number; readonly cancel: () => void }>();
  readonly #failures = new Map<Key, number>();
  readonly #takers: ((key: Key | undefined) => void)[] = [];

  constructor(deps: QueueDeps, limits: QueueLimits) {
    this.#deps = deps;
    this.#limits = limits;
  }

  /** Ready at once, whatever delay it was under. */
  add(key: Key): void {
    this.#cancel(key);
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#ready.add(key);
    this.#hand();
  }

  /** Ready after a while, unless it is due earlier anyway. */
  addAfter(key: Key, delayMs: number): void {
    if (this.#ready.has(key)) return;
    const atMs = this.#deps.clock.nowMs() + delayMs;
    const planned = this.#later.get(key);
    if (planned !== undefined && planned.atMs <= atMs) return;
    planned?.cancel();
    const cancel = this.#deps.clock.after(delayMs, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { atMs, cancel });
  }

  /** The next key, which counts as running until `done`. Undefined once the signal fires. */
  take(signal: AbortSignal): Promise<Key | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const give = (key: Key | undefined): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(key);
      };
      const onAbort = (): void => {
        this.#takers.splice(this.#takers.indexOf(give), 1);
        give(undefined);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#takers.push(give);
      this.#hand();
    });
  }

  /** It went well: the next failure starts from the shortest delay. */
  done(key: Key): void {
    this.#failures.delete(key);
    this.#end(key);
  }

  /** It is to be tried again, each time twice as late, or when `retryAfterMs` says. */
  failed(key: Key, retryAfterMs?: number): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const backOff = Math.min(this.#limits.retryMinMs * 2 ** failures, this.#limits.retryMaxMs);
    this.#end(key);
    if (!this.#ready.has(key)) this.addAfter(key, Math.max(jitter(this.#deps.rng, backOff, 0.2), retryAfterMs ?? 0));
  }

  /** Nothing is ready or running; something may be due later. */
  get isAtRest(): boolean {
    return this.#ready.size === 0 && this.#running.size === 0;
  }

  get size(): number {
    return this.#ready.size + this.#running.size + this.#later.size;
  }

  /** Forgets a key that no longer exists. */
  remove(key: Key): void {
    this.#cancel(key);
    this.#ready.delete(key);
    this.#again.delete(key);
    this.#failures.delete(key);
  }

  close(): void {
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    this.#ready.clear();
    this.#again.clear();
  }

  #end(key: Key): void {
    this.#running.delete(key);
    if (this.#again.delete(key)) this.#ready.add(key);
    this.#hand();
  }

  #cancel(key: Key): void {
    this.#later.get(key)?.cancel();
    this.#later.delete(key);
  }

  #hand(): void {
    while (this.#takers.length > 0 && this.#ready.size > 0) {
      const [key] = this.#ready;
      const give = this.#takers.shift();
      if (key === undefined || give === undefined) return;
      this.#ready.delete(key);
      this.#running.add(key);
      give(key);
    }
  }
}

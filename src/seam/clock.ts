/** Time, so that tests can own it. Nothing else in Landfall reads a clock or sets a timer. */

export type Clock = {
  /** Milliseconds since 1970, UTC. May jump; never used to order events. */
  readonly nowMs: () => number;
  /** Calls `wake` once after `durationMs`; the result cancels. A waiting timer does not keep the process alive. */
  readonly after: (durationMs: number, wake: () => void) => () => void;
};

/** Waits. Rejects with the signal's reason when it fires first. */
export function sleep(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(durationMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** A deadline that must be cancelled when the work is done: `using deadline = deadlineOf(…)`. */
export type Deadline = Disposable & { readonly signal: AbortSignal };

/** Fires when `parent` does, or after `durationMs` with a `DeadlineError`. */
export function deadlineOf(clock: Clock, durationMs: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  const cancel = clock.after(durationMs, () => controller.abort(new DeadlineError(durationMs)));
  const dispose = (): void => {
    cancel();
    parent.removeEventListener('abort', onAbort);
  };
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  constructor(durationMs: number) {
    super(`no answer within ${durationMs} ms`);
  }
}

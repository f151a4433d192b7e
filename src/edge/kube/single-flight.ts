/** Work that many ask for at once and that runs once. */

export type SingleFlight<T> = {
  /** The result of the work that runs now, or of a new run. */
  readonly join: (signal: AbortSignal) => Promise<T>;
  /** The result of a run that began after this was asked. */
  readonly fresh: (signal: AbortSignal) => Promise<T>;
};

/** `work` limits its own time. The signals end a caller's wait, never the work: others may wait for it too. */
export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let running: Promise<T> | undefined;
  let queued: Promise<T> | undefined;
  const start = (): Promise<T> => {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  };
  const queue = (before: Promise<T>): Promise<T> => {
    const next = (): Promise<T> => {
      queued = undefined;
      return start();
    };
    queued ??= before.then(next, next);
    return queued;
  };
  return {
    join: (signal) => unlessAborted(running ?? start(), signal),
    fresh: (signal) => unlessAborted(running === undefined ? start() : queue(running), signal),
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

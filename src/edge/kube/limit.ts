/** How many requests one cluster gets at once. */

/** Ends the request's turn, and says whether the server wanted fewer of them. */
export type Release = (wasThrottled: boolean) => void;

export type RequestLimit = {
  /** Waits for a turn, first come first served. Rejects with the signal's reason. */
  readonly take: (signal: AbortSignal) => Promise<Release>;
};

type Waiter = { readonly start: () => void };

/**
 * At most `max` in flight; half as many after a 429, and back by about one for each round of good answers.
 *
 * Source: additive increase, multiplicative decrease, as TCP does it.
 */
export function requestLimit(max: number): RequestLimit {
  let allowed = max;
  let inFlight = 0;
  // Requests sent before a cut must not cut again: one burst is one message from the server.
  let cuts = 0;
  const waiters = new Set<Waiter>();

  const wake = (): void => {
    for (const waiter of waiters) {
      if (inFlight >= Math.floor(allowed)) return;
      waiters.delete(waiter);
      waiter.start();
    }
  };
  const start = (): Release => {
    inFlight += 1;
    const cutsThen = cuts;
    return (wasThrottled) => {
      inFlight -= 1;
      if (!wasThrottled) allowed = Math.min(max, allowed + 1 / allowed);
      else if (cutsThen === cuts) {
        allowed = Math.max(1, allowed / 2);
        cuts += 1;
      }
      wake();
    };
  };
  const take = (signal: AbortSignal): Promise<Release> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (inFlight < Math.floor(allowed) && waiters.size === 0) return resolve(start());
      const onAbort = (): void => {
        waiters.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(start());
        },
      };
      waiters.add(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  return { take };
}

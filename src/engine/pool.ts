/** Bounded concurrency. */

/**
 * Runs `task` for every item, at most `limit` at a time.
 *
 * Resolves when all have ended. A task that throws lets the running ones finish, starts no more, and its error is
 * rethrown; no promise is left floating.
 */
export async function forEach<T>(items: Iterable<T>, limit: number, task: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items][Symbol.iterator]();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !hasFailed; next = waiting.next()) {
      try {
        await task(next.value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failure = ended.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** Lines that are written as they come and read when the reader is ready. */

export type LineStream = {
  readonly push: (line: string) => void;
  /** No more lines; those written are still read. */
  readonly end: () => void;
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * A reader who leaves, or falls `linesMax` behind, ends it, as does the signal; `onEnd` is called once.
 *
 * Shape: chunks hold whole lines, all that were waiting.
 */
export function lineStream(linesMax: number, signal: AbortSignal, onEnd: () => void): LineStream {
  let lines: string[] = [];
  let isEnded = false;
  let waiting: ((result: IteratorResult<Uint8Array, undefined>) => void) | undefined;
  const encoder = new TextEncoder();

  const take = (): IteratorResult<Uint8Array, undefined> | undefined => {
    if (lines.length > 0) {
      const value = encoder.encode(lines.join(''));
      lines = [];
      return { done: false, value };
    }
    return isEnded ? { done: true, value: undefined } : undefined;
  };
  const wake = (): void => {
    const result = waiting === undefined ? undefined : take();
    if (result === undefined) return;
    waiting?.(result);
    waiting = undefined;
  };
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    signal.removeEventListener('abort', end);
    onEnd();
    wake();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });

  // Not a generator: one that waits for a line could not be told to stop.
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next: () => {
      const result = take();
      return result === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(result);
    },
    return: () => {
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return {
    push: (line) => {
      if (isEnded) return;
      lines.push(line);
      if (lines.length > linesMax) end();
      wake();
    },
    end,
    body: { [Symbol.asyncIterator]: () => iterator },
  };
}

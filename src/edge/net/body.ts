/** The bytes of an answer, for one reader. */
import type { Readable } from 'node:stream';

/** What a body needs to know of the exchange that it belongs to. */
export type BodySource = {
  readonly stream: Readable;
  /** Why the bytes stopped before their end; undefined when they did not. Asked once the stream is over. */
  readonly failure: (isEnded: boolean) => unknown;
  /** Ends the exchange because the reader has left. */
  readonly cancel: () => void;
};

/**
 * An iterator over what a stream holds, a chunk at a time, pulling no faster than the reader.
 *
 * Node's own stream iterator costs three times the memory while it waits, and a fleet waits on thousands of watches.
 */
export class Body implements AsyncIterableIterator<Uint8Array> {
  readonly #source: BodySource;
  #state: 'open' | 'ended' | 'closed' = 'open';
  #wake: (() => void) | undefined;

  constructor(source: BodySource) {
    this.#source = source;
    const wake = (): void => this.#wake?.();
    const onOver = (state: 'ended' | 'closed'): void => {
      if (this.#state === 'open') this.#state = state;
      wake();
    };
    source.stream.on('readable', wake);
    source.stream.once('end', () => onOver('ended')).once('close', () => onOver('closed'));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk: unknown = this.#source.stream.read();
      if (chunk instanceof Uint8Array) return { value: chunk, done: false };
      if (this.#state !== 'open') {
        const failure = this.#source.failure(this.#state === 'ended');
        if (failure !== undefined) throw failure;
        return { value: undefined, done: true };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#state === 'open') this.#source.cancel();
    return { value: undefined, done: true };
  }
}

/** Changes as server-sent events: what happened since you left, then what happens. Whoever does not read is let go. */
import type { Clock } from '../../seam/clock.ts';
import type { Reply, RouteRequest } from '../route.ts';
import type { Change, Changes } from './changes.ts';

export const streamLimits = {
  /** Streams open at a time. */
  streamsMax: 64,
  /** Changes that wait for one reader; more means that it does not read. */
  waitingMax: 32,
  /** A comment now and then, so that proxies and dead connections are noticed. */
  idleMs: 15_000,
} as const;

/** How long a browser waits before it comes again. */
const retryMs = 2_000;

export type EventStreamDeps = {
  readonly changes: Changes;
  readonly clock: Clock;
  /** Of this process: sequences of another mean nothing here. */
  readonly epoch: string;
};

export class EventStreams {
  readonly #deps: EventStreamDeps;
  #open = 0;

  constructor(deps: EventStreamDeps) {
    this.#deps = deps;
  }

  /**
   * One stream for one reader.
   *
   * Shape: `reset` first, when what was missed is not known: read again all that you show. Then `changed`, at most four
   * times a second, with an id to come again with.
   */
  answer({ headers }: Pick<RouteRequest, 'headers'>, signal: AbortSignal): Reply {
    if (this.#open >= streamLimits.streamsMax)
      return {
        status: 503,
        headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '10' },
        body: 'too many readers\n',
      };
    const leaving = new AbortController();
    const until = AbortSignal.any([signal, leaving.signal]);
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      body: this.#events(headers['last-event-id'], until, () => leaving.abort(new Error('the reader does not read'))),
      until: leaving.signal,
    };
  }

  async *#events(lastId: string | undefined, signal: AbortSignal, drop: () => void): AsyncGenerator<string> {
    const { changes, clock } = this.#deps;
    const waiting: string[] = [];
    let wake = (): void => undefined;
    const missed = this.#missed(lastId);
    const unlisten = changes.listen((change) => {
      waiting.push(this.#changed(change));
      if (waiting.length > streamLimits.waitingMax) drop();
      wake();
    });
    this.#open += 1;
    try {
      const hello = missed === undefined ? this.#event('reset', changes.sequence, {}) : '';
      yield `retry: ${retryMs}\n\n${hello}${(missed ?? []).map((change) => this.#changed(change)).join('')}`;
      while (!signal.aborted) {
        if (waiting.length > 0) {
          yield waiting.splice(0).join('');
          continue;
        }
        const isIdle = await untilWoken(clock, signal, (now) => {
          wake = now;
        });
        if (isIdle) yield ':\n\n';
      }
    } finally {
      this.#open -= 1;
      unlisten();
    }
  }

  /** Shape: undefined when it is not known what was missed, as at the beginning. */
  #missed(lastId: string | undefined): readonly Change[] | undefined {
    const [epoch, sequence] = lastId?.split('-') ?? [];
    if (epoch !== this.#deps.epoch || sequence === undefined || !/^[0-9]{1,15}$/.test(sequence)) return undefined;
    return this.#deps.changes.since(Number(sequence));
  }

  #changed({ sequence, ...change }: Change): string {
    return this.#event('changed', sequence, change);
  }

  /** JSON holds no line break, so it is one line of data. */
  #event(name: string, sequence: number, data: object): string {
    return `event: ${name}\nid: ${this.#deps.epoch}-${sequence}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}

/** Shape: true when nothing woke it for a while. */
function untilWoken(clock: Clock, signal: AbortSignal, wakeWith: (wake: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isIdle: boolean): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      resolve(isIdle);
    };
    const onAbort = (): void => end(false);
    const cancel = clock.after(streamLimits.idleMs, () => end(true));
    signal.addEventListener('abort', onAbort, { once: true });
    wakeWith(() => end(false));
  });
}

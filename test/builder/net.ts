/** A network in this process: a function answers, and streams are written by the test. */
import { FaultError } from '../../src/core/model/fault.ts';
import type { Endpoint, Net, NetRequest, NetResponse } from '../../src/seam/net.ts';

export type Answering = (request: NetRequest, endpoint: Endpoint) => NetResponse | Promise<NetResponse> | 'never';

/** Every request goes to `answer`; one that is answered `never` waits until it is aborted. */
export function fakeNet(answer: Answering): Net {
  return {
    connect: (endpoint) => {
      const closing = new AbortController();
      const request = async (asked: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
        signal.throwIfAborted();
        closing.signal.throwIfAborted();
        const answered = answer(asked, endpoint);
        const ended = AbortSignal.any([signal, closing.signal]);
        const response = await Promise.race([answered === 'never' ? aborted(ended) : answered, aborted(ended)]);
        return { ...response, body: untilAborted(response.body, ended) };
      };
      const closed = new FaultError({ kind: 'unreachable', detail: 'the connection is closed' });
      return { request, close: () => closing.abort(closed) };
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted(signal)]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === 'string' ? Buffer.from(text) : text;
}

export const answerText = (
  status: number,
  text: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): NetResponse => ({ status, headers: { 'content-type': 'text/plain', ...headers }, body: bytesOf(text) });

export const answerJson = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): NetResponse => answerText(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });

/** A failure as kube-apiserver words it. */
export const answerStatus = (
  code: number,
  reason: string,
  more: { readonly message?: string; readonly details?: unknown } = {},
  headers: Readonly<Record<string, string>> = {},
): NetResponse =>
  answerJson(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, ...more }, headers);

/** The answer of a watch, written by hand. */
export type WrittenStream = {
  readonly response: NetResponse;
  readonly write: (text: string) => void;
  /** One event of a watch. */
  readonly event: (type: string, object: unknown) => void;
  readonly end: () => void;
  readonly cut: () => void;
  /** Has the reader left? */
  readonly isLeft: () => boolean;
};

export function writtenStream(): WrittenStream {
  const chunks: Uint8Array[] = [];
  let end: 'open' | 'ended' | 'cut' = 'open';
  let wake = (): void => {};
  let isLeft = false;
  const body: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) return { value: chunk, done: false };
        if (end === 'ended') return { value: undefined, done: true };
        if (end === 'cut') throw new FaultError({ kind: 'unreachable', detail: 'the connection was cut' });
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      isLeft = true;
      return { value: undefined, done: true };
    },
  };
  const write = (text: string): void => {
    chunks.push(Buffer.from(text));
    wake();
  };
  const stop = (how: 'ended' | 'cut'): void => {
    end = how;
    wake();
  };
  return {
    response: { status: 200, headers: { 'content-type': 'application/json' }, body },
    write,
    event: (type, object) => write(`${JSON.stringify({ type, object })}\n`),
    end: () => stop('ended'),
    cut: () => stop('cut'),
    isLeft: () => isLeft,
  };
}

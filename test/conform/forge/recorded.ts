/** What forges are asked and answer, by their public API descriptions: a network that holds everybody to it. */
import { deepEqual } from 'node:assert/strict';
import { FaultError } from '../../../src/core/model/fault.ts';
import type { Net } from '../../../src/seam/net.ts';

export type Recorded = {
  readonly method: string;
  /** With the host, as `https://api.github.com/…`. */
  readonly url: string;
  /** Undefined: whatever. */
  readonly body?: unknown;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: unknown;
  /** Instead of an answer in JSON: as it is sent. */
  readonly page?: string;
  /** Instead of the answer: the connection ends, or nothing comes until the client leaves. */
  readonly trouble?: 'cut' | 'silence';
};

/** Answers each request with the next of `exchanges`, when it is the one that belongs to it. */
export function recordedNet(
  exchanges: readonly Recorded[],
  authorization: string | ((given: string | undefined, url: string) => void),
): Net & { readonly left: () => number } {
  const rest = [...exchanges];
  return {
    left: () => rest.length,
    connect: ({ origin }) => ({
      close: () => {},
      request: async ({ method, path, headers, body }, signal) => {
        const next = rest.shift();
        deepEqual([method, `${origin}${path}`], [next?.method, next?.url]);
        if (typeof authorization === 'string') deepEqual(headers.authorization, authorization);
        else authorization(headers.authorization, `${origin}${path}`);
        if (next?.body !== undefined && next.trouble === undefined) deepEqual(JSON.parse(String(body)), next.body);
        if (next?.trouble === 'cut') throw new FaultError({ kind: 'unreachable', detail: 'the connection ends' });
        if (next?.trouble === 'silence') return await untilLeft(signal);
        const text = next?.page ?? (next?.answer === undefined ? '' : JSON.stringify(next.answer));
        return { status: next?.status ?? 500, headers: next?.headers ?? {}, body: bytesOf(text) };
      },
    }),
  };
}

function untilLeft(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

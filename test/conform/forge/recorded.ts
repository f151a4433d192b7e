/** What GitHub and GitLab are asked and answer, by their public API descriptions: a network that holds everybody to it. */
import { deepEqual } from 'node:assert/strict';
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
};

/** Answers each request with the next of `exchanges`, when it is the one that belongs to it. */
export function recordedNet(
  exchanges: readonly Recorded[],
  authorization: string,
): Net & { readonly left: () => number } {
  const rest = [...exchanges];
  return {
    left: () => rest.length,
    connect: ({ origin }) => ({
      close: () => {},
      request: async ({ method, path, headers, body }) => {
        const next = rest.shift();
        deepEqual([method, `${origin}${path}`], [next?.method, next?.url]);
        deepEqual(headers.authorization, authorization);
        if (next?.body !== undefined) deepEqual(JSON.parse(String(body)), next.body);
        const text = next?.answer === undefined ? '' : JSON.stringify(next.answer);
        return { status: next?.status ?? 500, headers: next?.headers ?? {}, body: bytesOf(text) };
      },
    }),
  };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

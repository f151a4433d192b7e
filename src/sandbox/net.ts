/** The sandbox as a `Net`: the same answers as over sockets, in this process and in an order of its own making. */
import { FaultError } from '../core/model/fault.ts';
import type { Connection, Endpoint, Net, NetResponse } from '../seam/net.ts';
import { type ApiAnswer, CutError } from './api/exchange.ts';
import type { Sandbox, SandboxCluster } from './sandbox.ts';

/** Where a cluster is reached through `sandboxNet`. */
export const sandboxOrigin = (cluster: string): string => `http://${cluster}.sandbox.internal`;

/** Shape: one origin for each cluster, `sandboxOrigin(name)`; any other is unreachable. */
export function sandboxNet(sandbox: Sandbox): Net {
  const byOrigin = new Map(sandbox.clusters.map((cluster) => [sandboxOrigin(cluster.name), cluster]));
  return { connect: (endpoint) => connectionTo(byOrigin.get(endpoint.origin), endpoint) };
}

function connectionTo(cluster: SandboxCluster | undefined, { origin }: Endpoint): Connection {
  const closing = new AbortController();
  return {
    close: () => closing.abort(unreachable(`${origin}: connection closed`)),
    request: async ({ method, path, headers, body }, signal) => {
      if (cluster === undefined) throw unreachable(`${origin}: no such host`);
      const either = AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      try {
        const made = await cluster.handle({ method, path, headers, body }, either);
        return responseOf(made, origin, either);
      } catch (error) {
        throw faultOf(error, origin);
      }
    },
  };
}

const responseOf = ({ status, headers, body }: ApiAnswer, origin: string, signal: AbortSignal): NetResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? whole(body) : guarded(body, origin, signal),
});

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield new TextEncoder().encode(text);
}

async function* guarded(
  body: AsyncIterable<Uint8Array>,
  origin: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw faultOf(error, origin);
  }
  // The stream ends quietly when it is told to; its reader must still hear why.
  signal.throwIfAborted();
}

const faultOf = (error: unknown, origin: string): unknown =>
  error instanceof CutError ? unreachable(`${origin}: ${error.message}`) : error;

const unreachable = (detail: string): FaultError => new FaultError({ kind: 'unreachable', detail });

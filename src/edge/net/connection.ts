/** Everything open to one server: HTTP/2 sessions, or kept HTTP/1.1 connections when the server has no HTTP/2. */
import type { Socket } from 'node:net';
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { Connection, Endpoint, NetRequest, NetResponse } from '../../seam/net.ts';
import { type Dialled, dial, type Protocol } from './dial.ts';
import { fault, RefusedError } from './failure.ts';
import { type Http1, http1 } from './http1.ts';
import { lanePool } from './lane-pool.ts';
import type { NetOptions } from './options.ts';
import { openSession, type Session } from './session.ts';
import { type Trust, trustOf } from './tls.ts';

type Deps = {
  readonly clock: Clock;
  /** Origins in the clear that were seen to speak HTTP/1.1; shared by all connections. */
  readonly http1Origins: Set<string>;
};

/** How often a request that the server refused to look at is sent again. */
const refusalsMax = 3;

/** Thrown instead of a session: this server wants HTTP/1.1. */
class NoHttp2Error extends Error {
  override readonly name = 'NoHttp2Error';
}

export function openConnection(endpoint: Endpoint, deps: Deps, options: NetOptions): Connection {
  const { origin } = endpoint;
  const isSecure = origin.startsWith('https:');
  const closing = new AbortController();
  let trust: Trust | undefined;
  // Sockets on which TLS has agreed on HTTP/1.1 while a session was wanted.
  const spares: Socket[] = [];
  let isHttp1 = deps.http1Origins.has(origin);

  const dialFor = async (offers: readonly Protocol[]): Promise<Dialled> => {
    if (isSecure) trust ??= trustOf(endpoint);
    using deadline = deadlineOf(deps.clock, options.connectTimeoutMs, closing.signal);
    try {
      return await dial({ endpoint, trust }, offers, deadline.signal);
    } catch (error) {
      if (error instanceof FaultError) throw error;
      throw fault('unreachable', `connecting to ${origin}: no answer within ${options.connectTimeoutMs} ms`);
    }
  };

  const dialHttp1 = async (): Promise<Socket> => {
    const spare = spares.pop();
    return spare?.destroyed === false ? spare : (await dialFor(['http/1.1'])).socket;
  };

  const dialSession = async (): Promise<Session> => {
    const { socket, protocol } = await dialFor(['h2', 'http/1.1']);
    if (protocol === 'http/1.1') {
      spares.push(socket);
      throw new NoHttp2Error();
    }
    const settingsTimeoutMs = isSecure ? options.connectTimeoutMs : options.probeTimeoutMs;
    try {
      return await openSession(socket, origin, settingsTimeoutMs, deps.clock, options, closing.signal);
    } catch (error) {
      // In the clear nothing was agreed on; a server that does not understand our preface is asked in HTTP/1.1.
      throw isSecure || closing.signal.aborted ? error : new NoHttp2Error();
    }
  };

  const lanes = lanePool(dialSession, options.sessionsMax);
  // Made when needed: most servers never do, and there may be thousands.
  let kept: Http1 | undefined;

  const sendHttp1 = async (request: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
    try {
      kept ??= http1(origin, dialHttp1, options);
      const response = await kept.send(request, signal);
      isHttp1 = true;
      if (!isSecure) deps.http1Origins.add(origin);
      return response;
    } catch (error) {
      // What listens there next may be another server: ask anew.
      if (error instanceof FaultError) {
        isHttp1 = false;
        deps.http1Origins.delete(origin);
      }
      throw error;
    }
  };

  const send = async (request: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
    if (isHttp1) return sendHttp1(request, signal);
    try {
      return await lanes.send(request, signal);
    } catch (error) {
      if (error instanceof NoHttp2Error) return sendHttp1(request, signal);
      throw error;
    }
  };

  const request = async (asked: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
    for (let refusals = 1; ; refusals += 1) {
      signal.throwIfAborted();
      closing.signal.throwIfAborted();
      try {
        return await send(asked, signal);
      } catch (error) {
        if (closing.signal.aborted && !signal.aborted) throw closing.signal.reason;
        if (!(error instanceof RefusedError)) throw error;
        if (refusals > refusalsMax) throw fault('unreachable', `${origin}: refuses every request`);
      }
    }
  };

  const close = (): void => {
    closing.abort(fault('unreachable', `${origin}: the connection is closed`));
    lanes.destroy();
    kept?.destroy();
    for (const socket of spares) socket.destroy();
  };
  return { request, close };
}

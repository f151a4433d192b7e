/** One HTTP/2 session: its settings, its heart beat, its end. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { type Clock, deadlineOf } from '../../seam/clock.ts';
import type { NetRequest, NetResponse } from '../../seam/net.ts';
import { exchange } from './exchange.ts';
import { fault, faultOf } from './failure.ts';
import type { NetOptions } from './options.ts';

export type Session = {
  /** Requests that the server lets us have open at once. */
  readonly streamsMax: () => number;
  /** False once the session has ended or drains: nothing new may start. */
  readonly isOpen: () => boolean;
  /** See `exchange`. */
  readonly send: (request: NetRequest, signal: AbortSignal, onDone: () => void) => Promise<NetResponse>;
  /** Settles when the session is over, however it ended. */
  readonly ended: Promise<void>;
  /** Cuts everything in flight. */
  readonly destroy: () => void;
};

// What Node assumes until the server has said; RFC 9113 advises servers not to allow fewer.
const streamsMaxUnsaid = 100;

/**
 * Wraps a connected socket; resolves when the server's SETTINGS are here, so that its limit is known from the start.
 *
 * Errors: unreachable, protocol, misconfigured (a certificate refused after the handshake).
 */
export async function openSession(
  socket: Socket,
  origin: string,
  settingsTimeoutMs: number,
  clock: Clock,
  options: NetOptions,
  signal: AbortSignal,
): Promise<Session> {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: options.windowBytes },
    // In megabytes, and only a ceiling: Node refuses streams above it, by default at 10.
    maxSessionMemory: 512,
  });
  // The error also reaches every stream of the session; unheard here, it would end the process.
  session.on('error', () => {});
  // When TLS ends after the handshake, as when our certificate is refused, Node tells the socket and never the session.
  const ended = new Promise<Error>((resolve) => {
    socket.once('error', (error) => {
      session.destroy(error);
      resolve(error);
    });
    session.once('close', () => resolve(fault('unreachable', `${origin}: the connection was closed`)));
  });
  using deadline = deadlineOf(clock, settingsTimeoutMs, signal);
  await settings(session, origin, ended, deadline.signal);
  session.setLocalWindowSize(options.windowBytes);
  let open = 0;
  let idleSinceMs = clock.nowMs();
  const onDone = (): void => {
    open -= 1;
    if (open > 0) return;
    idleSinceMs = clock.nowMs();
    // A connection that only waits for work does not keep the process alive.
    if (!session.destroyed) session.unref();
  };
  session.unref();
  const isIdle = (): boolean => open === 0 && clock.nowMs() - idleSinceMs >= options.idleMs;
  beat(session, origin, clock, options, isIdle);
  return {
    streamsMax: () => session.remoteSettings?.maxConcurrentStreams ?? streamsMaxUnsaid,
    isOpen: () => !session.closed && !session.destroyed,
    send(request, requestSignal, onSent) {
      if (open === 0) session.ref();
      open += 1;
      return exchange(session, origin, request, requestSignal, () => {
        onDone();
        onSent();
      });
    },
    ended: ended.then(() => {}),
    destroy: () => session.destroy(fault('unreachable', `${origin}: the connection is closed`)),
  };
}

function settings(
  session: ClientHttp2Session,
  origin: string,
  ended: Promise<Error>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      session.destroy();
      reject(faultOf(error, origin));
    };
    const onAbort = (): void => fail(fault('unreachable', `${origin}: no HTTP/2 settings in time`));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    session.once('error', fail).once('remoteSettings', () => {
      session.off('error', fail);
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    ended.then(fail);
  });
}

/** Sends PINGs while the session is used and closes it when it is dead or has been idle. */
function beat(
  session: ClientHttp2Session,
  origin: string,
  clock: Clock,
  options: NetOptions,
  isIdle: () => boolean,
): void {
  let cancel: () => void;
  const dead = (): void => session.destroy(fault('unreachable', `${origin}: does not answer PING`));
  const listen = (): void => {
    if (isIdle()) session.close();
    if (session.destroyed) return;
    cancel = clock.after(options.pingTimeoutMs, dead);
    session.ping(onAnswer);
  };
  const onAnswer = (): void => {
    if (!session.destroyed) wait();
  };
  const wait = (): void => {
    cancel?.();
    cancel = clock.after(options.pingIntervalMs, listen);
  };
  wait();
  session.once('close', () => cancel());
}

/** HTTP/1.1 with kept connections, for servers and proxies that do not speak HTTP/2. */
import {
  Agent,
  type ClientRequest,
  type ClientRequestArgs,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NetRequest, NetResponse } from '../../seam/net.ts';
import { Body } from './body.ts';
import { fault, faultOf } from './failure.ts';
import { incomingHeaders, outgoingHeaders } from './headers.ts';
import type { NetOptions } from './options.ts';

export type Http1 = {
  readonly send: (request: NetRequest, signal: AbortSignal) => Promise<NetResponse>;
  readonly destroy: () => void;
};

/** How many connections may wait for work at once. */
const idleSocketsMax = 8;

/** `dialSocket` opens one more connection; it has a deadline of its own. */
export function http1(origin: string, dialSocket: () => Promise<Socket>, options: NetOptions): Http1 {
  const agent = new DialingAgent(dialSocket, options);
  const { host } = new URL(origin);
  const send = async (request: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
    for (;;) {
      const { method, path, body } = request;
      const attempt = httpRequest({ agent, method, path, headers: { host, ...outgoingHeaders(request) } });
      try {
        return await answerTo(attempt.end(body), origin, signal);
      } catch (error) {
        // The server closed a kept connection just as we used it. Only a read may be sent again: a write may have run.
        const isRace = attempt.reusedSocket && !signal.aborted && request.method === 'GET';
        if (!isRace) throw error;
      }
    }
  };
  return { send, destroy: () => agent.destroy() };
}

class DialingAgent extends Agent {
  readonly #dial: () => Promise<Socket>;

  constructor(dialSocket: () => Promise<Socket>, options: NetOptions) {
    // The time limit closes sockets that wait for work; it does not end requests.
    super({ keepAlive: true, timeout: options.idleMs, maxFreeSockets: idleSocketsMax, scheduling: 'lifo' });
    this.#dial = dialSocket;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#dial().then(
      (socket) => callback?.(null, socket),
      // Node's type asks for a stream even beside an error; Node itself does not.
      (error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
  }
}

function answerTo(attempt: ClientRequest, origin: string, signal: AbortSignal): Promise<NetResponse> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    let isAnswered = false;
    const cancel = (): void => void attempt.destroy();
    const onAbort = (): void => {
      failure ??= signal.reason;
      cancel();
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    attempt.on('error', (error) => {
      failure ??= faultOf(error, origin);
      reject(failure);
    });
    attempt.once('response', (message: IncomingMessage) => {
      const failureOf = (isEnded: boolean): unknown =>
        failure ??
        (isEnded && message.complete ? undefined : fault('unreachable', `${origin}: the connection was cut`));
      message.on('error', (error) => {
        failure ??= faultOf(error, origin);
      });
      isAnswered = true;
      const body = new Body({ stream: message, failure: failureOf, cancel });
      resolve({ status: message.statusCode ?? 0, headers: incomingHeaders(message.headers), body });
    });
    attempt.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      if (!isAnswered) reject(failure ?? fault('unreachable', `${origin}: closed without an answer`));
    });
  });
}

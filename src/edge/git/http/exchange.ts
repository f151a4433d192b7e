/** One HTTP request and its whole answer: deadlines on every wait, a ceiling on every byte count. */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { FaultError } from '../../../core/model/fault.ts';
import type { Clock } from '../../../seam/clock.ts';
import type { GitLimits } from '../settings.ts';
import { proxyAuthorization } from './agent.ts';
import { faultOfError, OversizeError } from './faults.ts';

export type HttpAsk = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Units: bytes. */
  readonly answerMax: number;
  /** Asked twice it does no harm: it may be when a connection that was kept open turns out to be closed. */
  readonly isRepeatable: boolean;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

export type ExchangeDeps = {
  readonly agent: Agent;
  /** Only where the agent does not tunnel: http through a proxy. */
  readonly proxy: URL | undefined;
  readonly limits: GitLimits;
  readonly clock: Clock;
};

/**
 * Sends `ask` and collects the answer; redirects are answers like others.
 *
 * Errors: FaultError (`unreachable`, `misconfigured` for certificates and for too many bytes), or the signal's reason.
 */
export async function exchange(ask: HttpAsk, deps: ExchangeDeps, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const request = open(ask, deps);
  const host = ask.url.host;
  const end = (error: Error): void => void request.destroy(error);
  const silent = (detail: string): void => end(new FaultError({ kind: 'unreachable', detail: `${host} ${detail}` }));

  const { connectTimeoutMs, requestTimeoutMs } = deps.limits;
  const stopConnecting = deps.clock.after(connectTimeoutMs, () => {
    silent(`did not take the connection within ${connectTimeoutMs} ms`);
  });
  const stopWaiting = deps.clock.after(requestTimeoutMs, () => silent(`was not done within ${requestTimeoutMs} ms`));
  const stopSpeed = watchSpeed(request, deps, silent);
  const onAbort = (): void => end(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  request.once('socket', (socket: Socket) => {
    if (request.reusedSocket) stopConnecting();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', stopConnecting);
  });
  try {
    const response = await answerOf(request, ask.body);
    stopConnecting();
    const body = await bodyOf(response, ask.answerMax, host);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (ask.isRepeatable && request.reusedSocket && isReset(error)) {
      return await exchange({ ...ask, isRepeatable: false }, deps, signal);
    }
    throw error instanceof Error ? faultOfError(host, error) : error;
  } finally {
    stopConnecting();
    stopWaiting();
    stopSpeed();
    signal.removeEventListener('abort', onAbort);
  }
}

const isReset = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');

function open(ask: HttpAsk, { agent, proxy }: ExchangeDeps): ClientRequest {
  const { url } = ask;
  const isSecure = url.protocol === 'https:';
  const length = ask.body === undefined ? {} : { 'content-length': String(ask.body.length) };
  // Packs are packed already, and a decompressor would be one more thing to bomb.
  const headers = { ...ask.headers, ...length, 'accept-encoding': 'identity' };
  if (!isSecure && proxy !== undefined) {
    const via = { host: url.host, ...proxyAuthorization(proxy) };
    return httpRequest({
      agent,
      ...addressOf(proxy),
      method: ask.method,
      path: url.href,
      headers: { ...headers, ...via },
    });
  }
  const options = { agent, ...addressOf(url), method: ask.method, path: url.pathname + url.search, headers };
  return isSecure ? httpsRequest(options) : httpRequest(options);
}

function addressOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) };
}

function answerOf(request: ClientRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays for good: a request that fails after its answer began says so once more.
    request.on('error', reject);
    request.end(body);
  });
}

async function bodyOf(response: IncomingMessage, sizeMax: number, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    sizeBytes += chunk.length;
    if (sizeBytes > sizeMax) {
      response.destroy();
      throw new OversizeError(`${host} sends more than the ${sizeMax} bytes allowed`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Gives up on a transfer that crawls: bytes both ways count, in windows one after another. */
function watchSpeed(request: ClientRequest, deps: ExchangeDeps, silent: (detail: string) => void): () => void {
  const { lowSpeedWindowMs, lowSpeedBytesPerSecond } = deps.limits;
  const seen = (): number => (request.socket?.bytesRead ?? 0) + (request.socket?.bytesWritten ?? 0);
  let before = 0;
  let stop: () => void = () => {};
  const arm = (): void => {
    stop = deps.clock.after(lowSpeedWindowMs, () => {
      const now = seen();
      if ((now - before) * 1000 < lowSpeedBytesPerSecond * lowSpeedWindowMs) {
        silent(`sent less than ${lowSpeedBytesPerSecond} bytes a second for ${lowSpeedWindowMs} ms`);
        return;
      }
      before = now;
      arm();
    });
  };
  request.once('socket', (socket: Socket) => {
    before = socket.bytesRead + socket.bytesWritten;
  });
  arm();
  return () => stop();
}

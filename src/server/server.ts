/** Landfall's own HTTP server: one listener, a table of routes, and limits on all that a client may take. */
import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultError } from '../core/model/fault.ts';
import type { Log } from '../seam/log.ts';
import type { Metrics } from '../seam/metric.ts';
import { encoded, isEncodable } from './encoding.ts';
import { isLocalAddress, isLocalName } from './origin.ts';
import { matchRoute, type Reply, type Route, textReply } from './route.ts';

export type ServerSettings = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
};

export type Listening = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Takes no more requests, ends what goes on. */
  readonly close: () => Promise<void>;
};

const limits = {
  headersBytesMax: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  connectionsMax: 512,
} as const;

/** Errors: misconfigured, when the address cannot be listened on. */
export async function serve(
  settings: ServerSettings,
  routes: readonly Route[],
  deps: { readonly log: Log; readonly metrics: Metrics },
): Promise<Listening> {
  const stopping = new AbortController();
  const isLocal = isLocalAddress(settings.host);
  const server = http.createServer(
    {
      maxHeaderSize: limits.headersBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
    },
    (incoming, outgoing) => {
      exchange(incoming, outgoing, routes, isLocal, stopping.signal).catch((error: unknown) => {
        deps.log.error('bug', { code: 'B9001', path: pathOf(incoming), reason: reasonOf(error) });
        deps.metrics.count('bugs', { cluster: '' });
        if (!outgoing.headersSent) outgoing.writeHead(500);
        outgoing.end();
      });
    },
  );
  server.maxConnections = limits.connectionsMax;
  await listening(server, settings);
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      stopping.abort(new Error('the server stops'));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listening(server: http.Server, { host, port }: ServerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(
        new FaultError(
          { kind: 'misconfigured', detail: `cannot listen on ${host}:${port}: ${error.message}` },
          { cause: error },
        ),
      );
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  routes: readonly Route[],
  isLocal: boolean,
  stopping: AbortSignal,
): Promise<void> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(new Error('the client has left'));
  // The request's own 'close' comes as soon as it has been read; only the answer's says that the client has left.
  outgoing.on('close', leave);
  outgoing.on('error', leave);
  const signal = AbortSignal.any([leaving.signal, stopping]);
  try {
    await send(outgoing, await replyTo(incoming, routes, isLocal, signal), incoming, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    outgoing.destroy();
  }
}

async function replyTo(
  incoming: IncomingMessage,
  routes: readonly Route[],
  isLocal: boolean,
  signal: AbortSignal,
): Promise<Reply> {
  // A page in the operator's browser may give its own name our address, and then read what we answer.
  if (isLocal && !isLocalName(incoming.headers.host ?? '')) return textReply(421, 'this server answers to localhost');
  const path = pathOf(incoming);
  const match = matchRoute(routes, incoming.method ?? '', path);
  if (match.kind === 'notFound') return textReply(404, 'not found');
  if (match.kind === 'notAllowed')
    return { ...textReply(405, 'method not allowed'), headers: { allow: match.methods.join(', ') } };
  const body = await bodyOf(incoming, match.route.bodyBytesMax ?? 0);
  if (body === undefined) return { ...textReply(413, 'request body too large'), headers: { connection: 'close' } };
  const query = new URLSearchParams((incoming.url ?? '').slice(path.length + 1));
  return match.route.answer({ path, query, headers: headersOf(incoming), body }, signal);
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

/** Undefined when it is longer than it may be; then the rest is not read. */
async function bodyOf(incoming: IncomingMessage, bytesMax: number): Promise<Uint8Array | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > bytesMax) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length > bytesMax) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const headersOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Node wants lists that it may keep. */
const headersIn = ({ headers = {} }: Reply): OutgoingHttpHeaders => ({
  ...always,
  ...Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  ),
});

async function send(
  outgoing: ServerResponse,
  reply: Reply,
  incoming: IncomingMessage,
  leaving: AbortSignal,
): Promise<void> {
  const { status, body, until } = reply;
  const headers = headersIn(reply);
  const isHead = incoming.method === 'HEAD';
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const whole = Buffer.from(body);
    const type = String(headers['content-type'] ?? '');
    const { bytes, encoding } = await encoded(whole, type, incoming.headers['accept-encoding']?.toString());
    outgoing.writeHead(status, {
      ...headers,
      'content-length': bytes.length,
      ...(isEncodable(whole.length, type) ? { vary: 'accept-encoding' } : {}),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    });
    outgoing.end(isHead ? undefined : bytes);
    return;
  }
  outgoing.writeHead(status, headers);
  if (isHead) return void outgoing.end();
  outgoing.flushHeaders();
  try {
    await stream(outgoing, body, until === undefined ? leaving : AbortSignal.any([leaving, until]));
  } catch (error) {
    if (until?.aborted !== true) throw error;
    outgoing.destroy();
  }
}

async function stream(
  outgoing: ServerResponse,
  body: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const part of body) {
    signal.throwIfAborted();
    if (!outgoing.write(part)) await drained(outgoing, signal);
  }
  outgoing.end();
}

/** Until the client has read what was written; rejects when it has left. */
function drained(outgoing: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      outgoing.off('drain', done);
      reject(signal.reason);
    };
    const done = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    outgoing.once('drain', done);
    signal.addEventListener('abort', leave, { once: true });
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

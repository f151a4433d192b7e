/** One HTTP exchange, of either version, carried to a sandbox cluster and back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { type Answerer, type ApiAnswer, CutError } from '../api/exchange.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** Which cluster a path belongs to, and the path below its prefix. */
export type Router = (path: string) => { readonly handle: Answerer; readonly path: string } | undefined;

const bodyBytesMax = 8 * 1024 * 1024;

/** Rejects only for a bug: clients that leave, and clusters that cut, end the exchange. */
export async function exchange(incoming: Incoming, outgoing: Outgoing, route: Router): Promise<void> {
  // Both versions of the response take the same calls, but not the same types.
  const response = outgoing as ServerResponse;
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(new Error('the client has left'));
  // The request's own 'close' comes as soon as a GET has been read; only the answer's says that the client has left.
  response.on('close', leave);
  // Writing to a client that has just left is no news.
  response.on('error', leave);
  const target = route(incoming.url ?? '/');
  if (target === undefined) {
    response.writeHead(404, plainText).end('no such cluster\n');
    return;
  }
  const body = await readBody(incoming);
  if (body.kind === 'cut' || leaving.signal.aborted) return;
  if (body.kind === 'tooLong') {
    response.writeHead(413, plainText).end('request body too large\n');
    return;
  }
  try {
    const { bytes } = body;
    const request = { method: incoming.method ?? 'GET', path: target.path, headers: headersOf(incoming), body: bytes };
    await send(response, await target.handle(request, leaving.signal), leaving.signal);
  } catch (error) {
    if (leaving.signal.aborted) return;
    cut(outgoing);
    if (!(error instanceof CutError)) throw error;
  }
}

const plainText = { 'content-type': 'text/plain; charset=utf-8' };

async function send(response: ServerResponse, answer: ApiAnswer, signal: AbortSignal): Promise<void> {
  const { status, headers, body } = answer;
  if (typeof body === 'string') {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    response.end(bytes);
    return;
  }
  response.writeHead(status, headers);
  response.flushHeaders?.();
  for await (const chunk of body) {
    if (signal.aborted) return;
    if (!response.write(chunk)) await drained(response, signal);
  }
  response.end();
}

/** Until the client has read what was written, or has left. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Ends it as a lost connection does: the whole of it over HTTP/1.1, the one stream over HTTP/2. */
function cut(outgoing: Outgoing): void {
  if ('stream' in outgoing && outgoing.stream !== undefined) outgoing.stream.close(2);
  else outgoing.socket?.destroy();
}

type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'cut' };

async function readBody(incoming: Incoming): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming) {
      const bytes: Uint8Array = chunk;
      length += bytes.length;
      if (length > bodyBytesMax) return { kind: 'tooLong' };
      chunks.push(bytes);
    }
  } catch {
    // The client left before it had said what it wanted.
    return { kind: 'cut' };
  }
  const [only] = chunks;
  return { kind: 'whole', bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) };
}

function headersOf({ headers }: Incoming): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.startsWith(':')
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : String(value)] as const],
  );
  return Object.fromEntries(pairs);
}

/** One request and its answer on an HTTP/2 session. */
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import type { NetRequest, NetResponse } from '../../seam/net.ts';
import { Body } from './body.ts';
import { fault, faultOf, RefusedError } from './failure.ts';
import { incomingHeaders, outgoingHeaders } from './headers.ts';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/**
 * Sends a request; resolves when the answer begins. `onDone` is called once, when the stream has closed.
 *
 * Errors: FaultError, RefusedError when the server did not look at it, or the signal's reason.
 */
export function exchange(
  session: ClientHttp2Session,
  origin: string,
  request: NetRequest,
  signal: AbortSignal,
  onDone: () => void,
): Promise<NetResponse> {
  return new Promise((resolve, reject) => {
    const stream = open(session, request);
    if (stream instanceof Error) {
      onDone();
      return reject(stream);
    }
    let failure: unknown;
    let isAnswered = false;
    const cancel = (): void => stream.close(NGHTTP2_CANCEL);
    const onAbort = (): void => {
      failure ??= signal.reason;
      cancel();
      reject(signal.reason);
    };
    const failureOf = (isEnded: boolean): unknown => failure ?? whyCut(stream, isEnded, origin);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    stream.on('error', (error) => {
      failure ??= whyReset(stream, origin) ?? faultOf(error, origin);
    });
    stream.once('response', (headers) => {
      isAnswered = true;
      const body = new Body({ stream, failure: failureOf, cancel });
      resolve({ status: Number(headers[':status']), headers: incomingHeaders(headers), body });
    });
    stream.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      onDone();
      if (!isAnswered) reject(failureOf(false));
    });
    if (request.body !== undefined) stream.end(request.body);
  });
}

function open(session: ClientHttp2Session, request: NetRequest): ClientHttp2Stream | Error {
  const headers = { ':method': request.method, ':path': request.path, ...outgoingHeaders(request) };
  try {
    return session.request(headers, { endStream: request.body === undefined });
  } catch (error) {
    return new RefusedError('the session takes no more requests', { cause: error });
  }
}

function whyCut(stream: ClientHttp2Stream, isEnded: boolean, origin: string): Error | undefined {
  if (isEnded && stream.rstCode === NGHTTP2_NO_ERROR && !stream.aborted) return undefined;
  return whyReset(stream, origin) ?? fault('unreachable', `${origin}: the connection was cut`);
}

function whyReset(stream: ClientHttp2Stream, origin: string): Error | undefined {
  // A stream that never got a number was never sent.
  if (stream.rstCode === NGHTTP2_REFUSED_STREAM || stream.pending) return new RefusedError('the stream was refused');
  if (stream.rstCode === NGHTTP2_ENHANCE_YOUR_CALM) return fault('throttled', `${origin}: asks us to calm down`);
  return undefined;
}

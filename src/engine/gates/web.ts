/** One small GET of a check: allowed by the operator, with a deadline and a ceiling, without redirects. */
import { refuseURL } from '../../core/grant/url.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';

export type WebDeps = {
  readonly net: Net;
  readonly clock: Clock;
  /** URLs that checks may ask, and all below them. */
  readonly allow: readonly string[];
};

export type WebAnswer = { readonly status: number; readonly text: string };

const timeoutMs = 10_000;
const answerBytesMax = 1024 * 1024;

/** Errors: misconfigured for what is not allowed; unreachable, protocol. */
export async function webGet(address: string, { net, clock, allow }: WebDeps, signal: AbortSignal): Promise<WebAnswer> {
  const refused = refuseURL(address, allow);
  if (refused !== undefined) throw new FaultError({ kind: 'misconfigured', detail: refused });
  const { origin, pathname, search, host } = new URL(address);
  using deadline = deadlineOf(clock, timeoutMs, signal);
  const connection = net.connect({ origin, isGuarded: true });
  try {
    const headers = { accept: 'application/json, */*', 'user-agent': 'landfall' };
    const request = { method: 'GET', path: pathname + search, headers };
    const { status, body } = await connection.request(request, deadline.signal);
    return { status, text: await textOf(body, host) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DeadlineError)) throw error;
    throw new FaultError({ kind: 'unreachable', detail: `${host}: ${error.message}` });
  } finally {
    connection.close();
  }
}

async function textOf(body: AsyncIterable<Uint8Array>, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerBytesMax)
      throw new FaultError({ kind: 'protocol', detail: `${host} sends more than ${answerBytesMax} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

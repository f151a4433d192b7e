/** How the OpenID provider is asked: over our own network, with its proxy, its authorities, deadlines and ceilings. */
import { readFile } from 'node:fs/promises';
import type { CustomFetch } from 'openid-client';
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Net, NetRequest } from '../../seam/net.ts';
import { isLocalAddress } from '../origin.ts';

export type ProviderFetchSettings = {
  /** PEM file of the authorities to trust; undefined: those of this machine. */
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
};

export type ProviderFetchDeps = { readonly net: Net; readonly clock: Clock; readonly signal: AbortSignal };

const timeoutMs = 10_000;
const answerBytesMax = 1024 * 1024;

/** Errors: FaultError (misconfigured, unreachable, protocol), or the signal's reason. */
export function providerFetch({ caFile, proxyURL }: ProviderFetchSettings, deps: ProviderFetchDeps): CustomFetch {
  const { net, clock, signal } = deps;
  return async (address, { method, headers, body }) => {
    const { protocol, origin, hostname, pathname, search, host } = new URL(address);
    // What the provider says of itself leads no secret into the clear.
    if (protocol !== 'https:' && !isLocalAddress(hostname.replaceAll(/[[\]]/g, '')))
      throw new FaultError({ kind: 'misconfigured', detail: `${host} is not asked over ${protocol}//` });
    using deadline = deadlineOf(clock, timeoutMs, signal);
    const ca = caFile === undefined ? undefined : await authoritiesIn(caFile);
    const connection = net.connect({ origin, isGuarded: true, ca, proxyURL });
    try {
      const request: NetRequest = {
        method,
        path: pathname + search,
        headers: { ...lowerCased(headers), ...contentTypeOf(body), 'user-agent': 'landfall' },
        ...(body == null ? {} : { body: await bytesOf(body) }),
      };
      const answer = await connection.request(request, deadline.signal);
      const bytes = await wholeOf(answer.body, host);
      const isEmpty = answer.status === 204 || answer.status === 304;
      return new Response(isEmpty ? null : bytes, { status: answer.status, headers: answer.headers });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DeadlineError)) throw error;
      throw new FaultError({ kind: 'unreachable', detail: `${host}: ${error.message}` }, { cause: error });
    } finally {
      connection.close();
    }
  };
}

type Body = Parameters<CustomFetch>[1]['body'];

const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const contentTypeOf = (body: Body): Readonly<Record<string, string>> =>
  body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } : {};

const bytesOf = async (body: NonNullable<Body>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body).arrayBuffer());

async function wholeOf(body: AsyncIterable<Uint8Array>, host: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerBytesMax)
      throw new FaultError({ kind: 'protocol', detail: `${host} sends more than ${answerBytesMax} bytes` });
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function authoritiesIn(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    throw new FaultError({ kind: 'misconfigured', detail: `${path} cannot be read (${code})` }, { cause });
  });
}

/** One forge over HTTP: one small request at a time, each with a deadline and a ceiling on what is read. */
import { readFile } from 'node:fs/promises';
import { formatJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Connection, Net } from '../../seam/net.ts';
import { type ForgeAnswer, faultOfAnswer, type Subject, spentForMs } from './faults.ts';
import { jsonIn } from './text.ts';

export type ForgeAddress = {
  /** No slash at the end. */
  readonly apiURL: string;
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
  /** Landfall's own, for the server's log. */
  readonly version: string;
};

export type ForgeDeps = {
  readonly net: Net;
  readonly clock: Clock;
  /** The forge wants to hear nothing more of this credential for so long. */
  readonly onSpent: (durationMs: number) => void;
};

export type ForgeRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's address. */
  readonly path: string;
  readonly body?: Json;
};

/** Every method rejects with FaultError, or with the signal's reason. */
export type ForgeClient = {
  /** The answer, whatever it says. */
  readonly ask: (request: ForgeRequest, signal: AbortSignal) => Promise<ForgeAnswer>;
  /** What an answer of 2xx holds. Shape: null for an empty one. Errors: the fault of any other. */
  readonly json: (request: ForgeRequest, signal: AbortSignal) => Promise<Json>;
  /** As `json` of an answer that came already. */
  readonly jsonOf: (answer: ForgeAnswer) => Json;
  readonly faultOf: (answer: ForgeAnswer) => FaultError;
  /** The fault of an answer that is none. */
  readonly oddity: (what: string) => FaultError;
  /** What `load` gives, asked once for each credential. */
  readonly once: (load: () => Promise<string>, signal: AbortSignal) => Promise<string>;
};

export type ForgeConnection = {
  /** Shape: all share one connection. `subject` is what faults speak of. */
  readonly client: (subject: Subject) => ForgeClient;
  readonly close: () => void;
};

/** Who asks, and what is understood. */
export type Authority = {
  /** Asked for each request, since a credential may be another by then. `body` is what will be sent, to the byte. */
  readonly headers: (signal: AbortSignal, body: string) => Promise<Readonly<Record<string, string>>>;
  /** They were not accepted: what is kept of them is old. */
  readonly forget?: () => void;
};

const timeoutMs = 20_000;
/** A page of pull requests, each with a body of the longest kind. */
const answerBytesMax = 16 * 1024 * 1024;

/**
 * Dials when it is needed.
 *
 * A handful of calls needs no client library of the forge's: those have no ceilings and no seam, and try again by themselves
 * what may have arrived.
 */
export function openConnection(address: ForgeAddress, authority: Authority, deps: ForgeDeps): ForgeConnection {
  const { clock, net, onSpent } = deps;
  const { origin, host, pathname } = new URL(address.apiURL);
  const basePath = pathname.replace(/\/+$/, '');
  let line: Line | undefined;

  /** The next request dials anew, with the authorities as their file has them then; those under way go on. */
  const retire = (old: Line): void => {
    old.isOld = true;
    if (line === old) line = undefined;
  };

  const oddity = (what: string): FaultError => new FaultError({ kind: 'protocol', detail: `${host} ${what}` });

  const send = async ({ method, path, body }: ForgeRequest, signal: AbortSignal): Promise<ForgeAnswer> => {
    const text = body === undefined ? '' : formatJson(body);
    const authorization = await authority.headers(signal, text);
    const ca = await textIn(address.caFile);
    line ??= { connection: net.connect({ origin, ca, proxyURL: address.proxyURL }), requests: 0, isOld: false };
    const mine = line;
    const headers = {
      'user-agent': `landfall/${address.version}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...authorization,
    };
    const sent = body === undefined ? {} : { body: text };
    mine.requests += 1;
    try {
      const response = await mine.connection.request({ method, path: basePath + path, headers, ...sent }, signal);
      return { status: response.status, headers: response.headers, text: await textOf(response.body) };
    } catch (error) {
      retire(mine);
      throw error;
    } finally {
      mine.requests -= 1;
      if (mine.isOld && mine.requests === 0) mine.connection.close();
    }
  };

  const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > answerBytesMax) throw oddity(`sends more than ${answerBytesMax} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  };

  const ask = async (request: ForgeRequest, signal: AbortSignal): Promise<ForgeAnswer> => {
    using deadline = deadlineOf(clock, timeoutMs, signal);
    try {
      const answer = await send(request, deadline.signal);
      const restMs = spentForMs(answer, clock.nowMs());
      if (restMs !== undefined) onSpent(restMs);
      if (answer.status === 401) authority.forget?.();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DeadlineError)) throw error;
      throw new FaultError({ kind: 'unreachable', detail: `${host}: ${error.message}` });
    }
  };

  let known: { readonly credential: string | undefined; readonly said: string } | undefined;
  const once: ForgeClient['once'] = async (load, signal) => {
    const credential = (await authority.headers(signal, '')).authorization;
    if (known === undefined || known.credential !== credential) known = { credential, said: await load() };
    return known.said;
  };

  const client = (subject: Subject): ForgeClient => {
    const faultOf = (answer: ForgeAnswer): FaultError => {
      const fault = faultOfAnswer(host, answer, subject, clock.nowMs());
      if (fault.kind === 'throttled' && fault.retryAfterMs !== undefined) onSpent(fault.retryAfterMs);
      return new FaultError(fault);
    };
    const jsonOf = (answer: ForgeAnswer): Json => {
      if (answer.status < 200 || answer.status > 299 || answer.status === 203) throw faultOf(answer);
      if (answer.text === '') return null;
      const json = jsonIn(answer.text);
      if (json === undefined) throw oddity('answers something that is no JSON');
      return json;
    };
    return { ask, json: async (request, signal) => jsonOf(await ask(request, signal)), jsonOf, faultOf, oddity, once };
  };

  return {
    client,
    close: () => {
      line?.connection.close();
      line = undefined;
    },
  };
}

/** One connection, and what is on it. */
type Line = { readonly connection: Connection; requests: number; isOld: boolean };

async function textIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new FaultError({ kind: 'misconfigured', detail: `\`caFile\` ${path} cannot be read` }, { cause });
  }
}

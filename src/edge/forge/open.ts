/** A forge over HTTP: one small request at a time, each with a deadline and a ceiling on what is read. */
import { readFile } from 'node:fs/promises';
import { formatJson, parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf } from '../../seam/clock.ts';
import type { Connection, Net } from '../../seam/net.ts';
import type { ForgeDialect } from './dialect.ts';
import { type ForgeAnswer, faultOfAnswer, spentForMs } from './faults.ts';
import type { Forge, ForgeStatus } from './forge.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { ForgeKind, ForgePlace } from './place.ts';
import { tokenIn } from './token.ts';

export type ForgeSettings = ForgePlace & {
  readonly kind: ForgeKind;
  readonly tokenFile: string;
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
  readonly version: string;
};

export type ForgeDeps = {
  readonly net: Net;
  readonly clock: Clock;
  /** The forge wants to hear nothing more of this credential for so long. */
  readonly onSpent: (durationMs: number) => void;
};

export const dialects: Readonly<Record<ForgeKind, ForgeDialect>> = { github, gitlab, gitea, forgejo: gitea };

const timeoutMs = 20_000;
const answerBytesMax = 4 * 1024 * 1024;
const pagesMax = 50;

type Ask = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: Json };

/**
 * Opens a forge; it is dialled when it is needed.
 *
 * Two calls need no client library of the forge's: those have no ceilings and no seam, and try again by themselves what may
 * have arrived.
 */
export function openForge(settings: ForgeSettings, deps: ForgeDeps): Forge & { readonly close: () => void } {
  const { clock, net, onSpent } = deps;
  const { project, version } = settings;
  const dialect = dialects[settings.kind];
  const { origin, host, pathname } = new URL(settings.apiURL);
  const basePath = pathname.replace(/\/+$/, '');
  let connection: Connection | undefined;

  const close = (): void => {
    connection?.close();
    connection = undefined;
  };

  const send = async ({ method, path, body }: Ask, signal: AbortSignal): Promise<ForgeAnswer> => {
    const token = await tokenIn(settings.tokenFile, settings.apiURL);
    connection ??= net.connect({ origin, ca: await textIn(settings.caFile), proxyURL: settings.proxyURL });
    const headers = {
      'user-agent': `landfall/${version}`,
      ...dialect.headers(token),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? {} : { body: formatJson(body) };
    const response = await connection.request({ method, path: basePath + path, headers, ...text }, signal);
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of response.body) {
      sizeBytes += chunk.length;
      if (sizeBytes > answerBytesMax) throw protocol(`sends more than ${answerBytesMax} bytes`);
      chunks.push(chunk);
    }
    return { status: response.status, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
  };

  const protocol = (what: string): FaultError => new FaultError({ kind: 'protocol', detail: `${host} ${what}` });

  const ask = async (request: Ask, signal: AbortSignal): Promise<ForgeAnswer> => {
    using deadline = deadlineOf(clock, timeoutMs, signal);
    try {
      const answer = await send(request, deadline.signal);
      const restMs = spentForMs(answer, clock.nowMs());
      if (restMs !== undefined) onSpent(restMs);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      // The next one begins anew, with the authorities as their file has them then.
      close();
      if (!(error instanceof DeadlineError)) throw error;
      throw new FaultError({ kind: 'unreachable', detail: `${host}: ${error.message}` });
    }
  };

  const faultIn = (answer: ForgeAnswer): FaultError => {
    const fault = faultOfAnswer(host, answer, clock.nowMs());
    if (fault.kind === 'throttled' && fault.retryAfterMs !== undefined) onSpent(fault.retryAfterMs);
    return new FaultError(fault);
  };

  const pageOf = async (commit: string, page: number, signal: AbortSignal): Promise<readonly ForgeStatus[]> => {
    const answer = await ask({ method: 'GET', path: dialect.pagePath(project, commit, page) }, signal);
    if (answer.status !== 200) {
      if (dialect.refusal(answer.status, answer.text) === 'gone') return [];
      throw faultIn(answer);
    }
    const json = answer.text === '' ? null : jsonIn(answer.text);
    const statuses = json === undefined ? undefined : dialect.statusesIn(json);
    if (statuses === undefined) throw protocol('answers something that is no list of statuses');
    return statuses;
  };

  return {
    name: dialect.name,
    abilities: dialect.abilities,
    close,
    read: async (commit, signal) => {
      const statuses: ForgeStatus[] = [];
      for (let page = 1; page <= pagesMax; page += 1) {
        const found = await pageOf(commit, page, signal);
        statuses.push(...found);
        if (found.length < dialect.pageFull) return statuses;
      }
      throw protocol(`has more than ${pagesMax} pages of statuses of one commit`);
    },
    post: async (commit, status, signal) => {
      const body = dialect.postBody(status);
      const answer = await ask({ method: 'POST', path: dialect.postPath(project, commit), body }, signal);
      // All of them say 201; a page that asks people to log in says 200.
      if (answer.status === 201) return 'taken';
      const refused = dialect.refusal(answer.status, answer.text);
      if (refused === undefined) throw faultIn(answer);
      return refused;
    },
  };
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function textIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new FaultError({ kind: 'misconfigured', detail: `\`caFile\` ${path} cannot be read` }, { cause });
  }
}

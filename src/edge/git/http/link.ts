/** The way to one repository over HTTP: addresses, credentials, redirects, refusals. */
import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { FaultError } from '../../../core/model/fault.ts';
import type { Clock } from '../../../seam/clock.ts';
import { type GitLimits, misconfigured } from '../settings.ts';
import { agentOf } from './agent.ts';
import { exchange, type HttpAnswer, type HttpAsk } from './exchange.ts';
import { faultOfStatus } from './faults.ts';

export type LinkSettings = {
  /** No user, no trailing slash. */
  readonly url: string;
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
  readonly limits: GitLimits;
};

export type LinkAsk = {
  readonly method: 'GET' | 'POST';
  /** What follows the repository's URL: `/info/refs?service=…`, `/git-upload-pack`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Units: bytes. */
  readonly answerMax: number;
  /** The header's value; never part of an error. */
  readonly authorization: string | undefined;
  /** The content type of a proper answer; anything else is a web page or a server of another kind. */
  readonly expects: string;
};

export type Link = {
  /** Resolves with the body of a 200. Errors: FaultError, or the signal's reason. */
  readonly request: (ask: LinkAsk, signal: AbortSignal) => Promise<Buffer>;
  readonly close: () => void;
};

const redirectsMax = 5;
// Some servers send other things to what does not call itself git.
const userAgent = 'git/landfall';

export function linkTo(settings: LinkSettings, clock: Clock): Link {
  let base = settings.url;
  let agents = new Map<string, Agent>();
  const proxy = settings.proxyURL === undefined ? undefined : proxyURL(settings.proxyURL);

  const forget = (): void => {
    for (const agent of agents.values()) agent.destroy();
    agents = new Map();
  };
  const agentFor = ({ protocol }: URL): Agent => {
    const agent = agents.get(protocol) ?? agentOf(protocol === 'https:', { ca: caOf(settings.caFile), proxy });
    agents.set(protocol, agent);
    return agent;
  };
  const send = async (ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> => {
    try {
      return await exchange(ask, { agent: agentFor(ask.url), proxy, limits: settings.limits, clock }, signal);
    } catch (error) {
      // A certificate authority may have been replaced in its file: the next attempt reads it again.
      if (error instanceof FaultError && error.fault.kind === 'misconfigured') forget();
      throw error;
    }
  };

  return {
    request: async (ask, signal) => {
      const authorization = ask.authorization === undefined ? {} : { authorization: ask.authorization };
      const headers = { 'user-agent': userAgent, ...ask.headers, ...authorization };
      let url = new URL(base + ask.path);
      for (let hop = 0; hop <= redirectsMax; hop++) {
        const { method, body, answerMax } = ask;
        const isRepeatable = !ask.path.endsWith('/git-receive-pack');
        const answer = await send({ method, url, headers, body, answerMax, isRepeatable }, signal);
        if (answer.status >= 300 && answer.status < 400) {
          url = redirected(url, answer, ask.method);
          if (url.href.endsWith(ask.path)) base = url.href.slice(0, -ask.path.length);
          continue;
        }
        const fault = faultOfStatus(url.host, answer.status, answer.headers, clock.nowMs());
        if (fault !== undefined) throw new FaultError(fault);
        if (answer.headers['content-type']?.split(';')[0] !== ask.expects) throw notGit(url);
        return answer.body;
      }
      throw new FaultError({ kind: 'protocol', detail: `${url.host} redirects in circles` });
    },
    close: forget,
  };
}

/** Credentials follow to the same host only, and never from https to http. */
function redirected(from: URL, answer: HttpAnswer, method: string): URL {
  const { location } = answer.headers;
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new FaultError({ kind: 'protocol', detail: `${from.host} redirects nowhere` });
  }
  const to = new URL(location, from.href);
  const isSamePort = to.protocol === from.protocol && to.host === from.host;
  const isUpgrade = from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname;
  if (!isSamePort && !isUpgrade) {
    throw misconfigured(`${from.host} redirects to ${to.host}, and credentials follow to no other host: fix the URL`);
  }
  // What is posted would be lost: by the book a client turns these into GET.
  if (method !== 'GET' && answer.status !== 307 && answer.status !== 308) {
    throw new FaultError({ kind: 'protocol', detail: `${from.host} redirects a post` });
  }
  to.username = '';
  to.password = '';
  return to;
}

function notGit(url: URL): FaultError {
  return new FaultError({ kind: 'protocol', detail: `${url.host} does not answer as a Git server does` });
}

function caOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw misconfigured(`cannot read the certificate authorities in ${file}`, cause);
  }
}

function proxyURL(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
    if (isHttp && isDecodable(url.username) && isDecodable(url.password)) return url;
  }
  throw misconfigured('the proxy of a repository is no http:// or https:// URL');
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

/** A forge that only knows statuses of commits, with the paths, words and pages of Gitea's API. */
import { formatJson, parseJson } from '../../core/json/text.ts';
import { at, type Json, textOf } from '../../core/json/value.ts';
import { type Answerer, type ApiAnswer, type ApiRequest, CutError } from '../api/exchange.ts';

export type ForgeOptions = {
  /** `owner/name` */
  readonly project: string;
  readonly token: string;
  /** All others are unknown. Absent: every commit there could be is there. */
  readonly commits?: ReadonlySet<string>;
  /** Longest page, whatever was asked for. */
  readonly pageMax?: number;
};

/** What happens to one request instead of what should. */
export type ForgeTrouble =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection ends; `afterwards`: when the request has been acted on. */
  | { readonly kind: 'cut'; readonly isAfterwards: boolean }
  /** No word, until the client leaves. */
  | { readonly kind: 'silence' };

/** A status as somebody posted it. */
export type ForgePost = {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
};

export type SandboxForge = {
  readonly handle: Answerer;
  /** All that were taken, oldest first. */
  readonly posts: readonly ForgePost[];
  /** How many requests came, whatever became of them. */
  readonly requests: () => number;
  /** Troubles for the next requests, one each. */
  readonly trouble: (...troubles: readonly ForgeTrouble[]) => void;
};

const states = ['pending', 'success', 'error', 'failure', 'warning', 'skipped'];

/** Source: Gitea's `routers/api/v1/repo/status.go`, as its swagger describes it. */
export function createForge(options: ForgeOptions): SandboxForge {
  const posts: ForgePost[] = [];
  const troubles: ForgeTrouble[] = [];
  let requests = 0;
  const isKnown = (commit: string): boolean => options.commits?.has(commit) ?? true;

  const list = (commit: string, query: URLSearchParams): ApiAnswer => {
    const newest = new Map(posts.filter((post) => post.commit === commit).map((post) => [post.context, post]));
    const limit = Math.min(Number(query.get('limit') ?? 30), options.pageMax ?? 50);
    const first = (Number(query.get('page') ?? 1) - 1) * limit;
    const page = [...newest.values()].slice(first, first + limit);
    // Gitea does say nothing at all where there is none, a commit that it does not have among them.
    if (page.length === 0) return { status: 200, headers: {}, body: '' };
    const statuses = page.map(({ context, state, description }) => ({ context, status: state, description }));
    return answer(200, { sha: commit, state: 'pending', statuses });
  };

  const take = (commit: string, body: Json | undefined): ApiAnswer => {
    const state = textOf(at(body, 'state')) ?? '';
    if (!states.includes(state)) return refusal(422, `unknown state ${state}`);
    if (!isKnown(commit)) return refusal(500, `GetCommit[${commit}]: object does not exist`);
    const description = textOf(at(body, 'description')) ?? '';
    const post = { commit, context: textOf(at(body, 'context')) ?? 'default', state, description };
    posts.push(post);
    return answer(201, { context: post.context, status: state, description });
  };

  const act = ({ method, path, headers, body }: ApiRequest): ApiAnswer => {
    if (headers.authorization !== `token ${options.token}`) return refusal(401, 'token is required');
    const url = new URL(path, 'http://forge');
    const [, project, rest = ''] = /^\/api\/v1\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(url.pathname) ?? [];
    if (project !== options.project) return refusal(404, 'not found');
    const [, read] = /^commits\/([^/]+)\/status$/.exec(rest) ?? [];
    if (method === 'GET' && read !== undefined) return list(read, url.searchParams);
    const [, written] = /^statuses\/([^/]+)$/.exec(rest) ?? [];
    if (method === 'POST' && written !== undefined) return take(written, jsonIn(body));
    return refusal(405, 'method not allowed');
  };

  const handle: Answerer = async (request, signal) => {
    requests += 1;
    const trouble = troubles.shift();
    switch (trouble?.kind) {
      case undefined:
        return act(request);
      case 'answer':
        return { ...refusal(trouble.status, 'trouble'), headers: { ...json, ...trouble.headers } };
      case 'cut':
        if (trouble.isAfterwards) act(request);
        throw new CutError('reset');
      case 'silence':
        return await untilLeft(signal);
    }
  };
  return {
    handle,
    posts,
    requests: () => requests,
    trouble: (...more) => void troubles.push(...more),
  };
}

const json = { 'content-type': 'application/json' };

const answer = (status: number, body: Json): ApiAnswer => ({ status, headers: json, body: formatJson(body) });

const refusal = (status: number, message: string): ApiAnswer => answer(status, { message });

function jsonIn(body: ApiRequest['body']): Json | undefined {
  try {
    return parseJson(typeof body === 'string' ? body : Buffer.from(body ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
}

function untilLeft(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

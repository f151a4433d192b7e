/** A forge in this process, with the paths, words and pages of Gitea's API: statuses, pull requests, comments, webhooks. */
import type { Json } from '../../core/json/value.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import { type Answerer, type ApiAnswer, type ApiRequest, CutError } from '../api/exchange.ts';
import { answer, jsonHeaders, jsonIn, notFound, refusal } from './answers.ts';
import { commentRoutes } from './comment-routes.ts';
import { hookRoutes } from './hook-routes.ts';
import { type Delivery, deliveriesOf, type Hook } from './hooks.ts';
import { forgePages } from './pages.ts';
import { Project } from './project.ts';
import type { ForgeEvent, Pull } from './pull.ts';
import { pullRoutes } from './pull-routes.ts';
import { rendererAt } from './render.ts';
import type { ForgeRepository } from './repository.ts';
import type { ForgeRoute } from './route.ts';
import { statusRoutes } from './status-routes.ts';
import type { ForgePost, StoredPost } from './statuses.ts';

export type ForgeOptions = {
  /** Of the user `landfall`. */
  readonly token: string;
  /** Others, by their tokens. */
  readonly users?: ReadonlyMap<string, string>;
  /** Longest page, whatever was asked for. */
  readonly pageMax?: number;
};

export type ForgeDeps = {
  readonly clock: Clock;
  readonly rng: Rng;
  /** Where it is, without a slash at the end. */
  readonly origin: () => string;
  /** Sends what a webhook is told; in order, and nobody waits for it. */
  readonly deliver: (delivery: Delivery) => void;
};

/** What happens to one request instead of what should. */
export type ForgeTrouble =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection ends; `afterwards`: when the request has been acted on. */
  | { readonly kind: 'cut'; readonly isAfterwards: boolean }
  /** No word, until the client leaves. */
  | { readonly kind: 'silence' };

export type SandboxForge = {
  readonly handle: Answerer;
  /** `name`: `owner/name`. */
  readonly addProject: (name: string, repository: ForgeRepository) => void;
  /** Looks at the branches of a project, as after a push. */
  readonly follow: (project: string) => Promise<void>;
  /** All that were taken, oldest first. */
  readonly posts: readonly ForgePost[];
  /** How many requests came to the API, whatever became of them. */
  readonly requests: () => number;
  /** Troubles for the next requests to the API, one each. */
  readonly trouble: (...troubles: readonly ForgeTrouble[]) => void;
};

const pageMaxDefault = 50;

export function createForge(options: ForgeOptions, deps: ForgeDeps): SandboxForge {
  const { clock, rng } = deps;
  const users = new Map([[options.token, 'landfall'], ...(options.users ?? [])]);
  const projects = new Map<string, Project>();
  const posts: StoredPost[] = [];
  const hooks = new Map<number, Hook>();
  const troubles: ForgeTrouble[] = [];
  const render = rendererAt(deps.origin);
  let requests = 0;
  let lastId = 0;
  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };
  const take = (post: Omit<StoredPost, 'id' | 'atMs'>): StoredPost => {
    const stored = { ...post, id: nextId(), atMs: clock.nowMs() };
    posts.push(stored);
    return stored;
  };
  const routes = [
    ...statusRoutes({ posts, take }),
    ...pullRoutes,
    ...commentRoutes,
    ...hookRoutes(hooks, nextId),
    { method: 'GET', path: /^$/, act: ({ project }) => answer(200, render.repository(project.name)) },
  ] as const satisfies readonly ForgeRoute[];
  const pages = forgePages({ projects, posts, render, rng });

  const tell = (project: Project, event: ForgeEvent): void => {
    const listening = [...hooks.values()].filter((hook) => hook.project === project.name);
    // Whether it merges is worked out when somebody asks.
    const pull = (each: Pull): Json =>
      render.pull(project.name, each, { ...project.sightOf(each), isMergeable: false });
    for (const delivery of deliveriesOf(event, listening, { ...render, pull }, rng)) deps.deliver(delivery);
  };

  const act = async ({ method, path, headers, body }: ApiRequest): Promise<ApiAnswer> => {
    const user = userOf(headers.authorization ?? '', users);
    if (user === undefined) return refusal(401, 'token is required');
    const url = new URL(path, 'http://forge');
    if (url.pathname === '/api/v1/user') return answer(200, render.user(user));
    const { name = '', rest = '' } =
      /^\/api\/v1\/repos\/(?<name>[^/]+\/[^/]+)(?:\/(?<rest>.*))?$/.exec(url.pathname)?.groups ?? {};
    const project = projects.get(name);
    if (project === undefined) return notFound;
    const fitting = routes.filter((route) => route.path.test(rest));
    const route = fitting.find((each) => each.method === method);
    if (route === undefined) return fitting.length === 0 ? notFound : refusal(405, 'method not allowed');
    const parts = (route.path.exec(rest) ?? []).slice(1).map((part) => decoded(part ?? ''));
    const call = { project, user, parts, query: url.searchParams, body: jsonIn(body), render };
    try {
      return await project.inTurn(() => route.act({ ...call, pageMax: options.pageMax ?? pageMaxDefault }));
    } catch (error) {
      // As a forge answers when Git refuses what it had thought possible.
      return refusal(500, error instanceof Error ? error.message : String(error));
    }
  };

  const troubled = async (request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> => {
    requests += 1;
    const trouble = troubles.shift();
    switch (trouble?.kind) {
      case undefined:
        return act(request);
      case 'answer':
        return { ...refusal(trouble.status, 'trouble'), headers: { ...jsonHeaders, ...trouble.headers } };
      case 'cut':
        if (trouble.isAfterwards) await act(request);
        throw new CutError('reset');
      case 'silence':
        return await untilLeft(signal);
    }
  };

  return {
    handle: (request, signal) => (request.path.startsWith('/api/') ? troubled(request, signal) : pages(request)),
    addProject: (name, repository) => {
      const project = new Project(name, repository, { clock, nextId, onEvent: (event) => tell(project, event) });
      projects.set(name, project);
    },
    follow: async (name) => projects.get(name)?.inTurn(() => undefined),
    posts,
    requests: () => requests,
    trouble: (...more) => void troubles.push(...more),
  };
}

/** As Gitea takes them: `token …`, `Bearer …`, or as the password of anybody. */
function userOf(authorization: string, users: ReadonlyMap<string, string>): string | undefined {
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  switch (scheme.toLowerCase()) {
    case 'token':
    case 'bearer':
      return users.get(value);
    case 'basic':
      return users.get(Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':'));
    default:
      return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function untilLeft(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

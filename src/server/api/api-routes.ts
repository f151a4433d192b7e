/** `/api/v1/…`: the answers as JSON, for programs. */
import { FaultError } from '../../core/model/fault.ts';
import type { EventStreams } from '../feed/event-stream.ts';
import type { Reply, Route, RouteRequest } from '../route.ts';
import type { Api, Selection } from './api.ts';
import { readMatrixQuery } from './matrix-query.ts';

const root = '/api/v1';

export function apiRoutes(api: Api, events: EventStreams): readonly Route[] {
  const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path: `${root}${path}`, answer });
  return [
    get('/status', async ({ query }) => {
      const selection = selectionIn(query);
      const clusters = api.clusters().filter(({ name }) => (selection.cluster ?? name) === name);
      return jsonReply(200, { cells: api.cells(selection), clusters });
    }),
    get('/cells', async ({ query }) => jsonReply(200, { cells: api.cells(selectionIn(query)) })),
    get('/clusters', async () => jsonReply(200, { clusters: api.clusters() })),
    get('/matrix', async ({ query }) => {
      const asked = readMatrixQuery(query);
      if (asked.kind === 'wrong') return problem(400, asked.message);
      return jsonReply(200, api.matrix(asked.query));
    }),
    get('/apps/', async ({ path, query }) => {
      const [namespace, name, ...rest] = stepsIn(path, `${root}/apps/`) ?? [];
      if (namespace === undefined || name === undefined || rest.length > 0) return problem(404, 'not found');
      const answer = api.app(`${namespace}/${name}`, query.get('cluster') ?? undefined);
      return answer === undefined ? problem(404, `there is no App ${namespace}/${name}`) : jsonReply(200, answer);
    }),
    get('/repositories', async () => jsonReply(200, { repositories: api.repositories() })),
    get('/commits/', (request, signal) => unlessFault(() => commitsOf(request, api, signal))),
    get('/promotions', async () => jsonReply(200, { promotions: api.promotions() })),
    get('/plans', async () => jsonReply(200, { plans: api.plans() })),
    get('/plans/', async ({ path, query }) => {
      const [repository = '', number = '', ...rest] = stepsIn(path, `${root}/plans/`) ?? [];
      const answer = rest.length > 0 ? undefined : api.plan(repository, Number(number), query.get('app') ?? undefined);
      return answer === undefined ? problem(404, 'there is no such open pull request') : jsonReply(200, answer);
    }),
    get('/events', async (request, signal) => events.answer(request, signal)),
  ];
}

async function commitsOf({ path, query }: RouteRequest, api: Api, signal: AbortSignal): Promise<Reply> {
  const [repository, commit, ...rest] = stepsIn(path, `${root}/commits/`) ?? [];
  if (repository === undefined || rest.length > 0) return problem(404, 'not found');
  if (commit === undefined) return jsonReply(200, { commits: await api.commits(repository, signal) });
  if (!isCommit(commit)) return problem(404, 'a commit is named by 40 or 64 hex digits');
  return jsonReply(200, await api.commit(repository, commit, selectionIn(query), signal));
}

export const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** The steps of a path below a folder, decoded. Shape: undefined when they cannot be. */
export function stepsIn(path: string, folder: string): readonly string[] | undefined {
  try {
    return path
      .slice(folder.length)
      .split('/')
      .filter((step) => step !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function selectionIn(query: URLSearchParams): Selection {
  return { app: query.get('app') ?? undefined, cluster: query.get('cluster') ?? undefined };
}

async function unlessFault(answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return problem(error.fault.kind === 'missing' ? 404 : 503, error.fault.detail);
  }
}

export const jsonReply = (status: number, value: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...closedOff },
  body: `${JSON.stringify(value)}\n`,
});

const problem = (status: number, message: string): Reply => jsonReply(status, { error: message });

/** Nothing of another origin may read it, frame it, or run in it. */
const closedOff = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

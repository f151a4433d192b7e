/** The routes of the pages: each asks the API for what it shows, and nothing else. */
import { FaultError } from '../core/model/fault.ts';
import type { Api } from '../server/api/api.ts';
import { isCommit, stepsIn } from '../server/api/api-routes.ts';
import { readMatrixQuery } from '../server/api/matrix-query.ts';
import type { Reply, Route, RouteRequest } from '../server/route.ts';
import { type LayoutDeps, type Page, pageReply } from './layout.ts';
import { appPage } from './page/app.ts';
import { clusterPage, clustersPage } from './page/clusters.ts';
import { commitPage } from './page/commit.ts';
import { commitsPage } from './page/commits.ts';
import { fleetPage } from './page/fleet.ts';
import { planPage, plansPage } from './page/plans.ts';
import { problemPage } from './page/problem.ts';
import { promotionsPage } from './page/promotions.ts';

export type PageDeps = LayoutDeps & { readonly api: Api; readonly nowMs: () => number };

type Show = (request: RouteRequest, signal: AbortSignal) => Page | Promise<Page>;

export function pageRoutes(deps: PageDeps): readonly Route[] {
  const { api, nowMs } = deps;
  const page = (path: string, show: Show): Route => ({
    method: 'GET',
    path,
    answer: async (request, signal): Promise<Reply> =>
      pageReply(await unlessFault(() => show(request, signal)), deps, request.visitor),
  });
  const notFound = (what: string): Page => problemPage(404, 'Not found', what);
  const clusters: Show = ({ query }) => {
    const asked = readMatrixQuery(query);
    return clustersPage({
      clusters: api.clusters(),
      text: asked.query.text,
      labels: asked.query.labels,
      labelText: query.get('label') ?? '',
      isAwayOnly: query.get('show') === 'away',
      problem: asked.kind === 'wrong' ? asked.message : undefined,
      nowMs: nowMs(),
    });
  };
  const commits = async (only: string | undefined, signal: AbortSignal): Promise<Page> => {
    const repositories = api.repositories().filter(({ name }) => only === undefined || name === only);
    if (only !== undefined && repositories.length === 0) return notFound(`The settings name no repository ${only}.`);
    const all = repositories.map(async (each) => ({ ...each, commits: await orWhy(api.commits(each.name, signal)) }));
    return commitsPage({ repositories: await Promise.all(all), nowMs: nowMs() });
  };
  return [
    page('/', ({ query }) => {
      const asked = readMatrixQuery(query);
      return fleetPage({
        matrix: api.matrix(asked.query),
        clusters: api.clusters(),
        repositories: api.repositories(),
        query: asked.query,
        labelText: query.get('label') ?? '',
        problem: asked.kind === 'wrong' ? asked.message : undefined,
        nowMs: nowMs(),
      });
    }),
    page('/clusters', clusters),
    page('/clusters/', ({ path }) => {
      const [name = ''] = stepsIn(path, '/clusters/') ?? [];
      const cluster = api.clusters().find((each) => each.name === name);
      if (cluster === undefined) return notFound(`There is no cluster ${name} in Git.`);
      const [repository, ...others] = api.repositories();
      const only = others.length === 0 ? (repository?.name ?? null) : null;
      return clusterPage(cluster, api.cells({ cluster: name }), only, nowMs());
    }),
    page('/apps/', ({ path, query }) => {
      const [namespace = '', name = '', ...rest] = stepsIn(path, '/apps/') ?? [];
      const cluster = query.get('cluster') ?? undefined;
      const app = rest.length > 0 ? undefined : api.app(`${namespace}/${name}`, cluster);
      return app === undefined
        ? notFound(`There is no App ${namespace}/${name} in Git, and no cluster is known to hold it.`)
        : appPage({ app, cluster, nowMs: nowMs() });
    }),
    page('/commits', (_, signal) => commits(undefined, signal)),
    page('/commits/', async ({ path, query }, signal) => {
      const [repository = '', commit, ...rest] = stepsIn(path, '/commits/') ?? [];
      if (commit === undefined) return commits(repository, signal);
      if (!isCommit(commit) || rest.length > 0) return notFound('A commit is named by its 40 or 64 hex digits.');
      const selection = { app: query.get('app') ?? undefined, cluster: query.get('cluster') ?? undefined };
      return commitPage(await api.commit(repository, commit, selection, signal), selection.app, nowMs());
    }),
    page('/plans', () => plansPage(api.plans(), nowMs())),
    page('/plans/', ({ path, query }) => {
      const [repository = '', number = '', ...rest] = stepsIn(path, '/plans/') ?? [];
      const app = query.get('app') ?? undefined;
      const plan = rest.length > 0 ? undefined : api.plan(repository, Number(number), app);
      return plan === undefined
        ? notFound('There is no such pull request, or it is not open any more.')
        : planPage(plan, app, nowMs());
    }),
    page('/promotions', () => promotionsPage(api.promotions(), nowMs())),
  ];
}

async function unlessFault(show: () => Page | Promise<Page>): Promise<Page> {
  try {
    return await show();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { kind, detail } = error.fault;
    return kind === 'missing' ? problemPage(404, 'Not found', detail) : problemPage(503, 'Not now', detail);
  }
}

const orWhy = <T>(asked: Promise<T>): Promise<T | string> =>
  asked.catch((error: unknown) => {
    if (error instanceof FaultError) return error.fault.detail;
    throw error;
  });

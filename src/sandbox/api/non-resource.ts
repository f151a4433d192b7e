/** Paths that are about the server rather than an object: version, health, OpenAPI, discovery. */
import type { World } from '../registry/world.ts';
import type { RequestLog } from '../requests.ts';
import { answer, answerJson } from './call.ts';
import { answerGroup, answerGroups, answerResources } from './discovery.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';
import { metricsText } from './metrics.ts';
import { oldOpenapi, openapiIndex, openapiOf } from './openapi-routes.ts';
import { methodNotAllowed, noResource } from './refusals.ts';

export type View = {
  readonly world: World;
  readonly requests: RequestLog;
  readonly request: ApiRequest;
  readonly query: URLSearchParams;
};
type Route = (view: View, parts: readonly string[]) => ApiAnswer | undefined;

export const gitVersion = 'v1.36.3+sandbox';
const plainText = 'text/plain; charset=utf-8';
const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

/** By first part of the path. A route that answers nothing leaves a 404. */
const routes: Readonly<Record<string, Route>> = {
  version: (_view, { length }) => (length === 1 ? answerJson(200, version) : undefined),
  healthz: () => answer(200, 'ok', plainText),
  livez: () => answer(200, 'ok', plainText),
  readyz: () => answer(200, 'ok', plainText),
  metrics: ({ requests }, { length }) =>
    length === 1 ? answer(200, metricsText(requests.snapshot()), prometheusText) : undefined,
  api: (view, [, version, ...rest]) => {
    if (version === undefined) return answerGroups(view, 'api');
    const found = rest.length === 0 ? answerResources(view, '', version) : undefined;
    if (found === undefined) throw noResource();
    return found;
  },
  apis: (view, [, group, version, ...rest]) => {
    if (group === undefined) return answerGroups(view, 'apis');
    if (version === undefined) return answerGroup(view, group);
    const found = rest.length === 0 ? answerResources(view, group, version) : undefined;
    if (found === undefined && answerGroup(view, group) !== undefined) throw noResource();
    return found;
  },
  openapi: (view, [, version, ...rest]) => {
    if (version === 'v2' && rest.length === 0) return oldOpenapi(view.request.headers.accept);
    if (version !== 'v3') return undefined;
    return rest.length === 0 ? openapiIndex(view) : openapiOf(view, rest);
  },
};

const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26',
  compiler: 'gc',
  platform: 'linux/amd64',
};

export function answerNonResource(view: View, parts: readonly string[]): ApiAnswer {
  const { method } = view.request;
  const [first] = parts;
  if (first === undefined) return answerJson(200, { paths: [...Object.keys(routes)].map((path) => `/${path}`) });
  const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
  if (route !== undefined && method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  return route?.(view, parts) ?? notThere();
}

/** What the real server answers for paths that belong to no API. */
export const notThere = (): ApiAnswer => answer(404, '404 page not found\n', plainText);

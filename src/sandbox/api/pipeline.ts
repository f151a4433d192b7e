/** A request's way through a cluster: mishaps, who it is, what it wants, whether it may, the answer, the count. */
import { formatJson } from '../../core/json/text.ts';
import { sleep } from '../../seam/clock.ts';
import type { Rng } from '../../seam/rng.ts';
import { type DisorderControl, latencyOf, type Mishap, mishapOf } from '../disorder.ts';
import type { Authorizer } from '../rbac/authorizer.ts';
import { refuse } from '../rbac/refusal.ts';
import type { Act } from '../rbac/rules.ts';
import type { User } from '../registry/user.ts';
import type { World } from '../registry/world.ts';
import { type NotedRequest, type RequestLog, writeVerbs } from '../requests.ts';
import { isDryRun, type Trap, trapsIn } from '../traps.ts';
import { answer, jsonType } from './call.ts';
import { type Answerer, type ApiAnswer, type ApiRequest, CutError } from './exchange.ts';
import { authenticate, impersonate, type Tokens } from './identity.ts';
import { failedAfter, html, madeUpConflict, silence, throttled, troubled, unavailable } from './mishaps.ts';
import { answerNonResource } from './non-resource.ts';
import { badRequest, expired, internalError, qualified, RefusedError, statusOf, tooLong } from './refusals.ts';
import { type Asked, readPath } from './request-path.ts';
import { answerResource } from './resource-routes.ts';
import { verbOf } from './verb.ts';

export type Server = {
  readonly world: World;
  readonly tokens: Tokens;
  readonly authorizer: Authorizer;
  readonly disorder: DisorderControl;
  /** The chance that mishaps are drawn from. */
  readonly chance: Rng;
  readonly requests: RequestLog;
  readonly onTrap: (trap: Trap) => void;
};

export function answererOf(server: Server): Answerer {
  const { world, disorder, chance } = server;
  return async (request, signal) => {
    const asked = readPath(request.path);
    const verb = asked === undefined ? '' : verbOf(request.method, asked);
    const noted = note(server, request, asked, verb);
    const now = disorder.now();
    if (now.isDown === true) throw new CutError('refused');
    if (now.isBlackHole === true) return silence(signal);
    const latencyMs = latencyOf(now, chance);
    if (latencyMs > 0) await sleep(world.clock, latencyMs, signal);
    const warnings: string[] = [];
    const mishap = mishapOf(now, subjectOf(verb, asked), chance);
    const made = attempt(server, request, () => {
      if (asked === undefined) throw badRequest('the path cannot be read');
      if (lengthOf(request) > bodyBytesMax) throw tooLong(bodyBytesMax);
      return serve({ server, request, asked, verb, mishap, signal, noted, warn: (text) => warnings.push(text) });
    });
    if (mishap === 'lostAnswer' && made.status < 400) throw new CutError('reset');
    const said = mishap === 'errorAfter' && made.status < 400 ? refusalAnswer(failedAfter()) : made;
    noted.answered(said.status);
    return finished(said, warnings, request, server, signal);
  };
}

const bodyBytesMax = 3 * 1024 * 1024;
// Every character is at least a byte, so only a text that might be too long is measured.
const lengthOf = ({ body }: ApiRequest): number =>
  typeof body === 'string' && body.length * 3 > bodyBytesMax ? Buffer.byteLength(body) : (body?.length ?? 0);

type Attempt = {
  readonly server: Server;
  readonly request: ApiRequest;
  readonly asked: Asked;
  readonly verb: string;
  readonly mishap: Mishap;
  readonly signal: AbortSignal;
  readonly noted: NotedRequest;
  readonly warn: (text: string) => void;
};

function serve({ server, request, asked, verb, mishap, signal, noted, warn }: Attempt): ApiAnswer {
  const { world, tokens, authorizer, disorder, requests } = server;
  const { query, resource: path } = asked;
  switch (mishap) {
    case 'html':
      return html();
    case 'throttle':
      throw throttled(disorder.now());
    case 'error':
      throw unavailable();
    case 'conflict':
      throw madeUpConflict({ group: path?.group ?? '', resource: path?.resource ?? '', name: path?.name ?? '' });
    case 'gone':
      throw expired('The resourceVersion for the provided watch is too old.');
    case 'staleList':
      makeStale(world, query, disorder.now().staleVersions ?? 10);
      break;
    case 'emptyList':
      query.set('labelSelector', 'sandbox.invalid/nothing');
      break;
    case 'none':
    case 'errorAfter':
    case 'lostAnswer':
  }
  const user = impersonate(authenticate(request, tokens), request, authorizer);
  const authorize = (what: string): void => mustBeAllowed(authorizer, user, actOf(what, asked));
  authorize(verb);
  if (path === undefined) return answerNonResource({ world, requests, request, query }, asked.parts);
  return answerResource({
    world,
    user,
    authorizer,
    tokens,
    request,
    query,
    path,
    verb,
    signal,
    warn,
    noteEvent: noted.sent,
    authorize,
  });
}

/** Runs one request; what it refuses, and what breaks in it, become answers. */
function attempt(server: Server, request: ApiRequest, run: () => ApiAnswer): ApiAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof RefusedError) return refusalAnswer(error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    server.onTrap({ ...trapOf(server, request), kind: 'bugInSandbox', detail });
    return refusalAnswer(internalError(error instanceof Error ? error.message : String(error)));
  }
}

function refusalAnswer(error: RefusedError): ApiAnswer {
  const made = answer(error.refusal.code, formatJson(statusOf(error)));
  if (error.retryAfterSeconds === undefined) return made;
  return { ...made, headers: { ...made.headers, 'retry-after': String(error.retryAfterSeconds) } };
}

function finished(
  made: ApiAnswer,
  warnings: readonly string[],
  request: ApiRequest,
  { disorder, chance }: Server,
  signal: AbortSignal,
): ApiAnswer {
  const warning = [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
  const headers = warning === '' ? made.headers : { ...made.headers, warning };
  if (typeof made.body !== 'string') return { ...made, headers, body: troubled(made.body, disorder, chance, signal) };
  const isJson = made.headers['content-type']?.startsWith(jsonType) === true;
  if (!isJson || made.body === '') return { ...made, headers };
  return { ...made, headers, body: isForPeople(request) ? pretty(made.body) : `${made.body}\n` };
}

const isForPeople = ({ path, headers }: ApiRequest): boolean =>
  /[?&]pretty=(true|1)\b/.test(path) || /^(curl|Wget|Mozilla)\b/.test(headers['user-agent'] ?? '');
const pretty = (text: string): string => `${JSON.stringify(JSON.parse(text), null, 2)}\n`;

function mustBeAllowed(authorizer: Authorizer, user: User, act: Act): void {
  const { isAllowed, why } = authorizer.decide(user, act);
  if (!isAllowed) throw refuse(user, act, why);
}

function actOf(verb: string, { resource: path, parts }: Asked): Act {
  if (path === undefined) return { kind: 'path', verb, path: `/${parts.join('/')}` };
  const { group, resource, subresource, name } = path;
  const namespace = resource === 'namespaces' && group === '' ? path.name : path.namespace;
  return { kind: 'resource', verb, group, resource, subresource, namespace, name };
}

function note(server: Server, request: ApiRequest, asked: Asked | undefined, verb: string): NotedRequest {
  const path = asked?.resource;
  const query = asked?.query ?? new URLSearchParams();
  for (const kind of trapsIn(request, { verb, query, path })) {
    server.onTrap({ ...trapOf(server, request), kind, detail: '' });
  }
  return server.requests.note({
    verb,
    resource: path === undefined ? `/${asked?.parts[0] ?? ''}` : qualified(path),
    subresource: path?.subresource ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    user: request.headers['impersonate-user'] ?? '',
    isDryRun: isDryRun(request, { verb, query }),
  });
}

const trapOf = ({ world }: Server, { method, path, headers }: ApiRequest): Omit<Trap, 'kind' | 'detail'> => ({
  cluster: world.name,
  method,
  path,
  userAgent: headers['user-agent'] ?? '',
});

const subjectOf = (verb: string, asked: Asked | undefined): Parameters<typeof mishapOf>[1] => ({
  isWrite: writeVerbs.has(verb),
  isList: verb === 'list',
  isResumed: isResumed(verb, asked),
});

function isResumed(verb: string, asked: Asked | undefined): boolean {
  const version = asked?.query.get('resourceVersion') ?? '';
  if (verb === 'watch') return version !== '' && version !== '0';
  return verb === 'list' && asked?.query.has('continue') === true;
}

/** Makes a list one of an earlier version, as a follower that lags would answer. */
function makeStale(world: World, query: URLSearchParams, versions: number): void {
  if (query.has('continue')) return;
  const { store } = world;
  query.set('resourceVersion', String(Math.max(store.log.compacted(), store.revision() - versions, 1)));
  query.set('resourceVersionMatch', 'Exact');
}

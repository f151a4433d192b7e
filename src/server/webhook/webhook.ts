/** Webhooks of forges: they bring the next look at a repository forward. Losing all of them changes when, never what. */
import { parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { RepositoryId } from '../../core/model/id.ts';
import { Budget } from '../../engine/publish/budget.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Metrics } from '../../seam/metric.ts';
import { type Reply, type Route, type RouteRequest, textReply } from '../route.ts';
import { Calm } from './calm.ts';
import { type Followed, meantBy } from './meant.ts';
import type { News } from './news.ts';
import { isProven } from './proof.ts';
import { type Sender, senders } from './senders.ts';

export type WebhookDeps = {
  /** As they are now. Rejects with FaultError when none can be read. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly repositories: readonly Followed[];
  /** Look at its branch soon. */
  readonly wake: (repository: RepositoryId) => void;
  /** Look at its pull requests soon; absent where nobody does. */
  readonly wakePullRequests?: (repository: RepositoryId) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** What became of a delivery. */
type Outcome = 'taken' | 'known' | 'ignored' | 'refused' | 'unreadable' | 'unknown' | 'limited' | 'unready';

const replies: Readonly<Record<Outcome, Reply>> = {
  taken: textReply(202, 'thank you'),
  known: textReply(202, 'known already'),
  ignored: textReply(202, 'nothing to do'),
  refused: textReply(401, 'not signed with a secret that is known here'),
  unreadable: textReply(400, 'not JSON in UTF-8'),
  unknown: textReply(404, 'no repository that is followed here'),
  limited: { ...textReply(429, 'too many'), headers: { 'content-type': 'text/plain', 'retry-after': '10' } },
  unready: textReply(503, 'no secret can be read'),
};

/** A push of very many commits may be longer; the next poll finds it. */
const bodyBytesMax = 1024 * 1024;
/** Deliveries that are remembered. */
const knownMax = 10_000;
/** Of those that are proven. What is not costs one digest and nothing else. */
const rate = { burst: 120, perHour: 36_000 };

/** Shape: one route for each kind of forge. */
export function webhookRoutes(deps: WebhookDeps): readonly Route[] {
  const known = new Set<string>();
  const budget = new Budget(rate, deps.clock);
  const byId = new Map<string, RepositoryId>(deps.repositories.map(({ id }) => [id, id]));
  const calmly = (wake: ((repository: RepositoryId) => void) | undefined): Calm =>
    new Calm((key) => {
      const id = byId.get(key);
      if (id !== undefined) wake?.(id);
    }, deps.clock);
  const calm = { heads: calmly(deps.wake), pullRequests: calmly(deps.wakePullRequests) };

  const isKnown = (delivery: string): boolean => {
    if (known.has(delivery)) return true;
    known.add(delivery);
    const [oldest] = known;
    if (known.size > knownMax && oldest !== undefined) known.delete(oldest);
    return false;
  };

  const wake = (news: Exclude<News, { kind: 'other' }>): Outcome => {
    const meant = meantBy(news.repository, deps.repositories);
    for (const { id, branch } of meant) {
      // Whoever pushes to another branch may push to that of a pull request.
      calm.pullRequests.wake(id);
      const isOurs = news.kind === 'pullRequest' || branch === 'HEAD' || news.branches.includes(branch);
      if (isOurs) calm.heads.wake(id);
    }
    return meant.length === 0 ? 'unknown' : 'taken';
  };

  const take = (
    forge: string,
    sender: Sender,
    { headers, body }: RouteRequest,
    secrets: readonly string[],
  ): Outcome => {
    if (!isProven({ headers, body }, sender.proofs, secrets)) return 'refused';
    if (budget.left < 1) return 'limited';
    budget.spend();
    const json = jsonIn(body, headers['content-type'] ?? '');
    if (json === undefined) return 'unreadable';
    const news = sender.read(headers[sender.event ?? ''] ?? '', json);
    if (news.kind === 'other') return 'ignored';
    const delivery = headers[sender.delivery ?? ''] ?? '';
    if (delivery !== '' && isKnown(`${forge} ${delivery}`)) return 'known';
    return wake(news);
  };

  let trouble: string | undefined;
  const secretsNow = async (): Promise<readonly string[] | undefined> => {
    try {
      const secrets = await deps.secrets();
      trouble = undefined;
      return secrets;
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      // Once, and not for everybody who asks.
      if (trouble !== error.message) deps.log.warn('webhook secrets cannot be read', { reason: error.message });
      trouble = error.message;
      return undefined;
    }
  };

  return Object.entries(senders).map(([forge, sender]) => ({
    method: 'POST',
    path: `/webhooks/${forge}`,
    bodyBytesMax,
    answer: async (request) => {
      const secrets = await secretsNow();
      const outcome = secrets === undefined ? 'unready' : take(forge, sender, request, secrets);
      deps.metrics.count('webhooks', { forge, outcome });
      return replies[outcome];
    },
  }));
}

/** Shape: undefined for what is no JSON. Some forges put it into a form, unless they are told otherwise. */
function jsonIn(body: Uint8Array, contentType: string): Json | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const isForm = contentType.startsWith('application/x-www-form-urlencoded');
    return parseJson(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    return undefined;
  }
}

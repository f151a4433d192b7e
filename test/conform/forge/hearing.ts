/** Landfall's own receiver of webhooks, listening for a forge; keeps all that is told, and what became of it. */
import { parseJson } from '../../../src/core/json/text.ts';
import type { Json } from '../../../src/core/json/value.ts';
import { repositoryId } from '../../../src/core/model/id.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { noMetrics } from '../../../src/seam/metric.ts';
import type { Route } from '../../../src/server/route.ts';
import { serve } from '../../../src/server/server.ts';
import { webhookRoutes } from '../../../src/server/webhook/webhook.ts';

export type Heard = {
  readonly event: string;
  readonly delivery: string;
  /** What the forge was answered. */
  readonly status: number;
  readonly json: Json;
};

export type Hearing = AsyncDisposable & {
  readonly url: string;
  readonly all: readonly Heard[];
  /** What was to be looked at sooner, in order. */
  readonly woken: readonly string[];
  /** Resolves with the first that fits, now or later. Errors: rejects when there is none for a long time. */
  readonly heard: (isIt: (heard: Heard) => boolean) => Promise<Heard>;
};

const patienceMs = 20_000;

/** `url`: of the repository, as the settings have it. */
export async function listenForHooks(secret: string, url: string): Promise<Hearing> {
  const all: Heard[] = [];
  const woken: string[] = [];
  const waiting = new Set<() => void>();
  const routes = webhookRoutes({
    secrets: async () => ['another-secret', secret],
    repositories: [{ id: repositoryId('fleet'), url, branch: 'main' }],
    wake: (id) => void woken.push(`head of ${id}`),
    wakePullRequests: (id) => void woken.push(`pull requests of ${id}`),
    clock: systemClock,
    log: silentLog,
    metrics: noMetrics,
  }).map(
    (route): Route => ({
      ...route,
      answer: async (request, signal) => {
        const reply = await route.answer(request, signal);
        const { headers, body } = request;
        const json = parseJson(Buffer.from(body).toString('utf8'));
        const [event = '', delivery = ''] = [headers['x-gitea-event'], headers['x-gitea-delivery']];
        all.push({ event, delivery, status: reply.status, json });
        for (const look of waiting) look();
        return reply;
      },
    }),
  );
  const server = await serve({ host: '127.0.0.1', port: 0 }, routes, { log: silentLog, metrics: noMetrics });
  return {
    url: `${server.url}/webhooks/gitea`,
    all,
    woken,
    heard: (isIt) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = all.find(isIt);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`not heard; only: ${JSON.stringify(all).slice(0, 1_000)}`));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

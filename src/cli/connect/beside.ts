/** What works beside an engine: statuses told, pins moved, pull requests planned, and the HTTP server. */
import type { Engine } from '../../engine/engine.ts';
import { startPreviews } from '../../engine/preview/start.ts';
import { stagePlanner } from '../../engine/promote/stage-planner.ts';
import { type Promoting, startPromoting } from '../../engine/promote/start.ts';
import { startPublishing } from '../../engine/publish/start.ts';
import { healthRoutes } from '../../server/health.ts';
import { type MetricsDeps, metricsRoute } from '../../server/metrics.ts';
import { startPulse } from '../../server/pulse.ts';
import { serve } from '../../server/server.ts';
import type { Settings } from '../settings/settings.ts';
import type { Surroundings } from '../surroundings.ts';
import { openDashboard } from './dashboard.ts';
import type { Parts } from './parts.ts';
import { webhooksOf } from './webhooks.ts';

export type Beside = {
  /** Of the HTTP server. */
  readonly url: string;
  /** How it is with every pinned stage. */
  readonly promotions: Promoting['states'];
  /** Resolves when all is told that can be told now. */
  readonly flush: () => Promise<void>;
  /** Resolves when the signal has fired and nothing is under way any more. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends the HTTP server, which goes on after the signal. */
  readonly close: () => Promise<void>;
};

/** Begun before the engine runs; until then it does nothing. Errors: misconfigured, when the address cannot be listened on. */
export async function startBeside(
  engine: Engine,
  settings: Settings,
  { engineSettings, engineDeps, sinksOf, previewForgeOf, requestsOf, log }: Parts,
  metrics: MetricsDeps['metrics'],
  { clock, rng, signal: stop }: Pick<Surroundings, 'clock' | 'rng' | 'signal'>,
): Promise<Beside> {
  const failing = new AbortController();
  const signal = AbortSignal.any([stop, failing.signal]);
  const planStage = stagePlanner({ ...engineDeps, engine });
  const onAdvice = (): void => telling.wake();
  const promoting = startPromoting(engine, { requestsOf, planStage, clock, log, metrics, onAdvice }, signal);
  const { adviceFor } = promoting;
  const telling = startPublishing(engine, { sinksOf, adviceFor, clock, log, metrics }, signal);
  const { installation } = engineSettings;
  const previewing = startPreviews(engine, { ...engineDeps, installation, forgeOf: previewForgeOf }, signal);
  const ended = Promise.all([telling.ended, promoting.ended, previewing.ended]).then(() => undefined);
  const pulse = startPulse(clock);
  try {
    const seen = {
      told: telling.told,
      moves: promoting.states,
      plans: previewing.plans,
      clock,
      rng,
      log,
      metrics,
      signal,
    };
    const server = await serve(
      settings.server,
      [
        ...healthRoutes({ engine, lateMs: pulse.lateMs }),
        metricsRoute({ cells: () => engine.ledger.cells.values(), metrics }),
        ...webhooksOf(settings, engine, { clock, log, metrics, wakePullRequests: (id) => promoting.wake(id) }),
        ...(await openDashboard(engine, settings, seen)),
      ],
      { log, metrics },
    );
    return {
      url: server.url,
      promotions: promoting.states,
      flush: telling.flush,
      ended,
      close: async () => {
        pulse.stop();
        await server.close();
      },
    };
  } catch (error) {
    failing.abort(error);
    await ended;
    pulse.stop();
    throw error;
  }
}

/** The real Landfall of the demo: engine, statuses in notes, HTTP server, as `landfall run` has them. */
import { openMetrics } from '../../edge/metric/metric.ts';
import { Engine } from '../../engine/engine.ts';
import { startPreviews } from '../../engine/preview/start.ts';
import { stagePlanner } from '../../engine/promote/stage-planner.ts';
import { type Promoting, startPromoting } from '../../engine/promote/start.ts';
import { startPublishing } from '../../engine/publish/start.ts';
import { healthRoutes } from '../../server/health.ts';
import { metricsRoute } from '../../server/metrics.ts';
import { startPulse } from '../../server/pulse.ts';
import { type Listening, serve } from '../../server/server.ts';
import { openDashboard } from '../connect/dashboard.ts';
import { openParts } from '../connect/parts.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';

export type Controller = {
  readonly engine: Engine;
  readonly url: string;
  /** How it is with every pinned stage. */
  readonly promotions: Promoting['states'];
  /** Resolves when all is told that can be told now. */
  readonly flush: () => Promise<void>;
  /** Resolves when it has ended, or broken. */
  readonly ended: Promise<void>;
  /** Rejects with the bug that ended it, if one did. */
  readonly stop: () => Promise<void>;
};

/** Errors: as `openParts`, and misconfigured when the port is taken. */
export async function startController(settingsFile: string, around: Surroundings): Promise<Controller> {
  const { folder, environment, clock, rng } = around;
  // What the user has set for other Landfalls is not for this one.
  const flags = { logLevel: environment.LANDFALL_LOG_LEVEL };
  const settings = await readSettings({ config: settingsFile, flags, folder, environment: {} });
  const metrics = await openMetrics();
  const parts = await openParts(settings, { isOneShot: true, metrics }, around);
  const { engineSettings, engineDeps, sinksOf, previewForgeOf, requestsOf, log } = parts;
  const engine = new Engine(engineSettings, engineDeps);
  const stopping = new AbortController();
  const { signal } = stopping;
  const telling = startPublishing(engine, { sinksOf, clock, log, metrics }, signal);
  const planStage = stagePlanner({ ...engineDeps, engine });
  const promoting = startPromoting(engine, { requestsOf, planStage, clock, log, metrics }, signal);
  const { installation } = engineSettings;
  const previewing = startPreviews(engine, { ...engineDeps, installation, forgeOf: previewForgeOf }, signal);
  const pulse = startPulse(clock);
  const server = await openServer().catch(async (error: unknown) => {
    stopping.abort(error);
    await Promise.all([telling.ended, previewing, promoting.ended]);
    pulse.stop();
    await parts.close();
    throw error;
  });
  const running = engine.run(signal);
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  async function openServer(): Promise<Listening> {
    const dashboard = await openDashboard(engine, settings, {
      told: telling.told,
      moves: promoting.states,
      clock,
      rng,
      log,
      signal,
    });
    const routes = [
      ...healthRoutes({ engine, lateMs: pulse.lateMs }),
      metricsRoute({ cells: () => engine.ledger.cells.values(), metrics }),
      ...dashboard,
    ];
    return serve(settings.server, routes, { log });
  }
  return {
    engine,
    url: server.url,
    promotions: promoting.states,
    flush: telling.flush,
    ended,
    stop: async () => {
      stopping.abort(new Error('the demo ends'));
      try {
        await Promise.all([telling.ended, previewing, promoting.ended]);
        await running;
      } finally {
        pulse.stop();
        await server.close();
        await parts.close();
      }
    },
  };
}

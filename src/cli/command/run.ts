/** `landfall run`: the controller. Follows repositories and clusters until it is told to stop. */
import { openMetrics } from '../../edge/metric/metric.ts';
import { Engine } from '../../engine/engine.ts';
import { startPreviews } from '../../engine/preview/start.ts';
import { stagePlanner } from '../../engine/promote/stage-planner.ts';
import { startPromoting } from '../../engine/promote/start.ts';
import { startPublishing } from '../../engine/publish/start.ts';
import { DeadlineError, deadlineOf } from '../../seam/clock.ts';
import { healthRoutes } from '../../server/health.ts';
import { metricsRoute } from '../../server/metrics.ts';
import { startPulse } from '../../server/pulse.ts';
import { serve } from '../../server/server.ts';
import { openDashboard } from '../connect/dashboard.ts';
import { openParts, type Parts } from '../connect/parts.ts';
import { webhooksOf } from '../connect/webhooks.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';

export type RunOptions = {
  readonly config?: string | undefined;
  readonly listen?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly refObjectsAvailableScope?: string | undefined;
};

/** From the signal to the end of everything: leases given up, the last requests answered. Below a pod's 30 s of grace. */
const stopMs = 20_000;

export async function run(options: RunOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment } = around;
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const metrics = await openMetrics();
  const parts = await openParts(settings, { isOneShot: false, metrics }, around);
  try {
    return await control(settings, parts, metrics, around);
  } finally {
    await parts.close();
  }
}

async function control(
  settings: Settings,
  { engineSettings, engineDeps, sinksOf, previewForgeOf, requestsOf, log }: Parts,
  metrics: Awaited<ReturnType<typeof openMetrics>>,
  around: Surroundings,
): Promise<ExitCode> {
  const { clock, rng, signal } = around;
  const engine = new Engine(engineSettings, engineDeps);
  // They do nothing before the engine runs.
  const telling = startPublishing(engine, { sinksOf, clock, log, metrics }, signal);
  const planStage = stagePlanner({ ...engineDeps, engine });
  const promoting = startPromoting(engine, { requestsOf, planStage, clock, log, metrics }, signal);
  const dashboard = await openDashboard(engine, settings, {
    told: telling.told,
    moves: promoting.states,
    clock,
    rng,
    log,
    signal,
  });
  const pulse = startPulse(clock);
  const routes = [
    ...healthRoutes({ engine, lateMs: pulse.lateMs }),
    metricsRoute({ cells: () => engine.ledger.cells.values(), metrics }),
    ...webhooksOf(settings, engine, { clock, log, metrics, wakePullRequests: (id) => promoting.wake(id) }),
    ...dashboard,
  ];
  const server = await serve(settings.server, routes, { log });
  log.info('landfall runs', { listen: server.url, installation: settings.installation, holder: engineSettings.holder });
  const { installation } = engineSettings;
  const previewing = startPreviews(engine, { ...engineDeps, installation, forgeOf: previewForgeOf }, signal);
  try {
    await untilStopped(Promise.all([engine.run(signal), telling.ended, previewing, promoting.ended]), around);
    log.info('landfall has stopped');
    return 0;
  } catch (error) {
    log.error('landfall ends', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    return 1;
  } finally {
    pulse.stop();
    await server.close();
  }
}

/** Resolves when the engine has ended, which it does some time after the signal; rejects when that takes too long. */
async function untilStopped(running: Promise<unknown>, { clock, signal }: Surroundings): Promise<void> {
  const late = Promise.withResolvers<never>();
  // Nobody may be waiting any more when it is late.
  late.promise.catch(() => undefined);
  const onStop = (): void => {
    const deadline = deadlineOf(clock, stopMs, new AbortController().signal);
    deadline.signal.addEventListener('abort', () => late.reject(new DeadlineError(stopMs)), { once: true });
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  await Promise.race([running, late.promise]);
}

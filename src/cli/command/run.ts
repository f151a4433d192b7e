/** `landfall run`: the controller. Follows repositories and clusters until it is told to stop. */
import { openMetrics } from '../../edge/metric/metric.ts';
import { Engine } from '../../engine/engine.ts';
import { DeadlineError, deadlineOf } from '../../seam/clock.ts';
import { startBeside } from '../connect/beside.ts';
import { openParts, type Parts } from '../connect/parts.ts';
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
  parts: Parts,
  metrics: Awaited<ReturnType<typeof openMetrics>>,
  around: Surroundings,
): Promise<ExitCode> {
  const { signal } = around;
  const { engineSettings, engineDeps, log } = parts;
  const engine = new Engine(engineSettings, engineDeps);
  const beside = await startBeside(engine, settings, parts, metrics, around);
  log.info('landfall runs', { listen: beside.url, installation: settings.installation, holder: engineSettings.holder });
  try {
    await untilStopped(Promise.all([engine.run(signal), beside.ended]), around);
    log.info('landfall has stopped');
    return 0;
  } catch (error) {
    log.error('landfall ends', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    return 1;
  } finally {
    await beside.close();
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

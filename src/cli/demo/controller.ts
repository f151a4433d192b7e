/** The real Landfall of the demo: engine and all that works beside it, as `landfall run` has them. */
import { openMetrics } from '../../edge/metric/metric.ts';
import { Engine } from '../../engine/engine.ts';
import { type Beside, startBeside } from '../connect/beside.ts';
import { openParts } from '../connect/parts.ts';
import { readSettings } from '../settings/read.ts';
import type { Surroundings } from '../surroundings.ts';

export type Controller = Pick<Beside, 'flush' | 'promotions' | 'url'> & {
  readonly engine: Engine;
  /** Resolves when it has ended, or broken. */
  readonly ended: Promise<void>;
  /** Rejects with the bug that ended it, if one did. */
  readonly stop: () => Promise<void>;
};

/** Errors: as `openParts`, and misconfigured when the port is taken. */
export async function startController(settingsFile: string, around: Surroundings): Promise<Controller> {
  const { folder, environment } = around;
  // What the user has set for other Landfalls is not for this one.
  const flags = { logLevel: environment.LANDFALL_LOG_LEVEL };
  const settings = await readSettings({ config: settingsFile, flags, folder, environment: {} });
  const metrics = await openMetrics();
  const parts = await openParts(settings, { isOneShot: true, metrics }, around);
  const engine = new Engine(parts.engineSettings, parts.engineDeps);
  const stopping = new AbortController();
  const { signal } = stopping;
  const beside = await startBeside(engine, settings, parts, metrics, { ...around, signal }).catch(
    async (error: unknown) => {
      await parts.close();
      throw error;
    },
  );
  const running = engine.run(signal);
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  return {
    engine,
    url: beside.url,
    promotions: beside.promotions,
    flush: beside.flush,
    ended,
    stop: async () => {
      stopping.abort(new Error('the demo ends'));
      try {
        await beside.ended;
        await running;
      } finally {
        await beside.close();
        await parts.close();
      }
    },
  };
}

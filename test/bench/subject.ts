/** The measured Landfall: what `landfall run` runs, and answers about itself. `node test/bench/subject.ts <settings file>` */
import { openParts } from '../../src/cli/connect/parts.ts';
import { readSettings } from '../../src/cli/settings/read.ts';
import type { Surroundings, Terminal } from '../../src/cli/surroundings.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { Engine } from '../../src/engine/engine.ts';
import { isWell } from '../../src/server/api/cell-answer.ts';
import { answer, nowMs } from './asking.ts';

export type Convergence = {
  readonly commit: string;
  /** Whose cells count. */
  readonly clusters: readonly string[];
  /** How many cells there are to be. */
  readonly cells: number;
};

export type Memory = { readonly heapBytes: number; readonly externalBytes: number; readonly rssBytes: number };

export type SubjectQuestions = {
  /** Resolves when all cells are synced and healthy at the commit, with the moment of that. */
  readonly converged: readonly [Convergence, number];
  /** Resolves when these clusters are connected. */
  readonly connected: readonly [readonly string[], number];
  /** One look at the repository, as the interval or a webhook brings it. */
  readonly poll: readonly [undefined, undefined];
  /** After a full garbage collection. */
  readonly memory: readonly [undefined, Memory];
};

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort(new Error('the benchmark ends')));

const terminal = (stream: NodeJS.WriteStream): Terminal => ({
  write: (text) => void stream.write(text),
  isTerminal: false,
  hasColour: false,
  columns: () => 80,
});
const around: Surroundings = {
  stdout: terminal(process.stdout),
  stderr: terminal(process.stderr),
  environment: {},
  folder: process.cwd(),
  clock: systemClock,
  rng: systemRng,
  signal: stopping.signal,
};

const settings = await readSettings({ config: process.argv[2], flags: {}, folder: around.folder, environment: {} });
const parts = await openParts(settings, { isOneShot: true }, around);
const engine = new Engine(parts.engineSettings, parts.engineDeps);
const running = engine.run(stopping.signal);

/** Resolves with the moment at which it was seen, at most one look a few milliseconds late. */
async function until(isSo: () => boolean): Promise<number> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  return nowMs();
}

function hasConverged({ commit, clusters, cells }: Convergence): boolean {
  const { revision, ledger } = engine;
  if (revision?.world.sources[0]?.head.value.commit !== commit) return false;
  const counted = new Set<string>(clusters);
  let well = 0;
  for (const status of ledger.cells.values()) {
    if (!counted.has(status.cluster)) continue;
    if (!isWell(status)) return false;
    well += 1;
  }
  return well === cells;
}

answer<SubjectQuestions>({
  converged: (asked) => until(() => hasConverged(asked)),
  connected: (clusters) =>
    until(() => {
      const ready = new Set<string>(
        [...engine.fleet.members.values()].filter(({ isReady }) => isReady).map(({ id }) => id),
      );
      return clusters.every((name) => ready.has(name));
    }),
  poll: async () => {
    await Promise.all(engine.repositories.map((repository) => repository.poll(stopping.signal)));
    return undefined;
  },
  memory: async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapBytes: heapUsed, externalBytes: external, rssBytes: rss };
  },
});

await running;
await parts.close();
process.exit(0);

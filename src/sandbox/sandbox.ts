/** Many pretend clusters in one process. No sockets here: see `net.ts` and `serve/` for ways to reach them. */
import type { Clock } from '../seam/clock.ts';
import type { Rng } from '../seam/rng.ts';
import { type SandboxCluster, sandboxCluster } from './cluster.ts';
import { builtinTables } from './registry/kinds.ts';
import { defaultSettings, type SandboxSettings } from './settings.ts';
import { parsedObjects } from './store/parsed.ts';
import type { Trap } from './traps.ts';

export type { SandboxCluster } from './cluster.ts';

export type Sandbox = {
  /** In the order asked for. */
  readonly clusters: readonly SandboxCluster[];
  /** Errors: a name that no cluster has is a bug in the caller's test. */
  readonly cluster: (name: string) => SandboxCluster;
  /** What clients did that no careful client does, and what broke in here. A test ends with this being empty. */
  readonly traps: () => readonly Trap[];
  /** Stops all controllers. Requests are still answered. */
  readonly close: () => void;
};

export type SandboxOptions = {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly clusters: readonly string[];
  readonly settings?: Partial<SandboxSettings>;
};

export function createSandbox({ clock, rng, clusters: names, settings: changed }: SandboxOptions): Sandbox {
  const settings = { ...defaultSettings, ...changed };
  const parsed = parsedObjects(settings.parsedMax);
  const builtin = builtinTables();
  const traps: Trap[] = [];
  const onTrap = (trap: Trap): void => {
    traps.push(trap);
  };
  const clusters = names.map((name) => sandboxCluster(name, settings, { clock, rng, parsed, builtin, onTrap }));
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return {
    clusters,
    cluster: (name) => {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`the sandbox has no cluster ${name}`);
      return found;
    },
    traps: () => [...traps],
    close: () => {
      for (const cluster of clusters) cluster.close();
    },
  };
}

/** Flux itself, running: its kinds on a hub, and its controllers. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../api-server.ts';
import { type ServerProcess, startServer } from '../process.ts';
import { freePorts, untilReady } from '../readiness.ts';
import { kubectlOf } from '../story/witness.ts';

export type FluxSettings = {
  /** Of its programs. */
  readonly programs: string;
  readonly hub: ApiServer;
  /** For what it keeps, and its logs. */
  readonly folder: string;
  readonly withHelm: boolean;
};

export type Flux = {
  readonly pids: readonly number[];
  /** As Deployments scaled to nothing: SIGTERM. */
  readonly stop: () => Promise<void>;
  readonly log: () => string;
};

/** Where Flux is installed, and where its objects are here. */
export const fluxSystem = 'flux-system';

/** Installs the kinds. */
export async function installFlux({ programs, hub }: Pick<FluxSettings, 'programs' | 'hub'>): Promise<void> {
  const kubectl = kubectlOf(hub);
  const definitions = join(programs, 'config/crd/bases');
  await kubectl('apply', '--server-side', '-f', definitions);
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', definitions);
  await kubectl('create', 'namespace', fluxSystem);
}

/** Resolves when all controllers say that they are ready. */
export async function startFlux({ programs, hub, folder, withHelm }: FluxSettings): Promise<Flux> {
  const [storage = 0, ...ports] = await freePorts(7);
  const places = { storage: join(folder, 'storage'), temporary: join(folder, 'temporary') };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  const address = `127.0.0.1:${storage}`;
  const environment = {
    KUBECONFIG: hub.kubeconfig(),
    RUNTIME_NAMESPACE: fluxSystem,
    SOURCE_CONTROLLER_LOCALHOST: address,
    TMPDIR: places.temporary,
  };
  const controllers = [
    [
      'source-controller',
      `--storage-path=${places.storage}`,
      `--storage-addr=${address}`,
      `--storage-adv-addr=${address}`,
      '--concurrent=10',
    ],
    ['kustomize-controller', '--concurrent=20', '--concurrent-ssa=8'],
    ...(withHelm ? [['helm-controller', '--concurrent=10']] : []),
  ];
  const processes: ServerProcess[] = [];
  const logOf = (name: string): string => join(folder, `${name}.log`);
  const stop = async (): Promise<void> => {
    for (const each of processes.splice(0).toReversed()) await each.end();
  };
  try {
    for (const [name = '', ...own] of controllers) {
      const [health, metrics] = ports.splice(0, 2);
      const flags = [
        '--events-addr=',
        `--health-addr=127.0.0.1:${health}`,
        `--metrics-addr=127.0.0.1:${metrics}`,
        ...own,
      ];
      const started = startServer(join(programs, name), flags, logOf(name), environment);
      processes.push(started);
      await untilReady(name, started, async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pids: processes.map(({ pid }) => pid),
    stop,
    log: () => controllers.map(([name = '']) => readFileSync(logOf(name), 'utf8')).join(''),
  };
}

/** The clusters of a benchmark: sandbox clusters in a process of their own, or real API servers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findOrBuildAssets } from '../cluster/assets.ts';
import { startControlPlanes } from '../cluster/control-plane.ts';
import { stop } from './program.ts';
import { added, countsInMetrics, lineOf, type RequestCounts } from './requests.ts';
import type { BenchCluster } from './workload.ts';

export type BenchClusters = {
  readonly clusters: readonly BenchCluster[];
  /** All requests of clients so far. */
  readonly requests: () => Promise<RequestCounts>;
  readonly stop: () => Promise<void>;
};

const main = join(import.meta.dirname, '../../src/main.ts');

/** `landfall sandbox`, whose processor time and memory are its own. */
export async function sandboxClusters(count: number, folder: string): Promise<BenchClusters> {
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=8192', main, 'sandbox', '--clusters', String(count), '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error('the sandbox ended before it was ready');
  const ready: { clusters: (BenchCluster & { server: string })[] } = JSON.parse(first.value);
  return {
    clusters: ready.clusters.map(({ name, kubeconfig }) => ({ name, kubeconfig })),
    requests: async () =>
      added(
        await Promise.all(
          ready.clusters.map(async ({ server }) => countsInMetrics(await (await fetch(`${server}/metrics`)).text())),
        ),
      ),
    stop: () => stop(child),
  };
}

/** kube-apiservers on this machine, without controllers. Errors: rejects where there are none to be had. */
export async function realClusters(count: number): Promise<BenchClusters> {
  const report = (line: string): void => console.error(`# ${line}`);
  const search = await findOrBuildAssets(report);
  if (search.kind === 'missing') throw new Error(search.reason);
  const planes = await startControlPlanes(search.assets, { count, withControllers: false, isAudited: true, report });
  // The audit log tells who asked; /metrics counts what the server asks itself, too.
  const marks = new Map(planes.servers.map((server) => [server.name, server.mark()]));
  const counts = new Map<string, number>();
  const read = (): void => {
    for (const server of planes.servers) {
      const since = marks.get(server.name)!;
      marks.set(server.name, server.mark());
      for (const { verb, resource, group, userAgent, status } of server.requestsSince(since)) {
        if (resource === undefined || !userAgent.startsWith('landfall')) continue;
        const line = lineOf(verb.toUpperCase(), resource, group, status);
        counts.set(line, (counts.get(line) ?? 0) + 1);
      }
    }
  };
  return {
    clusters: planes.servers.map((server) => ({ name: server.name, kubeconfig: server.kubeconfig() })),
    requests: () => {
      read();
      return Promise.resolve(new Map(counts));
    },
    stop: planes.stop,
  };
}

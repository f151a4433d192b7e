/** One cluster that takes connections and never answers: what does it cost the others? */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { kubeconfigText } from '../../src/sandbox/serve/kubeconfig.ts';
import type { Measurement } from './apply.ts';
import { nowMs } from './asking.ts';
import { type Bench, benchFleet, names } from './bench.ts';
import { figure, median } from './figures.ts';
import { appFiles, appsOf, type BenchCluster, clusterFiles } from './workload.ts';

export async function blackhole(bench: Bench): Promise<Measurement> {
  const hole = await blackHole(join(bench.folder, 'hole'));
  const without: number[] = [];
  const withHole: number[] = [];
  try {
    for (let run = 0; run < bench.runs; run += 1) {
      // In turns, and each goes first as often as the other: the machine is not the same from minute to minute.
      const order = run % 2 === 0 ? [without, withHole] : [withHole, without];
      for (const into of order) into.push(await convergence(bench, into === withHole ? hole.cluster : undefined));
      bench.say(`run ${run + 1}: without ${Math.round(without.at(-1)!)} ms, with ${Math.round(withHole.at(-1)!)} ms`);
    }
  } finally {
    await hole.close();
  }
  const middle = (values: readonly number[]): number => median(values.toSorted((a, b) => a - b));
  const allowedMs = Math.max(1_000, middle(without) * 0.05);
  return {
    figures: [
      figure('all answer', 'ms', without),
      figure('one is a black hole, the others', 'ms', withHole, middle(without) + allowedMs),
      figure('difference of the medians', 'ms', [middle(withHole) - middle(without)], allowedMs),
    ],
    objectRequests: bench.clusters * bench.objects,
    notes: [
      `from the start of the process to the last of ${bench.clusters - 1} clusters that answer converged; the black hole is one more`,
      'allowed is 5 % or 1 s, whichever is more',
    ],
  };
}

/** Landfall starts on a repository that has everything, the black hole among the clusters or not there at all. */
async function convergence(bench: Bench, hole: BenchCluster | undefined): Promise<number> {
  const fleet = await benchFleet(bench, bench.clusters - 1);
  try {
    const all = hole === undefined ? fleet.clusters : [...fleet.clusters, hole];
    const commit = await fleet.repository.commit({ ...clusterFiles(all), ...appFiles(bench.objects, fleet.name) });
    await fleet.repository.push();
    const startMs = nowMs();
    const subject = await fleet.start();
    try {
      const clusters = names(fleet.clusters);
      const cells = clusters.length * appsOf(bench.objects);
      return (await subject.ask('converged', { commit, clusters, cells })) - startMs;
    } finally {
      await subject.stop();
    }
  } finally {
    await fleet.stop();
  }
}

async function blackHole(folder: string): Promise<{ cluster: BenchCluster; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await mkdir(folder, { recursive: true });
  const kubeconfig = join(folder, 'hole.kubeconfig');
  // By name first of all clusters: whoever works in order of name meets it first.
  const name = 'a-black-hole';
  await writeFile(kubeconfig, kubeconfigText({ name, server: `http://127.0.0.1:${port}` }), { mode: 0o600 });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { cluster: { name, kubeconfig }, close };
}

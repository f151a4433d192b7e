/** Landfall and Flux, one after the other on the same API servers with the same repository: what each takes for the same. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../../cluster/api-server.ts';
import { findOrBuildAssets } from '../../cluster/assets.ts';
import { startControlPlanes } from '../../cluster/control-plane.ts';
import { installFlux } from '../../cluster/handover/flux.ts';
import { buildFlux } from '../../cluster/handover/old-controllers.ts';
import type { Measurement } from '../apply.ts';
import { nowMs } from '../asking.ts';
import type { Bench } from '../bench.ts';
import { type Figure, figure } from '../figures.ts';
import { memoryBytes } from '../program.ts';
import { benchRepository } from '../repository.ts';
import { type Goal, witness } from '../witness.ts';
import { type BenchCluster, changedFile, clusterFiles, type Files } from '../workload.ts';
import type { Contestant } from './contestant.ts';
import { type Cost, costOf } from './cost.ts';
import { flux } from './flux.ts';
import { landfall } from './landfall.ts';
import { appNames, hasValue, isLabelled, labelledFiles, seedFiles, wholeFiles } from './revisions.ts';

type Result = {
  readonly applyMs: number;
  readonly changeMs: number;
  /** For each cluster. */
  readonly changeRequests: number;
  readonly everyMs: number;
  /** For each object. */
  readonly everyRequests: number;
  readonly everyProcessorMs: number;
  /** On all clusters. */
  readonly roundRequests: number;
  readonly roundProcessorMs: number;
  readonly memoryMiB: number;
};

/** Changes of one object for each run; the first finds code cold and is not counted. */
const changes = 3;
const rounds = 3;

const notes = [
  'one after the other on the same API servers; the hub of Flux is one more, and what it takes is not counted',
  'times are from the end of `git push` until watches of the benchmark saw it on every cluster; both are told of the push as a webhook does',
  'Flux: a Kustomization for each App on each cluster, --concurrent=20 --concurrent-ssa=8, storage in memory, no events, no waiting',
  'sure that all is so still: Landfall looks at the repository, and its watches tell the rest; Flux has every Kustomization reconciled',
  'what was changed by hand Landfall puts back when its watch tells of it; Flux when the interval of the Kustomization is over',
];

export async function besideFlux(bench: Bench): Promise<Measurement> {
  const built = await buildFlux(bench.say);
  if (typeof built === 'string') throw new Error(`Flux cannot be had: ${built}`);
  const programs = built.folder;
  const search = await findOrBuildAssets(bench.say);
  if (search.kind === 'missing') throw new Error(search.reason);
  const count = bench.clusters + 1;
  const planes = await startControlPlanes(search.assets, { count, withControllers: false, isAudited: true });
  try {
    const [hub, ...members] = planes.servers;
    await installFlux({ programs, hub: hub! });
    const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const contestants = [landfall(bench), flux({ programs, hub: hub!, temporary })];
    const results = new Map(contestants.map((contestant) => [contestant, [] as Result[]]));
    for (let run = 0; run < bench.runs; run += 1) {
      // In turns, and each goes first as often as the other: the machine is not the same from minute to minute.
      for (const contestant of run % 2 === 0 ? contestants : contestants.toReversed()) {
        const result = await measure(contestant, members, `${contestant.name.toLowerCase()}-${run}`, bench);
        results.get(contestant)!.push(result);
        bench.say(`run ${run + 1}: ${contestant.name}: ${describe(result)}`);
      }
    }
    const [ours = [], theirs = []] = contestants.map((contestant) =>
      figuresOf(contestant.name, results.get(contestant) ?? []),
    );
    return {
      // Row by row, so that each stands beside its like.
      figures: ours.flatMap((each, index) => [each, theirs[index]!]),
      objectRequests: Math.max(...(results.get(contestants[0]!) ?? []).map(({ roundRequests }) => roundRequests)),
      notes,
    };
  } finally {
    await planes.stop();
  }
}

async function measure(
  contestant: Contestant,
  members: readonly ApiServer[],
  namespace: string,
  bench: Bench,
): Promise<Result> {
  const { objects } = bench;
  const clusters = members.map((each): BenchCluster => ({ name: each.name, kubeconfig: each.kubeconfig() }));
  const repository = await benchRepository(bench.git, namespace, join(bench.folder, 'clones'));
  await repository.commit({ ...clusterFiles(clusters), ...seedFiles(objects, namespace) });
  await repository.push();
  const running = await contestant.start({ namespace, members, repository, apps: appNames(objects) });
  const watching = await witness(clusters, namespace);
  const seen = { contestant, running, members };
  const push = async (files: Files, goal: Goal): Promise<Cost> => {
    await repository.commit(files);
    return costOf(seen, async () => {
      await repository.push();
      const pushedMs = nowMs();
      const reached = watching.reached(goal);
      await running.tell();
      return (await reached) - pushedMs;
    });
  };
  try {
    const first = await push(wholeFiles(objects, namespace), { count: objects, isSo: () => true });
    const single: Cost[] = [];
    for (let index = 0; index <= changes; index += 1)
      single.push(await push(changedFile(objects, `change ${index}`), { count: 1, isSo: hasValue(`change ${index}`) }));
    const every = await push(labelledFiles(objects, namespace), { count: objects, isSo: isLabelled });
    const resting: Cost[] = [];
    for (let index = 0; index < rounds; index += 1) resting.push(await costOf(seen, timed(running.round)));
    const counted = single.slice(1);
    const all = objects * members.length;
    return {
      applyMs: first.durationMs,
      changeMs: mean(counted.map(({ durationMs }) => durationMs)),
      changeRequests: mean(counted.map(({ requests }) => requests)) / members.length,
      everyMs: every.durationMs,
      everyRequests: every.requests / all,
      everyProcessorMs: every.processorMs / all,
      roundRequests: mean(resting.map(({ requests }) => requests)),
      roundProcessorMs: mean(resting.map(({ processorMs }) => processorMs)),
      memoryMiB: sum(running.pids.map((pid) => memoryBytes(pid) ?? Number.NaN)) / 2 ** 20,
    };
  } finally {
    watching.stop();
    await running.stop();
  }
}

const timed = (work: () => Promise<void>) => async (): Promise<number> => {
  const startMs = nowMs();
  await work();
  return nowMs() - startMs;
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

const describe = ({ applyMs, changeMs, everyMs }: Result): string =>
  `applied in ${Math.round(applyMs)} ms, one change ${Math.round(changeMs)} ms, all changed ${Math.round(everyMs)} ms`;

function figuresOf(name: string, results: readonly Result[]): readonly Figure[] {
  const row = (title: string, unit: string, of: (result: Result) => number): Figure =>
    figure(`${title}: ${name}`, unit, results.map(of));
  return [
    row('all there', 's', ({ applyMs }) => applyMs / 1_000),
    row('one object changed, on the last cluster', 'ms', ({ changeMs }) => changeMs),
    row('  requests per cluster', '', ({ changeRequests }) => changeRequests),
    row('every object changed', 's', ({ everyMs }) => everyMs / 1_000),
    row('  requests per object', '', ({ everyRequests }) => everyRequests),
    row('  processor', 'ms/object', ({ everyProcessorMs }) => everyProcessorMs),
    row('sure that all is so still: requests', '', ({ roundRequests }) => roundRequests),
    row('  processor', 'ms', ({ roundProcessorMs }) => roundProcessorMs),
    row('memory, with all child processes', 'MiB', ({ memoryMiB }) => memoryMiB),
  ];
}

/** From nothing to converged: objects per second and requests per object, beside the lower bound of the same run. */

import { nowMs } from './asking.ts';
import { type Bench, benchFleet, names, requestsMax, startFloor } from './bench.ts';
import { type Figure, figure } from './figures.ts';
import { processorMs } from './program.ts';
import { between, describeCounts, objectRequests, type RequestCounts } from './requests.ts';
import { appFiles, appsOf } from './workload.ts';

type Run = {
  readonly oursMs: number;
  readonly floorMs: number;
  readonly oursProcessorMs: number;
  readonly floorProcessorMs: number;
  readonly requests: RequestCounts;
};

export type Measurement = {
  readonly figures: readonly Figure[];
  readonly objectRequests: number;
  readonly notes: readonly string[];
};

export async function apply(bench: Bench): Promise<Measurement> {
  const runs: Run[] = [];
  for (let run = 0; run < bench.runs; run += 1) {
    // Who goes first changes, so that neither always meets the warmer machine.
    const floorFirst = run % 2 === 0;
    const before = floorFirst ? await flood(bench) : undefined;
    const ours = await converge(bench);
    const floor = before ?? (await flood(bench));
    runs.push({ ...ours, ...floor });
    bench.say(`run ${run + 1}: ours ${Math.round(ours.oursMs)} ms, lower bound ${Math.round(floor.floorMs)} ms`);
  }
  const all = bench.clusters * bench.objects;
  const perObject = runs.map(({ requests }) => objectRequests(requests) / all);
  const { requests } = runs.at(-1)!;
  return {
    figures: [
      figure(
        'ours',
        'objects/s',
        runs.map(({ oursMs }) => (all / oursMs) * 1_000),
      ),
      figure(
        'lower bound',
        'objects/s',
        runs.map(({ floorMs }) => (all / floorMs) * 1_000),
      ),
      figure(
        'ours, whole',
        's',
        runs.map(({ oursMs }) => oursMs / 1_000),
      ),
      figure(
        'lower bound, whole',
        's',
        runs.map(({ floorMs }) => floorMs / 1_000),
      ),
      figure(
        'ours / lower bound, time',
        'x',
        runs.map(({ oursMs, floorMs }) => oursMs / floorMs),
        1.11,
      ),
      figure('requests per object', '', perObject, 1 + (appsOf(bench.objects) * 2 + 4) / bench.objects),
      figure(
        'processor, ours',
        'ms/object',
        runs.map(({ oursProcessorMs }) => oursProcessorMs / all),
        0.5,
      ),
      figure(
        'processor, lower bound',
        'ms/object',
        runs.map(({ floorProcessorMs }) => floorProcessorMs / all),
      ),
    ],
    objectRequests: objectRequests(requests),
    notes: [
      'ours: from the look at the pushed commit to the last cell synced and healthy; fetching, reading, compiling and the records included',
      'lower bound: the same objects by the same client with the same number of requests in flight, kinds known and connections open',
      `requests of one run: ${describeCounts(requests)}`,
    ],
  };
}

async function converge(bench: Bench): Promise<Pick<Run, 'oursMs' | 'oursProcessorMs' | 'requests'>> {
  const fleet = await benchFleet(bench);
  const subject = await fleet.start();
  try {
    const clusters = names(fleet.clusters);
    await subject.ask('connected', clusters);
    const commit = await fleet.repository.commit(appFiles(bench.objects, fleet.name));
    await fleet.repository.push();
    const before = await fleet.requests();
    const processorBefore = processorMs(subject.pid) ?? Number.NaN;
    const startMs = nowMs();
    await subject.ask('poll', undefined);
    const cells = clusters.length * appsOf(bench.objects);
    const endMs = await subject.ask('converged', { commit, clusters, cells });
    const oursProcessorMs = (processorMs(subject.pid) ?? Number.NaN) - processorBefore;
    return { oursMs: endMs - startMs, oursProcessorMs, requests: between(before, await fleet.requests()) };
  } finally {
    await subject.stop();
    await fleet.stop();
  }
}

async function flood(bench: Bench): Promise<Pick<Run, 'floorMs' | 'floorProcessorMs'>> {
  const { clusters, stop } = await bench.takeClusters(bench.clusters);
  const floor = startFloor();
  try {
    const namespace = `floor-${floor.pid}`;
    await floor.ask('connect', { clusters, namespace });
    const before = processorMs(floor.pid) ?? Number.NaN;
    const floorMs = await floor.ask('flood', { objects: bench.objects, namespace, requestsMax });
    return { floorMs, floorProcessorMs: (processorMs(floor.pid) ?? Number.NaN) - before };
  } finally {
    await floor.stop();
    await stop();
  }
}

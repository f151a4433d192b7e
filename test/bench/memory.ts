/** What a cluster and what an object costs in memory: three fleets, and the differences between them. */
import type { Measurement } from './apply.ts';
import type { Bench } from './bench.ts';
import { convergedFleet } from './converged.ts';
import { figure } from './figures.ts';
import type { Memory } from './subject.ts';

/** One object of each kind: all watches are there, and nothing else. */
const fewObjects = 10;

export async function memory(bench: Bench): Promise<Measurement> {
  const { clusters, objects } = bench;
  const runs: { readonly one: Memory; readonly few: Memory; readonly all: Memory; readonly repository: Memory }[] = [];
  for (let run = 0; run < bench.runs; run += 1) {
    const one = await memoryOf(bench, 1, fewObjects);
    const few = await memoryOf(bench, clusters, fewObjects);
    // What is in Git is held once, however many clusters there are.
    const repository = await memoryOf(bench, 1, objects);
    const all = await memoryOf(bench, clusters, objects);
    runs.push({ one, few, all, repository });
    bench.say(`run ${run + 1}: heap ${mebibytes(usedOf(all))} MiB, resident ${mebibytes(all.rssBytes)} MiB`);
  }
  const perCluster = (bytes: (memory: Memory) => number): readonly number[] =>
    runs.map(({ one, few }) => (bytes(few) - bytes(one)) / (clusters - 1) / 1_024);
  const perObject = (bytes: (memory: Memory) => number): readonly number[] =>
    runs.map(
      ({ one, few, all, repository }) =>
        (bytes(all) - bytes(few) - (bytes(repository) - bytes(one))) / (clusters - 1) / (objects - fewObjects),
    );
  return {
    figures: [
      figure('per cluster, heap', 'KiB', perCluster(usedOf), 256),
      figure(
        'per cluster, resident',
        'KiB',
        perCluster(({ rssBytes }) => rssBytes),
      ),
      figure('per object, heap', 'B', perObject(usedOf), 256),
      figure(
        'per object, resident',
        'B',
        perObject(({ rssBytes }) => rssBytes),
      ),
      figure(
        'per object in Git, heap',
        'B',
        runs.map(({ one, repository }) => (usedOf(repository) - usedOf(one)) / (objects - fewObjects)),
      ),
      figure(
        'whole, heap',
        'MiB',
        runs.map(({ all }) => usedOf(all) / 2 ** 20),
      ),
      figure(
        'whole, resident',
        'MiB',
        runs.map(({ all }) => all.rssBytes / 2 ** 20),
      ),
    ],
    objectRequests: 0,
    notes: [
      'heap: live objects and what they hold outside of the heap, after full garbage collections; resident: as the system counts the process then, free heap included',
      `a cluster: one more, with ${fewObjects} objects of four kinds and so five watches; an object: one more on one cluster, when Git has it already`,
      'the processes that speak Git and read YAML are not counted: they end when idle',
    ],
  };
}

async function memoryOf(bench: Bench, clusters: number, objects: number): Promise<Memory> {
  const { subject, stop } = await convergedFleet(bench, objects, clusters);
  try {
    return await subject.ask('memory', undefined);
  } finally {
    await stop();
  }
}

const usedOf = ({ heapBytes, externalBytes }: Memory): number => heapBytes + externalBytes;
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

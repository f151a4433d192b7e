/** What all benchmarks are run with: options, clusters, a Git server, a folder; and ways to start what is measured. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitServer } from '../../src/sandbox/serve-git.ts';
import { type Measured, measured } from './asking.ts';
import type { BenchClusters } from './clusters.ts';
import type { FloorQuestions } from './floor.ts';
import { type BenchRepository, benchRepository } from './repository.ts';
import type { SubjectQuestions } from './subject.ts';
import { type BenchCluster, clusterFiles, type Files } from './workload.ts';

export type BenchOptions = {
  readonly clusters: number;
  /** On each cluster. */
  readonly objects: number;
  readonly runs: number;
  readonly isReal: boolean;
};

export type Bench = BenchOptions & {
  readonly folder: string;
  readonly git: GitServer;
  /** Fresh ones for each run where that is cheap; give them back. */
  readonly takeClusters: (count: number) => Promise<BenchClusters>;
  readonly say: (line: string) => void;
};

export type Subject = Measured<SubjectQuestions>;

/** As Landfall's own default. */
export const requestsMax = 16;

/** A fleet with a repository of its own: nothing on it is of an earlier run. */
export type BenchFleet = {
  readonly name: string;
  readonly clusters: readonly BenchCluster[];
  readonly requests: BenchClusters['requests'];
  readonly repository: BenchRepository;
  /** Starts Landfall on it, again and again with the same state folder. */
  readonly start: (flags?: readonly string[]) => Promise<Subject>;
  readonly stop: () => Promise<void>;
};

let fleets = 0;

/** `more`: files of the first commit beside the clusters. */
export async function benchFleet(bench: Bench, count = bench.clusters, more: Files = {}): Promise<BenchFleet> {
  const taken = await bench.takeClusters(count);
  fleets += 1;
  const name = `bench-${process.pid}-${fleets}`;
  const repository = await benchRepository(bench.git, name, join(bench.folder, 'clones'));
  await repository.commit({ ...clusterFiles(taken.clusters), ...more });
  await repository.push();
  return {
    name,
    clusters: taken.clusters,
    requests: taken.requests,
    repository,
    start: await landfallOn(bench, name, repository),
    stop: taken.stop,
  };
}

/** Ways to start Landfall on a repository: each time another process with the same state folder. */
export async function landfallOn(bench: Bench, name: string, { url }: BenchRepository): Promise<BenchFleet['start']> {
  const folder = join(bench.folder, name);
  await mkdir(folder, { recursive: true });
  const settings = {
    installation: name,
    stateDir: 'state',
    // A look is asked for when it is to be measured.
    repositories: [{ name: 'fleet', url, pollInterval: '24h' }],
    log: { level: 'error' },
  };
  const file = join(folder, 'landfall.yaml');
  await writeFile(file, JSON.stringify(settings));
  return async (flags = []) =>
    measured<SubjectQuestions>(
      join(import.meta.dirname, 'subject.ts'),
      [file],
      ['--expose-gc', ...(process.env.BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? []), ...flags],
    );
}

export const startFloor = (): Measured<FloorQuestions> =>
  measured<FloorQuestions>(
    join(import.meta.dirname, 'floor.ts'),
    [],
    process.env.BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? [],
  );

export const names = (clusters: readonly BenchCluster[]): readonly string[] => clusters.map(({ name }) => name);

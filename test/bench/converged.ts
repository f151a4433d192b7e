/** A fleet that holds everything, and the Landfall that brought it there: where the other benchmarks begin. */
import { type Bench, type BenchFleet, benchFleet, names, type Subject } from './bench.ts';
import { appFiles, appsOf, type Files } from './workload.ts';

export type Converged = {
  readonly fleet: BenchFleet;
  readonly subject: Subject;
  readonly clusters: readonly string[];
  readonly cells: number;
  /** Commits, pushes, and looks once at the repository, as a webhook has it done; the result is the SHA. */
  readonly push: (files: Files) => Promise<string>;
  readonly until: (commit: string, subject?: Subject) => Promise<number>;
  readonly stop: () => Promise<void>;
};

export async function convergedFleet(
  bench: Bench,
  objects = bench.objects,
  count = bench.clusters,
): Promise<Converged> {
  const fleet = await benchFleet(bench, count);
  const subject = await fleet.start();
  const clusters = names(fleet.clusters);
  const cells = clusters.length * appsOf(objects);
  const push = async (files: Files): Promise<string> => {
    const commit = await fleet.repository.commit(files);
    await fleet.repository.push();
    await subject.ask('poll', undefined);
    return commit;
  };
  const until = (commit: string, asked = subject): Promise<number> =>
    asked.ask('converged', { commit, clusters, cells });
  await subject.ask('connected', clusters);
  await until(await push(appFiles(objects, fleet.name)));
  const stop = async (): Promise<void> => {
    await subject.stop();
    await fleet.stop();
  };
  return { fleet, subject, clusters, cells, push, until, stop };
}

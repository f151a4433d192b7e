/** From `git push` to applied, for a change of one object. */
import type { Measurement } from './apply.ts';
import { nowMs } from './asking.ts';
import { type Bench, names } from './bench.ts';
import { convergedFleet } from './converged.ts';
import { figure } from './figures.ts';
import { observe } from './observer.ts';
import { between, describeCounts, objectRequests, type RequestCounts } from './requests.ts';
import { changedFile, changedName } from './workload.ts';

type Run = {
  readonly pushMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly requests: RequestCounts;
};

export async function push(bench: Bench): Promise<Measurement> {
  const { fleet, subject, until, stop } = await convergedFleet(bench);
  const observer = await observe(fleet.clusters, { namespace: fleet.name, name: changedName });
  const runs: Run[] = [];
  try {
    // The first is not counted: it is the only one that finds code cold.
    for (let run = 0; run <= bench.runs; run += 1) {
      const value = `change ${run}`;
      const commit = await fleet.repository.commit(changedFile(bench.objects, value));
      const before = await fleet.requests();
      const seen = observer.seen(value);
      const startMs = nowMs();
      await fleet.repository.push();
      const pushedMs = nowMs();
      const polled = subject.ask('poll', undefined);
      const moments = await seen;
      await polled;
      await until(commit);
      const requests = between(before, await fleet.requests());
      const since = (moment: number): number => moment - pushedMs;
      const [firstMs, lastMs] = [since(Math.min(...moments)), since(Math.max(...moments))];
      if (run > 0) runs.push({ pushMs: pushedMs - startMs, firstMs, lastMs, requests });
    }
  } finally {
    observer.stop();
    await stop();
  }
  const { requests } = runs.at(-1)!;
  const clusters = names(fleet.clusters).length;
  return {
    figures: [
      figure(
        'git push itself',
        'ms',
        runs.map(({ pushMs }) => pushMs),
      ),
      figure(
        'pushed -> first cluster',
        'ms',
        runs.map(({ firstMs }) => firstMs),
      ),
      figure(
        'pushed -> last cluster',
        'ms',
        runs.map(({ lastMs }) => lastMs),
        bench.isReal ? 60 : 100,
      ),
      figure(
        'object requests per cluster',
        '',
        runs.map((run) => objectRequests(run.requests) / clusters),
        2,
      ),
    ],
    objectRequests: objectRequests(requests),
    notes: [
      'applied: seen by a watch of the benchmark, not said by Landfall',
      'the look at the repository begins when the push has ended, as a webhook has it begin; by polling alone up to one interval is added',
      `requests of one change: ${describeCounts(requests)}`,
    ],
  };
}

/** Nothing to do: rounds without news, a push that concerns no object, and a start on a fleet that holds everything. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from './apply.ts';
import { nowMs } from './asking.ts';
import type { Bench } from './bench.ts';
import { type Converged, convergedFleet } from './converged.ts';
import { figure } from './figures.ts';
import { processorMs } from './program.ts';
import {
  between,
  describeCounts,
  leaseRequests,
  objectRequests,
  type RequestCounts,
  watchRequests,
} from './requests.ts';

type Window = { readonly durationMs: number; readonly processorMs: number; readonly requests: RequestCounts };

/** Looks at the repository that one measurement is made of: the processor's clock ticks in hundredths of a second. */
const roundsPerRun = 50;
const idleMs = 5_000;

export async function noop(bench: Bench): Promise<Measurement> {
  const { fleet, subject, push, until, stop } = await convergedFleet(bench);
  const measure = (work: () => Promise<unknown>): Promise<Window> => windowOf(work, subject.pid, fleet.requests);
  const rounds: Window[] = [];
  const idles: Window[] = [];
  const pushes: Window[] = [];
  try {
    await quiet(fleet);
    for (let run = 0; run < bench.runs; run += 1) {
      rounds.push(
        await measure(async () => {
          for (let round = 0; round < roundsPerRun; round += 1) await subject.ask('poll', undefined);
        }),
      );
      idles.push(await measure(() => sleep(idleMs)));
      pushes.push(
        await measure(async () => {
          await until(await push({ 'docs/readme.yaml': `text: ${run}\n` }));
          await sleep(1_000);
        }),
      );
    }
  } finally {
    await subject.stop();
  }
  const restarts: Window[] = [];
  try {
    for (let run = 0; run < bench.runs; run += 1) restarts.push(await restart({ fleet, until }));
  } finally {
    await stop();
  }
  const atRest = [...rounds, ...idles, ...pushes].map(({ requests }) => requests);
  const all = bench.clusters * bench.objects;
  return {
    figures: [
      figure(
        'a round: object requests',
        '',
        rounds.map(({ requests }) => objectRequests(requests)),
        0,
      ),
      figure(
        'a round: processor',
        'ms',
        rounds.map((each) => each.processorMs / roundsPerRun),
        25,
      ),
      figure(
        'a round: time',
        'ms',
        rounds.map(({ durationMs }) => durationMs / roundsPerRun),
      ),
      figure(
        'at rest: processor',
        '% of one',
        idles.map((each) => (each.processorMs / each.durationMs) * 100),
        2,
      ),
      figure(
        'at rest: lease requests',
        'per cluster and minute',
        idles.map((each) => perMinute(each, bench)),
      ),
      figure(
        'unrelated push: object requests',
        '',
        pushes.map(({ requests }) => objectRequests(requests)),
        0,
      ),
      figure(
        'unrelated push: processor',
        'ms',
        pushes.map((each) => each.processorMs),
      ),
      figure(
        'restart: to all verified',
        's',
        restarts.map(({ durationMs }) => durationMs / 1_000),
      ),
      figure(
        'restart: requests per cluster',
        '',
        restarts.map(({ requests }) => objectRequests(requests) / bench.clusters),
        4,
      ),
      figure(
        'restart: watches per cluster',
        '',
        restarts.map(({ requests }) => watchRequests(requests) / bench.clusters),
      ),
      figure(
        'restart: processor',
        'µs/object',
        restarts.map((each) => (each.processorMs / all) * 1_000),
      ),
    ],
    objectRequests: Math.max(...atRest.map(objectRequests)),
    notes: [
      `a round is one look at the repository (${roundsPerRun} in a row for each run); at rest nothing is asked for ${idleMs / 1_000} s`,
      'processor times are with the processes that speak Git and read YAML, and of a restart with starting Node',
      `requests of one restart: ${describeCounts(restarts.at(-1)!.requests)}`,
    ],
  };
}

const perMinute = ({ requests, durationMs }: Window, { clusters }: Bench): number =>
  (leaseRequests(requests) / clusters / durationMs) * 60_000;

/** A new process with the state folder of the last one, until it knows every cell to be as it should. */
async function restart({ fleet, until }: Pick<Converged, 'fleet' | 'until'>): Promise<Window> {
  const commit = await fleet.repository.head();
  const before = await fleet.requests();
  const startMs = nowMs();
  const subject = await fleet.start();
  try {
    const endMs = await until(commit, subject);
    const spentMs = processorMs(subject.pid) ?? Number.NaN;
    return { durationMs: endMs - startMs, processorMs: spentMs, requests: between(before, await fleet.requests()) };
  } finally {
    await subject.stop();
  }
}

/** What the way here has set in motion has ended: two looks a second apart see no request. */
async function quiet({ requests }: Converged['fleet']): Promise<void> {
  for (let before = await requests(); ; ) {
    await sleep(1_000);
    const after = await requests();
    if (objectRequests(between(before, after)) === 0) return;
    before = after;
  }
}

async function windowOf(
  work: () => Promise<unknown>,
  pid: number,
  requests: Converged['fleet']['requests'],
): Promise<Window> {
  const requestsBefore = await requests();
  const processorBefore = processorMs(pid) ?? Number.NaN;
  const startMs = nowMs();
  await work();
  const durationMs = nowMs() - startMs;
  const spentMs = (processorMs(pid) ?? Number.NaN) - processorBefore;
  return { durationMs, processorMs: spentMs, requests: between(requestsBefore, await requests()) };
}

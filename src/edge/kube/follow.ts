/** Follows a collection for ever: lists it, watches it, and starts over where the server has forgotten. */
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { type Clock, sleep } from '../../seam/clock.ts';
import { jitter, type Rng } from '../../seam/rng.ts';
import type { KubeClient } from './client.ts';
import { aboutQuery, type ListQuery } from './query.ts';
import { type FollowEvent, Track } from './track.ts';
import type { WatchEvent } from './watch.ts';

/** What is followed, what is kept of each object, and who is told. */
export type Following<T> = {
  readonly query: ListQuery;
  /** Runs as soon as an object is read: what it leaves out is never held. */
  readonly reduce: (object: KubeObject) => T;
  /** What it throws is a bug, and ends the following. */
  readonly sink: (event: FollowEvent<T>) => void;
};

export type FollowDeps = {
  readonly client: Pick<KubeClient, 'listReduced' | 'watch'>;
  readonly clock: Clock;
  readonly rng: Rng;
};

export type FollowOptions = {
  /** After the first fault in a row; doubled for each further one up to the maximum, give or take half. */
  readonly retryDelayMs: number;
  readonly retryDelayMsMax: number;
  /** A watch that ends sooner, with nothing said, is a fault: a broken proxy must not be hammered. */
  readonly watchMsMin: number;
};

export const defaultFollowOptions: FollowOptions = { retryDelayMs: 500, retryDelayMsMax: 60_000, watchMsMin: 1_000 };

/**
 * Tells the sink everything that happens to the objects of a query, and loses or invents none.
 *
 * Shape: resolves when `signal` fires, not before; faults are told, not thrown.
 * Cost: at rest one stream and one timer; one request each time a watch ends of age, after 5 to 10 minutes.
 */
export async function follow<T>(
  following: Following<T>,
  deps: FollowDeps,
  signal: AbortSignal,
  options: FollowOptions = defaultFollowOptions,
): Promise<void> {
  const track = new Track(following.reduce, following.sink);
  let faults = 0;
  const onHeard = (): void => {
    faults = 0;
  };
  while (!signal.aborted) {
    try {
      await attempt(track, following, deps, onHeard, options, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof FaultError)) throw error;
      const { fault } = error;
      faults += 1;
      if (track.onFault(fault, faults)) continue;
      const backOffMs = Math.min(options.retryDelayMsMax, options.retryDelayMs * 2 ** (faults - 1));
      const retryInMs = Math.max(jitter(deps.rng, backOffMs, 0.5), fault.retryAfterMs ?? 0);
      track.onBroken(fault, retryInMs);
      await pause(deps.clock, retryInMs, signal);
    }
  }
}

/** One list, or one watch to its end. */
async function attempt<T>(
  track: Track<T>,
  { query, reduce }: Following<T>,
  { client, clock }: FollowDeps,
  onHeard: () => void,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  const step = track.begin();
  if (step.kind === 'list') {
    track.onList(await client.listReduced(query, reduce, signal));
    return;
  }
  const startedAtMs = clock.nowMs();
  let isSilent = true;
  const onEvent = (event: WatchEvent): void => {
    track.onEvent(event);
    if (event.kind === 'opened') return;
    isSilent = false;
    if (track.isKnown) onHeard();
  };
  await client.watch(query, step.from, onEvent, signal);
  const { doing } = aboutQuery('watch', query);
  track.onEnd(doing);
  const livedMs = clock.nowMs() - startedAtMs;
  if (isSilent && livedMs < options.watchMsMin) {
    throw new FaultError({ kind: 'unreachable', detail: `${doing}: ended after ${livedMs} ms without a word` });
  }
  onHeard();
}

async function pause(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(clock, durationMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

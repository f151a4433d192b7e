/** A clock that a test moves by hand. */
import type { Clock } from '../../src/seam/clock.ts';

export type HandClock = Clock & {
  /** Moves time, waking each timer at its own moment, in order; what a timer started runs before the next one. */
  readonly advance: (durationMs: number) => Promise<void>;
  /** Lets everything that is ready run, without moving time. */
  readonly settle: () => Promise<void>;
  /** How many timers wait. */
  readonly waiting: () => number;
};

type Timer = { readonly atMs: number; readonly wake: () => void };

/** Shape: starts at `startMs`; timers due at the same moment wake in the order they were set. */
export function handClock(startMs = 1_700_000_000_000): HandClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.atMs <= untilMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  };
  // Sockets on this machine need turns of the event loop, not only microtasks.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    nowMs: () => nowMs,
    after(durationMs, wake) {
      const timer = { atMs: nowMs + Math.max(0, durationMs), wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settle();
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        nowMs = timer.atMs;
        timers.delete(timer);
        timer.wake();
        await settle();
      }
      nowMs = untilMs;
    },
    settle,
    waiting: () => timers.size,
  };
}

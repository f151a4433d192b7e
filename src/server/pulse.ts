/** A beat every second: late when this process cannot keep up, for want of a processor or because a loop never ends. */
import type { Clock } from '../seam/clock.ts';

const beatMs = 1_000;

export type Pulse = {
  /** How much later than due the last beat is. Units: milliseconds; 0 while all is well. */
  readonly lateMs: () => number;
  readonly stop: () => void;
};

export function startPulse(clock: Clock): Pulse {
  let dueAtMs = clock.nowMs() + beatMs;
  const beat = (): void => {
    dueAtMs = clock.nowMs() + beatMs;
    cancel = clock.after(beatMs, beat);
  };
  let cancel = clock.after(beatMs, beat);
  return { lateMs: () => Math.max(0, clock.nowMs() - dueAtMs), stop: () => cancel() };
}

/** When a repository is looked at again. */
import { createTask } from 'node-cron';
import type { Clock } from '../../seam/clock.ts';
import { jitter, type Rng } from '../../seam/rng.ts';

export type Schedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  /** Five or six fields, as node-cron reads them; the time zone is an IANA name. */
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string | undefined };

export type Turn = {
  /** How long to wait before asking again whether it is time. */
  readonly waitMs: number;
  readonly isDue: (nowMs: number) => boolean;
};

const minuteMs = 60_000;
const secondMs = 1_000;

/** Shape: an interval waits once, with a tenth of jitter; a cron expression is asked at each tick of its finest field. */
export function turnOf(schedule: Schedule, deps: { readonly clock: Clock; readonly rng: Rng }): Turn {
  if (schedule.kind === 'interval') return { waitMs: jitter(deps.rng, schedule.everyMs, 0.1), isDue: () => true };
  const tickMs = schedule.expression.trim().split(/\s+/).length > 5 ? secondMs : minuteMs;
  const task = createTask(
    schedule.expression,
    () => {},
    schedule.timeZone === undefined ? {} : { timezone: schedule.timeZone },
  );
  const nowMs = deps.clock.nowMs();
  // A timer may fire a little early or late; the expression matches only at second zero.
  const isDue = (atMs: number): boolean => task.match(new Date(Math.round(atMs / tickMs) * tickMs));
  return { waitMs: tickMs - (nowMs % tickMs), isDue };
}

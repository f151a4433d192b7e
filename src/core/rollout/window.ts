/** Windows: open from each time that a cron expression names, for so long. */
import { Cron } from 'croner';
import type { Window } from '../model/gate.ts';

export type WindowState = {
  readonly isOpen: boolean;
  /** When it is to be looked at again; undefined for a time that never comes. */
  readonly changesAtMs: number | undefined;
};

type Known = WindowState & { readonly fromMs: number };

/** Finding the next time of a schedule takes a while, and decisions are made often. */
const known = new WeakMap<Window, Known>();

/** Shape: with summer time the local clock counts, so that an hour that does not exist opens nothing. */
export function windowAt(window: Window, nowMs: number): WindowState {
  const before = known.get(window);
  if (before !== undefined && nowMs >= before.fromMs && nowMs < (before.changesAtMs ?? Number.POSITIVE_INFINITY))
    return before;
  const state = look(window, nowMs);
  known.set(window, { ...state, fromMs: nowMs });
  return state;
}

function look({ schedule, timeZone, durationMs }: Window, nowMs: number): WindowState {
  const cron = new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
  const begunMs = cron.previousRuns(1, new Date(nowMs + 1))[0]?.getTime();
  if (begunMs !== undefined && begunMs <= nowMs && nowMs < begunMs + durationMs)
    return { isOpen: true, changesAtMs: begunMs + durationMs };
  return { isOpen: false, changesAtMs: cron.nextRun(new Date(nowMs))?.getTime() };
}

/** When a status is told: at once what matters, seldom what only counts on. */
import type { CommitSha } from '../model/id.ts';
import type { Book, Entry, Page } from './book.ts';
import type { Context } from './context.ts';
import { isTerminal, type Status, type StatusCause } from './status.ts';

export type Pace = {
  /** Between two writes that nobody waits for. */
  readonly gapMs: number;
  /** How long counts may be out of date while the state stays; undefined: they are told with the next state. */
  readonly refreshMs: number | undefined;
};

export type CommitReport = {
  readonly commit: CommitSha;
  /** All that is to be said of it. */
  readonly statuses: ReadonlyMap<Context, Status>;
  /** What of that is news. */
  readonly changed: ReadonlySet<Context>;
};

export type Due = {
  readonly reports: readonly CommitReport[];
  /** When there will be something to tell if nothing happens; undefined when never. */
  readonly nextAtMs: number | undefined;
};

/** A state that was an end is left only for one that lasts: a pod that moves takes less. */
const steadyMs = 30_000;
// After so many posts of one commit under one name somebody is flapping; GitHub takes a thousand.
const promptMax = 8;
const slowestMs = 900_000;

/** What is to be told now. Shape: in the order of `book.pages`; nothing is due before `lastMs + gapMs` but what is urgent. */
export function dueOf(book: Book, nowMs: number, lastMs: number | undefined, pace: Pace): Due {
  const reports: CommitReport[] = [];
  let nextAtMs: number | undefined;
  const times = [...book.pages].map(([commit, page]) => ({ commit, page, due: timesOf(page, lastMs, pace) }));
  // Whatever goes along with something that is due goes now.
  const isAnyDue = times.some(({ due }) => [...due.values()].some(({ atMs }) => atMs <= nowMs));
  for (const { commit, page, due } of times) {
    const changed = new Set<Context>();
    for (const [context, { atMs, readyAtMs }] of due) {
      if (readyAtMs <= nowMs && isAnyDue) changed.add(context);
      else nextAtMs = Math.min(nextAtMs ?? atMs, atMs);
    }
    if (changed.size > 0) reports.push({ commit, statuses: statusesOf(page, changed), changed });
  }
  return { reports, nextAtMs };
}

type When = { readonly readyAtMs: number; readonly atMs: number };

function timesOf(page: Page, lastMs: number | undefined, { gapMs, refreshMs }: Pace): ReadonlyMap<Context, When> {
  const times = new Map<Context, When>();
  for (const [context, entry] of page) {
    const readyAtMs = readyAt(entry, refreshMs);
    if (readyAtMs === undefined) continue;
    const atMs = isUrgent(entry) || lastMs === undefined ? readyAtMs : Math.max(readyAtMs, lastMs + gapMs);
    times.set(context, { readyAtMs, atMs });
  }
  return times;
}

/** When an entry may be told by itself; undefined when there is no news. */
function readyAt({ status, posted, sinceMs }: Entry, refreshMs: number | undefined): number | undefined {
  // Where the journal says that another commit is the head, no older one may still be waiting to hear of it.
  if (posted === undefined || (status.cause === 'superseded' && !isTerminal(posted))) return sinceMs;
  const slowMs =
    posted.count <= promptMax ? 0 : Math.min(slowestMs, 1_000 * 2 ** Math.min(posted.count - promptMax, 20));
  if (isSameNews(status, posted)) {
    const isSame = posted.text === status.text || posted.progress === status.progress;
    return isSame || refreshMs === undefined ? undefined : posted.atMs + Math.max(refreshMs, slowMs);
  }
  const isRelapse = isTerminal(posted) && !isTerminal(status);
  return Math.max(posted.atMs + slowMs, isRelapse ? sinceMs + steadyMs : sinceMs);
}

/** What an earlier process meant is not known, only what it said. */
const isSameNews = (
  status: Status,
  posted: { readonly state: Status['state']; readonly cause: StatusCause | undefined },
): boolean =>
  status.state === posted.state && (posted.cause === undefined || newsOf(status.cause) === newsOf(posted.cause));

/** That something was seen, and is on its way, is nothing that anybody waits for. */
const newsOf = (cause: StatusCause): StatusCause => (cause === 'unseen' ? 'underway' : cause);

/** The first word on a commit, and whatever somebody has to act on. */
function isUrgent({ status, posted }: Entry): boolean {
  if (status.cause === 'superseded') return false;
  if (status.state === 'failure' || status.state === 'error') return true;
  return posted === undefined && status.state === 'pending';
}

/** What is not told yet is left as it was told; a text may be brought up to date when something else is told anyway. */
function statusesOf(page: Page, changed: ReadonlySet<Context>): ReadonlyMap<Context, Status> {
  const statuses = [...page].flatMap(([context, { status, posted }]): readonly (readonly [Context, Status])[] => {
    if (changed.has(context)) return [[context, status]];
    if (posted === undefined) return [];
    if (posted.state === status.state) return [[context, status]];
    const { state, text, cause = 'unseen', progress = '' } = posted;
    return [[context, { state, text, cause, progress, details: [] }]];
  });
  return new Map(statuses);
}

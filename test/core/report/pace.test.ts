import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { type Book, type Entry, emptyBook, type Posted } from '../../../src/core/report/book.ts';
import { contextOf } from '../../../src/core/report/context.ts';
import { dueOf } from '../../../src/core/report/pace.ts';
import type { Status, StatusCause } from '../../../src/core/report/status.ts';
import { sha } from '../../builder/model.ts';

const pace = { gapMs: 3_000, refreshMs: 15_000 };
const web = contextOf('landfall/shop/web');

const status = (state: Status['state'], cause: StatusCause, progress = '', text = `${cause} ${progress}`): Status => ({
  ...{ state, cause, progress, text },
  details: [],
});
const underway = status('pending', 'underway');
const well = status('success', 'well');
const superseded = status('error', 'superseded');

function entry(now: Status, before?: Status, more: Partial<Posted> & { readonly sinceMs?: number } = {}): Entry {
  const { sinceMs = 100_000, ...rest } = more;
  const posted: Posted | undefined =
    before === undefined
      ? undefined
      : {
          state: before.state,
          text: before.text,
          cause: before.cause,
          progress: before.progress,
          atMs: 90_000,
          count: 1,
          ...rest,
        };
  return { status: now, sinceMs, posted };
}
const book = (each: Entry): Book => ({ ...emptyBook, pages: new Map([[sha(1), new Map([[web, each]])]]) });

/** When it is told, as seen just after `nowMs`. */
function dueAt(each: Entry, lastMs?: number): number | 'never' {
  const { reports, nextAtMs } = dueOf(book(each), 0, lastMs, pace);
  equal(reports.length, 0);
  if (nextAtMs === undefined) return 'never';
  equal(dueOf(book(each), nextAtMs - 1, lastMs, pace).reports.length, 0, 'not before');
  equal(dueOf(book(each), nextAtMs, lastMs, pace).reports.length, 1, 'but then');
  return nextAtMs;
}

const cases: readonly {
  readonly name: string;
  readonly entry: Entry;
  readonly lastMs?: number;
  readonly is: number | 'never';
}[] = [
  { name: 'the first word: at once', entry: entry(underway), lastMs: 99_999, is: 100_000 },
  { name: 'a first word that is an end already: with the next write', entry: entry(well), lastMs: 99_000, is: 102_000 },
  { name: 'failure: at once', entry: entry(status('failure', 'budget'), underway), lastMs: 99_999, is: 100_000 },
  { name: 'success: with the next write', entry: entry(well, underway), lastMs: 99_000, is: 102_000 },
  { name: 'success, nothing was written lately: at once', entry: entry(well, underway), lastMs: 50_000, is: 100_000 },
  { name: 'nothing new', entry: entry(well, well), is: 'never' },
  {
    name: 'seen at last: no news',
    entry: entry(underway, status('pending', 'unseen', '', underway.text)),
    is: 'never',
  },
  {
    name: 'counts changed: when they are out of date',
    entry: entry(status('pending', 'underway', '1/2'), status('pending', 'underway', '0/2')),
    is: 105_000,
  },
  {
    name: 'only words changed: never',
    entry: entry(status('pending', 'underway', '1/2', 'x'), status('pending', 'underway', '1/2', 'y')),
    is: 'never',
  },
  {
    name: 'it waits for a person now: with the next write',
    entry: entry(status('pending', 'acknowledgement'), underway),
    lastMs: 99_000,
    is: 102_000,
  },
  { name: 'ill after an end: when that lasts', entry: entry(underway, well), is: 130_000 },
  {
    name: 'failed after an end: at once',
    entry: entry(status('failure', 'budget'), well),
    lastMs: 99_999,
    is: 100_000,
  },
  { name: 'well again after a failure', entry: entry(well, status('failure', 'budget')), lastMs: 50_000, is: 100_000 },
  {
    name: 'told by an earlier process, same state',
    entry: entry(underway, underway, { cause: undefined, progress: undefined }),
    is: 'never',
  },
  {
    name: 'told by an earlier process, other words: when they are out of date',
    entry: entry(status('pending', 'acknowledgement'), underway, { cause: undefined, progress: undefined }),
    is: 105_000,
  },
  { name: 'told very often: slowly', entry: entry(well, underway, { count: 12 }), is: 106_000 },
  { name: 'told too often: every quarter of an hour', entry: entry(well, underway, { count: 900 }), is: 990_000 },
  { name: 'superseded: never slowly', entry: entry(superseded, underway, { count: 900 }), is: 100_000 },
];
for (const { name, entry: each, lastMs, is } of cases) test(`dueOf: ${name}`, () => equal(dueAt(each, lastMs), is));

test('dueOf: a sink that wants no refreshing hears of states only', () => {
  const each = entry(status('pending', 'underway', '1/2'), status('pending', 'underway', '0/2'));
  const { reports, nextAtMs } = dueOf(book(each), 1_000_000, undefined, { ...pace, refreshMs: undefined });
  deepEqual([reports.length, nextAtMs], [0, undefined]);
});

test('dueOf: with what is due goes what would wait, and what is not to be told yet is told as it was', () => {
  const api = contextOf('landfall/shop/api');
  const relapsed = contextOf('landfall/shop/relapsed');
  const page = new Map([
    [web, entry(status('failure', 'budget'), underway)],
    [api, entry(well, underway)],
    [relapsed, entry(underway, well)],
  ]);
  const { reports, nextAtMs } = dueOf({ ...emptyBook, pages: new Map([[sha(1), page]]) }, 100_000, 99_999, pace);
  const [report] = reports;
  deepEqual([...(report?.changed ?? [])], [web, api]);
  deepEqual(
    [...(report?.statuses ?? [])].map(([, { state }]) => state),
    ['failure', 'success', 'success'],
  );
  ok(nextAtMs === 130_000);
});

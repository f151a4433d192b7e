import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { type Book, emptyBook, tidied, withPage, withPosted, withWishes } from '../../../src/core/report/book.ts';
import { checkContext, contextOf } from '../../../src/core/report/context.ts';
import { journalOf } from '../../../src/core/report/journal.ts';
import type { Look, PinnedView, View } from '../../../src/core/report/look.ts';
import { withPassed, withUnread } from '../../../src/core/report/passed.ts';
import type { Status, StatusCause } from '../../../src/core/report/status.ts';
import { turn } from '../../../src/core/report/turn.ts';
import { sha } from '../../builder/model.ts';

const [web, api, production] = ['shop/web', 'shop/api', 'shop/web/production'].map((name) =>
  contextOf(`landfall/${name}`),
) as [ReturnType<typeof contextOf>, ReturnType<typeof contextOf>, ReturnType<typeof contextOf>];

const is = (state: Status['state'], cause: StatusCause, text: string = cause): Status => ({
  ...{ state, cause, text },
  progress: '',
  details: [],
});
const underway = is('pending', 'underway');
const well = is('success', 'well');
const budget = is('failure', 'budget');
const unseen = is('pending', 'unseen');
const gone = is('success', 'well', 'gone');

/** A head whose Apps want what is given, and are how it is given. */
function look(
  head: number,
  apps: Readonly<Record<string, readonly [wish: string, Status]>>,
  more: Partial<Look> = {},
): Look {
  const views = Object.entries(apps).map(([name, [wish, status]]): [typeof web, View] => [
    contextOf(`landfall/shop/${name}`),
    { wish, status },
  ]);
  return { head: sha(head), check: well, views: new Map(views), pinned: new Map(), gone, ...more };
}

/** Everything that is in the book is told. */
function told(book: Book): Book {
  let now = book;
  for (const [commit, page] of book.pages)
    for (const [context, { status }] of page) now = withPosted(now, commit, { context, status, isNews: true }, 0);
  return now;
}

/** Looks, one after the other; each is told before the next. */
const play = (...looks: readonly Look[]): Book => looks.reduce((book, each) => told(turn(book, each, 0)), emptyBook);

const on = (book: Book, commit: number, context = web): string => {
  const status = book.pages.get(sha(commit))?.get(context)?.status;
  return status === undefined ? 'nothing' : `${status.state}: ${status.text}`;
};

test('turn: the head follows the truth, there and back', () => {
  let book = play(look(1, { web: ['v1', underway] }));
  equal(on(book, 1), 'pending: underway');
  book = told(turn(book, look(1, { web: ['v1', well] }), 0));
  equal(on(book, 1), 'success: well');
  book = turn(book, look(1, { web: ['v1', budget] }), 0);
  equal(on(book, 1), 'failure: budget');
});

test('turn: a newer commit that wants something else ends an older one that had no end', () => {
  const book = play(look(1, { web: ['v1', underway] }), look(2, { web: ['v2', underway] }));
  equal(on(book, 1), 'error: superseded by 000000000000');
  equal(on(book, 2), 'pending: underway');
});

test('turn: an older commit ends with the head when both want the same', () => {
  const book = play(
    look(1, { web: ['v1', underway] }),
    look(2, { web: ['v1', underway] }),
    look(2, { web: ['v1', well] }),
  );
  equal(on(book, 1), 'success: well');
  equal(on(book, 2), 'success: well; no change');
});

test('turn: and stays as it ended, whatever becomes of the head', () => {
  const looks = [look(1, { web: ['v1', underway] }), look(2, { web: ['v1', budget] }), look(2, { web: ['v1', well] })];
  const book = play(...looks);
  equal(on(book, 1), 'failure: budget');
  equal(on(book, 2), 'success: well; no change');
});

test('turn: an end that was never told is none', () => {
  const seen = turn(play(look(1, { web: ['v1', underway] })), look(1, { web: ['v1', well] }), 0);
  equal(on(seen, 1), 'success: well');
  equal(on(turn(seen, look(2, { web: ['v2', underway] }), 0), 1), 'error: superseded by 000000000000');
});

test('turn: what changed after the end was told, and was not told itself, is not told of an older commit', () => {
  const drifting = turn(play(look(1, { web: ['v1', well] })), look(1, { web: ['v1', underway] }), 0);
  equal(on(drifting, 1), 'pending: underway');
  equal(on(turn(drifting, look(2, { web: ['v2', underway] }), 0), 1), 'success: well');
});

test('turn: what nobody could see says nothing against what was told', () => {
  const book = play(look(1, { web: ['v1', well] }));
  equal(on(turn(book, look(1, { web: ['v1', unseen] }), 0), 1), 'success: well');
  const untold = turn(play(look(1, { web: ['v1', underway] })), look(1, { web: ['v1', well] }), 0);
  equal(on(turn(untold, look(1, { web: ['v1', unseen] }), 0), 1), 'pending: underway');
  equal(on(play(look(1, { web: ['v1', unseen] })), 1), 'pending: unseen');
});

test('turn: an App that the head no longer has ends when nothing is left of it', () => {
  const leaving = look(2, { web: ['', underway] });
  const book = play(look(1, { web: ['v1', well] }), leaving, look(2, {}));
  equal(on(book, 1), 'success: well');
  equal(on(book, 2), 'success: gone');
});

test('turn: another App, and the commit that is the head again, are left alone', () => {
  const book = play(
    look(1, { web: ['v1', well], api: ['a1', underway] }),
    look(2, { web: ['v2', well], api: ['a1', well] }),
  );
  equal(on(book, 1, api), 'success: well');
  equal(on(book, 2, api), 'success: well; no change');
  const back = play(
    look(1, { web: ['v1', underway] }),
    look(2, { web: ['v2', underway] }),
    look(1, { web: ['v1', well] }),
  );
  equal(on(back, 1), 'success: well');
});

const pin = (wish: string, revision: number, status: Status): ReadonlyMap<typeof web, PinnedView> =>
  new Map([[production, { wish, status, revisions: new Map([[sha(revision), status]]) }]]);

test('turn: a pinned stage is told of on its revision, and on the commit that moved the pin', () => {
  const book = play(
    look(1, {}),
    look(2, {}, { pinned: pin('to 1', 1, underway) }),
    look(2, {}, { pinned: pin('to 1', 1, well) }),
    look(3, {}, { pinned: pin('to 1', 1, well) }),
  );
  deepEqual(
    [1, 2, 3].map((commit) => on(book, commit, production)),
    ['success: well', 'success: well', 'nothing'],
  );
});

test('turn: the revision of a pin follows the truth, the commit that moved it ends', () => {
  const book = play(
    look(1, {}),
    look(2, {}, { pinned: pin('to 1', 1, well) }),
    look(2, {}, { pinned: pin('to 1', 1, budget) }),
  );
  deepEqual(
    [1, 2].map((commit) => on(book, commit, production)),
    ['failure: budget', 'success: well'],
  );
});

test('turn: what failed at the commit that moved a pin is told to be well when it is, while nothing newer is the head', () => {
  const moved = look(2, {}, { pinned: pin('to 1', 1, budget) });
  equal(on(play(look(1, {}), moved), 2, production), 'failure: budget');
  equal(on(play(look(1, {}), moved, look(2, {}, { pinned: pin('to 1', 1, well) })), 2, production), 'success: well');
  const passed = play(look(1, {}), moved, look(3, {}, { pinned: pin('to 1', 1, well) }));
  equal(on(passed, 2, production), 'failure: budget');
});

test('turn: a pin that moves on ends what had no end', () => {
  const book = play(
    look(1, {}),
    look(2, {}, { pinned: pin('to 1', 1, underway) }),
    look(3, {}, { pinned: pin('to 2', 2, underway) }),
  );
  deepEqual(
    [1, 2, 3].map((commit) => on(book, commit, production).slice(0, 14)),
    ['error: superse', 'pending: under', 'pending: under'],
  );
  equal(on(book, 1, production), `error: superseded by ${sha(2).slice(0, 12)}`);
});

test('turn: from the very first head there is no commit that moved the pin', () => {
  const book = play(look(2, {}, { pinned: pin('to 1', 1, well) }));
  deepEqual(
    [1, 2].map((commit) => on(book, commit, production)),
    ['success: well', 'nothing'],
  );
});

test('turn: what is only said again along with news makes nothing known of why it was said', () => {
  const known = new Map([[web, { state: 'success', text: 'well' }]] as const);
  const repeated = { context: web, status: is('success', 'unseen', 'well'), isNews: false };
  const book = withPosted(withPage(emptyBook, sha(1), known, 0), sha(1), repeated, 1);
  const posted = book.pages.get(sha(1))?.get(web)?.posted;
  deepEqual([posted?.cause, posted?.count, posted?.atMs], [undefined, 1, 1]);
});

/** What a process that ended leaves behind, read by the next one. */
function restarted(book: Book): Book {
  const journal = journalOf(book);
  let next = emptyBook;
  for (const commit of [journal?.head, ...(journal?.open ?? [])]) {
    const page = commit === undefined ? undefined : book.pages.get(commit);
    const posted = [...(page ?? [])].flatMap(([context, entry]) =>
      entry.posted ? [[context, entry.posted] as const] : [],
    );
    if (commit !== undefined && page !== undefined) next = withPage(next, commit, new Map(posted), 0);
  }
  return { ...next, head: journal?.head };
}

test('turn: a restart on the same head changes nothing', () => {
  const before = play(look(1, { web: ['v1', underway] }), look(2, { web: ['v1', well] }));
  const after = turn(restarted(before), look(2, { web: ['v1', well] }), 0);
  equal(on(after, 2), 'success: well; no change');
  equal(on(turn(restarted(before), look(2, { web: ['v1', unseen] }), 0), 2), 'success: well; no change');
});

test('turn: after a restart an older commit follows when what it wants is known, and ends when it is not', () => {
  const before = restarted(play(look(1, { web: ['v1', underway], api: ['a1', underway] })));
  const next = look(2, { web: ['v1', underway], api: ['a2', underway] });
  const apps = new Map([
    [web, { wish: 'v1' }],
    [api, { wish: 'a1' }],
  ]);
  const known = turn(withWishes(before, { apps, pins: new Map() }), next, 0);
  equal(on(known, 1), 'pending: underway');
  equal(on(known, 1, api), 'error: superseded by 000000000000');
  equal(on(turn(before, next, 0), 1), 'error: superseded by 000000000000');
});

test('withPassed: tells of what a commit changed: with the head where it wants the same, else as superseded', () => {
  const head = look(5, { web: ['v3', underway], api: ['a2', well] });
  const book = withUnread(turn(emptyBook, head, 0), [sha(3), sha(4)]);
  const wishes = new Map([
    [web, 'v2'],
    [api, 'a2'],
  ]);
  const after = withPassed(book, { commit: sha(3), check: well, wishes }, head, 0);
  deepEqual(
    [checkContext, web, api].map((context) => on(after, 3, context).slice(0, 17)),
    ['success: well', 'error: superseded', 'success: well'],
  );
  deepEqual(after.passed, [sha(4)]);
  const unread = withPassed(after, { commit: sha(4), check: undefined, wishes: new Map() }, head, 0);
  equal(on(unread, 4, checkContext).slice(0, 17), 'error: superseded');
});

test('tidied: keeps the head, revisions of pins, and what has not ended', () => {
  const commits = (book: Book): readonly CommitSha[] => [...tidied(book).pages.keys()];
  const book = play(look(1, { web: ['v1', underway] }), look(2, { web: ['v1', underway] }));
  deepEqual(commits(book), [sha(1), sha(2)]);
  deepEqual(commits(told(turn(book, look(2, { web: ['v1', well] }), 0))), [sha(2)]);
  deepEqual(commits(told(turn(book, look(3, { web: ['v2', well] }, { pinned: pin('to 1', 1, well) }), 0))), [
    sha(1),
    sha(3),
  ]);
});

/** Entering the truth: what runs now follows it, older commits end. */
import type { CommitSha } from '../model/id.ts';
import { fit } from '../model/line.ts';
import { type Book, type Entry, hasEnded, pinsIn, wishesIn } from './book.ts';
import { type Context, checkContext, isStageContext } from './context.ts';
import type { Look } from './look.ts';
import { type Status, supersededBy, type Told, textMax } from './status.ts';

/**
 * Enters one look.
 *
 * Shape: the head's page says what is, until another commit is the head. An older commit follows along under every name
 *   under which the head wants the same, until the truth is an end; under all others it ends as superseded. What has ended
 *   stays as it ended, but for the revisions that pins name: they are what runs now, too.
 */
export function turn(book: Book, look: Look, nowMs: number): Book {
  const pages: Pages = new Map([...book.pages].map(([commit, page]) => [commit, new Map(page)]));
  const isNewHead = look.head !== book.head;
  const turning = { pages, book, look, isNewHead, nowMs };
  if (isNewHead) supersede(turning);
  supersedePins(turning);
  follow(turning);
  const unchanged = unchangedOf(turning);
  enterHead(turning, unchanged);
  enterPins(turning);
  return {
    head: look.head,
    wishes: wishesIn(look.views),
    pins: pinsIn(look.pinned),
    unchanged,
    pages,
    passed: book.passed,
  };
}

/** The newest truth of an entry. What nobody could see says nothing against what was told before. */
export function next(entry: Entry | undefined, status: Status, nowMs: number): Entry {
  if (entry === undefined) return { status, sinceMs: nowMs, posted: undefined };
  if (status.cause === 'unseen' && entry.posted !== undefined) return asTold(entry);
  const isSame = entry.status.state === status.state && entry.status.cause === status.cause;
  return { ...entry, status, sinceMs: isSame ? entry.sinceMs : nowMs };
}

type Pages = Map<CommitSha, Map<Context, Entry>>;

type Turning = {
  readonly pages: Pages;
  readonly book: Book;
  readonly look: Look;
  readonly isNewHead: boolean;
  readonly nowMs: number;
};

/** A truth that was never told is no end: by now it may not be true any more. */
const ended = (entry: Entry, status: Status, nowMs: number): Entry =>
  hasEnded(entry) ? asTold(entry) : next(entry, status, nowMs);

/** Without what has changed since it was told. */
function asTold(entry: Entry): Entry {
  const { status, posted } = entry;
  if (posted === undefined) return entry;
  const { state, text, cause = 'unseen', progress = '' } = posted;
  return { ...entry, status: { state, text, cause, progress, details: status.details } };
}

function supersede({ pages, book, look, nowMs }: Turning): void {
  const isWanted = (context: Context): boolean =>
    book.wishes !== undefined && (look.views.get(context)?.wish ?? '') === (book.wishes.get(context) ?? '');
  for (const [commit, page] of pages) {
    if (commit === look.head) continue;
    for (const [context, entry] of page) {
      if (context === checkContext || isPinned(context, book, look)) continue;
      if (hasEnded(entry) || !isWanted(context)) page.set(context, ended(entry, supersededBy(look.head), nowMs));
    }
  }
}

const isPinned = (context: Context, book: Book, look: Look): boolean =>
  book.pins.has(context) || look.pinned.has(context);

function supersedePins({ pages, book, look, isNewHead, nowMs }: Turning): void {
  for (const context of new Set([...book.pins.keys(), ...look.pinned.keys()])) {
    const [before, now] = [book.pins.get(context), look.pinned.get(context)];
    const isMoved = before?.wish !== now?.wish && (isNewHead || before !== undefined);
    if (!isMoved) continue;
    const by = now === undefined ? look.head : ([...now.revisions.keys()][0] ?? look.head);
    for (const [commit, page] of pages) {
      const entry = page.get(context);
      if (entry !== undefined && commit !== look.head && !now?.revisions.has(commit))
        page.set(context, ended(entry, supersededBy(by), nowMs));
    }
  }
}

/** Older commits want what the head wants, under the names where they were not superseded. */
function follow({ pages, look, nowMs }: Turning): void {
  for (const [commit, page] of pages) {
    if (commit === look.head) continue;
    for (const [context, entry] of page) {
      const isOver = context === checkContext || entry.status.cause === 'superseded' || hasEnded(entry);
      if (!isOver && !look.pinned.get(context)?.revisions.has(commit))
        page.set(context, next(entry, statusIn(look, context), nowMs));
    }
  }
}

const statusIn = (look: Look, context: Context): Status =>
  (look.views.get(context) ?? look.pinned.get(context))?.status ?? (isStageContext(context) ? unpinned : look.gone);

/** A stage whose pin is gone keeps what it holds: that is no success of anything, and no failure. */
const unpinned: Status = { ...supersededBy(''), text: 'no pin names it any more' };

const noChange = 'no change';

/** The commit wants of an App what the one before it wanted. */
export const saysNoChange = ({ text }: Told): boolean => text.endsWith(`; ${noChange}`);

function unchangedOf({ pages, book, look, isNewHead }: Turning): ReadonlySet<Context> {
  const page = pages.get(look.head);
  const isUnchanged = (context: Context, wish: string): boolean => {
    const told = page?.get(context)?.posted;
    if (told !== undefined && told.cause === undefined) return saysNoChange(told);
    return isNewHead ? book.wishes?.get(context) === wish : book.unchanged.has(context);
  };
  return new Set([...look.views].flatMap(([context, { wish }]) => (isUnchanged(context, wish) ? [context] : [])));
}

function enterHead({ pages, book, look, isNewHead, nowMs }: Turning, unchanged: ReadonlySet<Context>): void {
  const page = pages.get(look.head) ?? new Map<Context, Entry>();
  pages.set(look.head, page);
  const enter = (context: Context, status: Status): void => {
    page.set(context, next(page.get(context), status, nowMs));
  };
  // Of what is not there any more only the end is told; of a pin that this commit moved until it has gone well.
  const isOpen = (context: Context, entry: Entry): boolean =>
    look.pinned.has(context) ? entry.status.state !== 'success' : !hasEnded(entry);
  for (const [context, entry] of page)
    if (context !== checkContext && !look.views.has(context) && isOpen(context, entry))
      enter(context, statusIn(look, context));
  enter(checkContext, look.check);
  for (const [context, { status }] of look.views)
    enter(context, unchanged.has(context) ? withoutChange(status) : status);
  if (!isNewHead || book.wishes === undefined) return;
  for (const [context, { status, wish }] of look.pinned) {
    if (book.pins.get(context)?.wish !== wish) enter(context, status);
  }
}

const withoutChange = (status: Status): Status =>
  status.state === 'success' ? { ...status, text: fit([status.text, noChange], textMax) } : status;

function enterPins({ pages, look, nowMs }: Turning): void {
  for (const [context, { revisions }] of look.pinned) {
    for (const [revision, status] of revisions) {
      const page = pages.get(revision) ?? new Map<Context, Entry>();
      pages.set(revision, page);
      page.set(context, next(page.get(context), status, nowMs));
    }
  }
}

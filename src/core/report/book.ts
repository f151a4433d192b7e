/** What is, and was, said of the commits of one repository to one sink. */
import type { CommitSha } from '../model/id.ts';
import type { Context } from './context.ts';
import type { Look } from './look.ts';
import { isTerminal, type Status, type StatusCause, type Told } from './status.ts';

/** What the sink was last told of one commit under one name. */
export type Posted = Told & {
  /** Undefined: it was told by an earlier process. */
  readonly cause: StatusCause | undefined;
  readonly progress: string | undefined;
  readonly atMs: number;
  /** How often it was told something else. */
  readonly count: number;
};

export type Entry = {
  readonly status: Status;
  /** Since when its state and cause are these. */
  readonly sinceMs: number;
  readonly posted: Posted | undefined;
};

export type Page = ReadonlyMap<Context, Entry>;

export type Book = {
  /** Undefined before the first. */
  readonly head: CommitSha | undefined;
  /** What that head wants, by name. Undefined when an earlier process saw it and it cannot be read any more. */
  readonly wishes: ReadonlyMap<Context, string> | undefined;
  /** Pinned stages: what their pins say, and the revisions that they name. */
  readonly pins: ReadonlyMap<Context, { readonly wish: string; readonly revisions: readonly CommitSha[] }>;
  /** Apps of which the head wants what the one before wanted. */
  readonly unchanged: ReadonlySet<Context>;
  /** The head, the revisions of pins, and all commits of which something has not ended. */
  readonly pages: ReadonlyMap<CommitSha, Page>;
  /** Commits passed over between two heads that nobody has looked at yet, oldest first. */
  readonly passed: readonly CommitSha[];
};

export const emptyBook: Book = {
  head: undefined,
  wishes: undefined,
  pins: new Map(),
  unchanged: new Set(),
  pages: new Map(),
  passed: [],
};

/** It was told how it ended; only of what runs now is more told after that. */
export const hasEnded = ({ posted }: Entry): boolean => posted !== undefined && isTerminal(posted);

/** Commits whose pages must be in the book before a look is entered: something may have been said of them before. */
export const pagesNeeded = ({ pages }: Book, { head, pinned }: Look): readonly CommitSha[] =>
  [...new Set([head, ...[...pinned.values()].flatMap(({ revisions }) => [...revisions.keys()])])].filter(
    (commit) => !pages.has(commit),
  );

/** Enters what was told of a commit by an earlier process. */
export function withPage(book: Book, commit: CommitSha, told: ReadonlyMap<Context, Told>, nowMs: number): Book {
  if (book.pages.has(commit)) return book;
  const page = new Map([...told].map(([context, each]) => [context, toldBefore(each, nowMs)] as const));
  return { ...book, pages: new Map([...book.pages, [commit, page] as const]) };
}

function toldBefore({ state, text }: Told, nowMs: number): Entry {
  const posted: Posted = { state, text, cause: undefined, progress: undefined, atMs: nowMs, count: 1 };
  return { status: { state, text, cause: 'unseen', progress: '', details: [] }, sinceMs: nowMs, posted };
}

/** Enters what a head wants that an earlier process saw. */
export const withWishes = (
  book: Book,
  views: { readonly apps: Wishing<{ readonly wish: string }>; readonly pins: Wishing<PinWish> },
): Book => ({ ...book, wishes: wishesIn(views.apps), pins: pinsIn(views.pins) });

type Wishing<T> = ReadonlyMap<Context, T>;
type PinWish = { readonly wish: string; readonly revisions: ReadonlyMap<CommitSha, unknown> };

export const wishesIn = (views: Wishing<{ readonly wish: string }>): NonNullable<Book['wishes']> =>
  new Map([...views].map(([context, { wish }]) => [context, wish]));

export const pinsIn = (views: Wishing<PinWish>): Book['pins'] =>
  new Map([...views].map(([context, { wish, revisions }]) => [context, { wish, revisions: [...revisions.keys()] }]));

export type PostedNow = { readonly context: Context; readonly status: Status; readonly isNews: boolean };

/** Enters that the sink was told. Shape: `isNews` is false for a text that only went along with something else. */
export const withPosted = (book: Book, commit: CommitSha, told: PostedNow, nowMs: number): Book =>
  withAllPosted(book, commit, [told], nowMs);

/** The same for many names of one commit. Cost: linear, where one after another is quadratic. */
export function withAllPosted(book: Book, commit: CommitSha, all: readonly PostedNow[], nowMs: number): Book {
  const page = new Map(book.pages.get(commit));
  for (const { context, status, isNews } of all) {
    const entry = page.get(context);
    if (entry === undefined) continue;
    const { state, text, cause, progress } = status;
    const { posted: known } = entry;
    const count = (known?.count ?? 0) + (isNews ? 1 : 0);
    // What was said along with news is what was said before: why it was said is not made up.
    const isRepeated = !isNews && known?.state === state && known.text === text;
    const posted = isRepeated ? { ...known, atMs: nowMs } : { state, text, cause, progress, count, atMs: nowMs };
    page.set(context, { ...entry, posted });
  }
  return page.size === 0 ? book : { ...book, pages: new Map([...book.pages, [commit, page] as const]) };
}

/** Without commits that nothing more will be said of. */
export function tidied(book: Book): Book {
  const pinned = [...book.pins.values()].flatMap(({ revisions }) => revisions);
  const live = new Set([book.head, ...pinned, ...book.passed]);
  const pages = [...book.pages].filter(([commit, page]) => live.has(commit) || ![...page.values()].every(hasEnded));
  return pages.length === book.pages.size ? book : { ...book, pages: new Map(pages) };
}

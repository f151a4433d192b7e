/** Commits between two heads that were never the head when somebody looked. */
import type { CommitSha } from '../model/id.ts';
import { type Book, type Entry, hasEnded } from './book.ts';
import { type Context, checkContext } from './context.ts';
import type { Look } from './look.ts';
import { type Status, supersededBy } from './status.ts';
import { next } from './turn.ts';

export type PassedCommit = {
  readonly commit: CommitSha;
  /** Undefined: it could not be read. */
  readonly check: Status | undefined;
  /** What it wants, under the names where it wants something else than the commit before it. */
  readonly wishes: ReadonlyMap<Context, string>;
};

/** Puts commits on the list of those to be looked at. */
export const withUnread = (book: Book, commits: readonly CommitSha[]): Book => ({
  ...book,
  passed: [...new Set([...book.passed, ...commits])],
});

/** Without those of which an earlier process has told. */
export const withoutTold = (book: Book): Book => ({
  ...book,
  passed: book.passed.filter((commit) => {
    const check = book.pages.get(commit)?.get(checkContext);
    return check === undefined || !hasEnded(check);
  }),
});

/**
 * Enters a commit that was passed over.
 *
 * Shape: it tells of its manifests and of what it changed; nobody deployed it, so of everything else there is nothing to
 *   tell. Where the head still wants the same it follows the head, elsewhere it ends as superseded.
 */
export function withPassed(book: Book, { commit, check, wishes }: PassedCommit, look: Look, nowMs: number): Book {
  const superseded = supersededBy(look.head);
  const page = new Map<Context, Entry>(book.pages.get(commit));
  const enter = (context: Context, status: Status): void => {
    const entry = page.get(context);
    if (entry === undefined || !hasEnded(entry)) page.set(context, next(entry, status, nowMs));
  };
  enter(checkContext, check ?? superseded);
  for (const [context, wish] of wishes) {
    const view = look.views.get(context) ?? look.pinned.get(context);
    enter(context, (view?.wish ?? '') === wish ? (view?.status ?? look.gone) : superseded);
  }
  return {
    ...book,
    pages: new Map([...book.pages, [commit, page] as const]),
    passed: book.passed.filter((each) => each !== commit),
  };
}

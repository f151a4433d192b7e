/** Where the telling was left off: which head was seen last, which commits have not ended, and which nobody has looked at. */
import { type CommitSha, commitSha } from '../model/id.ts';
import { type Book, tidied } from './book.ts';

export type Journal = {
  readonly head: CommitSha;
  /** Beside the head; oldest first as far as that is known. */
  readonly open: readonly CommitSha[];
  /** Passed over, and not looked at yet; something may have been told of them all the same, as of what a pin names. */
  readonly passed: readonly CommitSha[];
};

/** So many, the newest: a journal is read whole. */
const openMax = 200;

/** Shape: undefined before the first head. */
export function journalOf(book: Book): Journal | undefined {
  const { head, pages, passed } = tidied(book);
  if (head === undefined) return undefined;
  const open = [...pages.keys()].filter((commit) => commit !== head && !passed.includes(commit));
  return { head, open: open.slice(-openMax), passed: passed.slice(-openMax) };
}

const heading = 'Where Landfall left off on this branch. It reads this when it starts again.';

export function formatJournal({ head, open, passed }: Journal): string {
  const lines = [...open.map((commit) => `open ${commit}`), ...passed.map((commit) => `passed ${commit}`)];
  return `${[heading, `head ${head}`, ...lines].join('\n')}\n`;
}

/** Shape: undefined for what is no journal. */
export function parseJournal(text: string): Journal | undefined {
  const named = (word: string): readonly CommitSha[] =>
    text.split('\n').flatMap((line) => {
      const sha = line.startsWith(`${word} `) ? line.slice(word.length + 1) : '';
      return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) ? [commitSha(sha)] : [];
    });
  const [head] = named('head');
  return head === undefined ? undefined : { head, open: named('open'), passed: named('passed') };
}

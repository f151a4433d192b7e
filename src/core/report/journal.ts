/** Where the telling was left off: which head was seen last, and which commits have not ended. */
import { type CommitSha, commitSha } from '../model/id.ts';
import { type Book, tidied } from './book.ts';

export type Journal = {
  readonly head: CommitSha;
  /** Beside the head; oldest first as far as that is known. */
  readonly open: readonly CommitSha[];
};

/** So many, the newest: a journal is read whole. */
const openMax = 200;

/** Shape: undefined before the first head. */
export function journalOf(book: Book): Journal | undefined {
  const { head, pages, passed } = tidied(book);
  if (head === undefined) return undefined;
  const open = new Set([...passed, ...pages.keys()].filter((commit) => commit !== head));
  return { head, open: [...open].slice(-openMax) };
}

const heading = 'Where Landfall left off on this branch. It reads this when it starts again.';

export const formatJournal = ({ head, open }: Journal): string =>
  `${[heading, `head ${head}`, ...open.map((commit) => `open ${commit}`)].join('\n')}\n`;

/** Shape: undefined for what is no journal. */
export function parseJournal(text: string): Journal | undefined {
  const named = (word: string): readonly CommitSha[] =>
    text.split('\n').flatMap((line) => {
      const sha = line.startsWith(`${word} `) ? line.slice(word.length + 1) : '';
      return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) ? [commitSha(sha)] : [];
    });
  const [head] = named('head');
  return head === undefined ? undefined : { head, open: named('open') };
}

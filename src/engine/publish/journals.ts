/** Where a sink keeps its journal: as a note in the repository, or in the state folder when nobody may push there. */
import { longDigestOfText } from '../../core/json/digest.ts';
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import { formatJournal, type Journal, parseJournal } from '../../core/report/journal.ts';
import type { GitRepository } from '../../seam/git.ts';
import type { Store } from '../../seam/store.ts';

/** Both reject with FaultError, or with the signal's reason. */
export type JournalKeeper = {
  /** Shape: undefined when there is none. */
  readonly recall: (signal: AbortSignal) => Promise<Journal | undefined>;
  readonly keep: (journal: Journal, signal: AbortSignal) => Promise<void>;
};

/** Shape: a note under the name of an object that there is none of. Another process, on whatever machine, finds it. */
export function notesJournal(
  git: Pick<GitRepository, 'readNotes' | 'writeNotes'>,
  { ref, of }: { readonly ref: string; readonly of: string },
): JournalKeeper & { readonly key: CommitSha } {
  const key = commitSha(longDigestOfText(`landfall journal of ${of}`).slice(-40));
  return {
    key,
    recall: async (signal) => {
      const text = (await git.readNotes(ref, [key], signal)).get(key);
      return text === undefined ? undefined : parseJournal(text);
    },
    keep: async (journal, signal) => {
      await git.writeNotes(ref, new Map([[key, formatJournal(journal)]]), signal);
    },
  };
}

/** Shape: only the process that has this folder finds it; where it is lost, the telling begins with the head. */
export function storedJournal(store: Store, name: string): JournalKeeper {
  return {
    recall: async () => {
      const text = await store.read(name);
      return text === undefined ? undefined : parseJournal(text);
    },
    keep: (journal) => store.write(name, formatJournal(journal)),
  };
}

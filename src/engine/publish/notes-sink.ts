/** Statuses as Git notes, for every Git server there is: `git log --notes=landfall` shows them. */
import type { CommitSha, InstallationId } from '../../core/model/id.ts';
import { formatJournal } from '../../core/report/journal.ts';
import { formatNote, parseNote } from '../../core/report/note.ts';
import type { GitRepository } from '../../seam/git.ts';
import { notesJournal } from './journals.ts';
import type { StatusSink } from './sink.ts';

/** While a rollout goes on, counts are brought up to date at most this often: each time is one push. */
const refreshMs = 15_000;

/** `refs/notes/landfall`; Landfalls that are not the only one have a ref each, so that none writes over another's notes. */
export const notesRef = (installation: InstallationId): string =>
  installation === 'default' ? 'refs/notes/landfall' : `refs/notes/landfall-${installation}`;

/**
 * Tells a repository's commits by notes, all of a batch and the journal in one push.
 *
 * Shape: the journal is a note as well, under the name of an object that there is none of; one for each branch.
 */
export function notesSink(
  git: Pick<GitRepository, 'readNotes' | 'writeNotes'>,
  { ref, branch }: { readonly ref: string; readonly branch: string },
): StatusSink {
  const journals = notesJournal(git, { ref, of: `branch ${branch}` });
  return {
    name: 'notes',
    refreshMs,
    recall: journals.recall,
    read: async (commits, signal) => {
      if (commits.length === 0) return new Map();
      const notes = await git.readNotes(ref, commits, signal);
      return new Map([...notes].map(([commit, text]) => [commit, parseNote(text)]));
    },
    write: async ({ reports, journal }, onTold, signal) => {
      const notes = new Map<CommitSha, string>(reports.map(({ commit, statuses }) => [commit, formatNote(statuses)]));
      notes.set(journals.key, formatJournal(journal));
      await git.writeNotes(ref, notes, signal);
      for (const { commit, statuses } of reports) for (const context of statuses.keys()) onTold(commit, context);
      return undefined;
    },
  };
}

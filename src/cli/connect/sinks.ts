/** Who is told about the commits of a repository: notes in it, and its forge. */
import { installationId } from '../../core/model/id.ts';
import { dialects, openForge } from '../../edge/forge/open.ts';
import { Budget } from '../../engine/publish/budget.ts';
import { forgeSink } from '../../engine/publish/forge-sink.ts';
import { type JournalKeeper, notesJournal, storedJournal } from '../../engine/publish/journals.ts';
import { notesRef, notesSink } from '../../engine/publish/notes-sink.ts';
import type { StatusSink } from '../../engine/publish/sink.ts';
import type { FollowedRepository } from '../../engine/source/repository.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';
import type { Store } from '../../seam/store.ts';
import type { ForgeChoice, RepositoryChoice, Settings } from '../settings/settings.ts';

export type SinkDeps = {
  readonly net: Net;
  readonly clock: Clock;
  readonly store: Store;
  readonly version: string;
};

export type Sinks = {
  /** What the settings say of a repository. Dials nothing. */
  readonly of: (repository: FollowedRepository) => readonly StatusSink[];
  readonly close: () => void;
};

export function openSinks(settings: Settings, deps: SinkDeps): Sinks {
  const { installation } = settings;
  const ref = notesRef(installationId(installation));
  const choices = new Map(settings.repositories.map((choice) => [choice.name, choice]));
  const budgets = new Map<string, Budget>();
  const closing: (() => void)[] = [];

  /** Whoever has the same token of the same forge shares what it may post. */
  const budgetOf = ({ kind, apiURL, tokenFile }: ForgeChoice): Budget => {
    const key = `${apiURL} ${tokenFile}`;
    const budget = budgets.get(key) ?? new Budget(dialects[kind].abilities.rate, deps.clock);
    budgets.set(key, budget);
    return budget;
  };

  const tellForge = (choice: RepositoryChoice, chosen: ForgeChoice, journal: JournalKeeper): StatusSink => {
    const budget = budgetOf(chosen);
    const access = { ...chosen, proxyURL: choice.proxyURL, version: deps.version };
    const forge = openForge(access, { ...deps, onSpent: (durationMs) => budget.rest(durationMs) });
    closing.push(forge.close);
    return forgeSink({ forge, budget, journal });
  };

  return {
    of: ({ git, settings: { id, branch } }) => {
      const choice = choices.get(id);
      if (choice === undefined) return [];
      const hasNotes = choice.statuses === 'notes';
      const notes = hasNotes ? [notesSink(git, { ref, branch })] : [];
      if (choice.forge === undefined) return notes;
      // Where notes may be pushed, whoever goes on on another machine finds the journal as well.
      const journal = hasNotes
        ? notesJournal(git, { ref, of: `branch ${branch} on its forge` })
        : storedJournal(deps.store, `statuses-${installation}-${id}`);
      return [...notes, tellForge(choice, choice.forge, journal)];
    },
    close: () => {
      for (const close of closing) close();
    },
  };
}

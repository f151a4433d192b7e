/** Who is told about the commits of a repository: notes in it, its forge, and receivers of events. */
import { installationId } from '../../core/model/id.ts';
import { eventSink } from '../../engine/publish/event-sink.ts';
import { forgeSink } from '../../engine/publish/forge-sink.ts';
import { notesJournal, storedJournal } from '../../engine/publish/journals.ts';
import { notesRef, notesSink } from '../../engine/publish/notes-sink.ts';
import type { StatusSink } from '../../engine/publish/sink.ts';
import type { FollowedRepository } from '../../engine/source/repository.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Store } from '../../seam/store.ts';
import type { Settings } from '../settings/settings.ts';
import type { Forges } from './forges.ts';
import { pagesOf } from './pages.ts';
import type { Receivers } from './receivers.ts';

export type SinkDeps = {
  readonly forges: Pick<Forges, 'of'>;
  readonly receivers: Pick<Receivers, 'of'>;
  readonly store: Store;
  readonly clock: Clock;
};

/** What the settings say of a repository. Dials nothing. */
export function sinksBy(settings: Settings, deps: SinkDeps): (repository: FollowedRepository) => readonly StatusSink[] {
  const { forges, receivers, store } = deps;
  const { installation } = settings;
  const ref = notesRef(installationId(installation));
  const choices = new Map(settings.repositories.map((choice) => [choice.name, choice]));
  return ({ git, settings: { id, branch } }) => {
    const choice = choices.get(id);
    if (choice === undefined) return [];
    const hasNotes = choice.statuses === 'notes';
    const notes = hasNotes ? [notesSink(git, { ref, branch })] : [];
    const pageOf = pagesOf(id, settings);
    const source = `/landfall/${installation}/${id}`;
    const events = (receivers.of.get(id) ?? []).map(({ receiver, name }) =>
      eventSink(
        { name: `events-${installation}-${id}-${name}`, source, repository: id },
        { ...deps, receiver, pageOf },
      ),
    );
    const access = forges.of.get(id);
    if (access === undefined) return [...notes, ...events];
    // Where notes may be pushed, whoever goes on on another machine finds the journal as well.
    const journal = hasNotes
      ? notesJournal(git, { ref, of: `branch ${branch} on its forge` })
      : storedJournal(store, `statuses-${installation}-${id}`);
    return [...notes, ...events, forgeSink({ ...access, journal, pageOf })];
  };
}

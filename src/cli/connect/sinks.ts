/** Who is told about the commits of a repository. */
import { installationId } from '../../core/model/id.ts';
import { notesRef, notesSink } from '../../engine/publish/notes-sink.ts';
import type { StatusSink } from '../../engine/publish/sink.ts';
import type { FollowedRepository } from '../../engine/source/repository.ts';
import type { Settings } from '../settings/settings.ts';

/** The sinks of a repository by what the settings say of it. */
export function sinksOf(settings: Settings): (repository: FollowedRepository) => readonly StatusSink[] {
  const ref = notesRef(installationId(settings.installation));
  const silent = new Set(settings.repositories.filter(({ statuses }) => statuses === 'none').map(({ name }) => name));
  return ({ git, settings: { id, branch } }) => (silent.has(id) ? [] : [notesSink(git, { ref, branch })]);
}

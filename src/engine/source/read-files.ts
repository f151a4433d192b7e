/** Files of a repository by their oids, for those who need the bytes. */
import { FaultError } from '../../core/model/fault.ts';
import type { RepositoryId } from '../../core/model/id.ts';
import type { GitRepository } from '../../seam/git.ts';
import type { ReadFiles } from '../../seam/tool.ts';
import type { FollowedRepository } from './repository.ts';

type Followed = Pick<FollowedRepository, 'settings'> & { readonly git: Pick<GitRepository, 'blobs'> };

/** Errors, of the reader: missing, for a file that is larger than is read, or of a commit that is not here. */
export function filesOf(repositories: readonly Followed[], id: RepositoryId): ReadFiles {
  return async (files, signal) => {
    const git = repositories.find(({ settings }) => settings.id === id)?.git;
    if (git === undefined) throw new FaultError({ kind: 'missing', detail: `repository ${id} is not in the settings` });
    const blobs = await git.blobs(
      files.map(({ oid }) => oid),
      signal,
    );
    return files.map(({ path }, index) => {
      const blob = blobs[index];
      if (blob?.kind === 'bytes') return blob.bytes;
      throw new FaultError({ kind: 'missing', detail: `${path} has more bytes than are read` });
    });
  };
}

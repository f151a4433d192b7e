/** What a person calls a commit: from `--at`, or as an argument. */
import { FaultError } from '../../core/model/fault.ts';
import { commitSha, type RepositoryId, repositoryId } from '../../core/model/id.ts';
import { openLocal } from '../../edge/git/open-local.ts';
import { parseGitURL } from '../../edge/git/url.ts';
import type { OtherHead } from '../../engine/plan/survey.ts';
import { UsageError } from '../failure.ts';
import type { RepositoryChoice, Settings } from '../settings/settings.ts';

/**
 * Finds a commit by its whole SHA, or by any name in a repository of this machine.
 *
 * Errors: UsageError, for a name that only a server could tell.
 */
export function commitNamed(text: string, { repositories }: Settings): OtherHead {
  if (/^[0-9a-f]{40}$/.test(text)) return { repository: undefined, commit: commitSha(text) };
  const local = repositories.filter(isLocal);
  const missing: string[] = [];
  for (const choice of local) {
    const found = resolveIn(choice, text);
    if (found instanceof FaultError) missing.push(found.fault.detail);
    else return found;
  }
  if (local.length > 0) throw new UsageError(missing.join('; '));
  throw new UsageError(
    `${JSON.stringify(text)} is no whole commit SHA, and no repository of the settings is on this machine`,
  );
}

const isLocal = ({ address }: RepositoryChoice): boolean => parseGitURL(address).kind === 'local';

function resolveIn({ name, address }: RepositoryChoice, text: string): OtherHead | FaultError {
  const id: RepositoryId = repositoryId(name);
  try {
    const repository = openLocal(address);
    try {
      return { repository: id, commit: repository.resolve(text) };
    } finally {
      repository.close();
    }
  } catch (error) {
    if (error instanceof FaultError) return error;
    throw error;
  }
}

/** Whether the branch was read since a pull request was merged. */
import type { CommitSha } from '../../core/model/id.ts';
import type { GitRepository } from '../../seam/git.ts';
import type { PullRequest } from '../../seam/pull-request.ts';

const historyMax = 200;

/** Shape: false of what is not merged, or nobody knows as what. Errors: FaultError. */
export async function isMergeSeen(
  { state, mergedAs }: Pick<PullRequest, 'mergedAs' | 'state'>,
  head: CommitSha,
  git: Pick<GitRepository, 'fetch' | 'history' | 'mergeBase'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (state !== 'merged' || mergedAs === undefined) return false;
  const commits = await git.history(head, undefined, historyMax, signal);
  if (commits.some(({ commit, parents }) => commit === mergedAs || parents.includes(mergedAs))) return true;
  // Further back than that, or not here yet: then our head comes before it.
  await git.fetch(mergedAs, signal);
  const base = await git.mergeBase(head, mergedAs, signal);
  return base.kind !== 'found' || base.commit !== head;
}

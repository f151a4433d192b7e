/** What came before a commit, by first parents. */
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import type { CommitInfo } from '../../seam/git.ts';
import type { Holding } from './holding.ts';
import type { Walker } from './objects/walk.ts';
import type { Call } from './remote/remote.ts';
import { deepenMax } from './settings.ts';

type Found = { readonly commits: readonly CommitInfo[]; readonly isCut: boolean };

/**
 * First-parent history from `from` back, newest first, `from` included; stops at `until` (excluded) or `limit`.
 *
 * Cost: one fetch where the local copy ends too early. It may still be short of `limit`: no more than so many commits
 * are asked for, and a server or a shallow repository may have no more.
 */
export async function historyOf(
  holding: Holding,
  from: CommitSha,
  until: CommitSha | undefined,
  limit: number,
  call: Call,
): Promise<readonly CommitInfo[]> {
  const here = firstParents(holding.view().walker, from, until, limit);
  if (!here.isCut) return here.commits;
  await holding.deepen(from, Math.min(limit + 1, deepenMax), call);
  return firstParents(holding.view().walker, from, until, limit).commits;
}

function firstParents(walker: Walker, from: CommitSha, until: CommitSha | undefined, limit: number): Found {
  const commits: CommitInfo[] = [];
  let here: string | undefined = from;
  while (here !== undefined && here !== until && commits.length < limit) {
    if (commits.length > 0 && !walker.hasCommit(here)) return { commits, isCut: true };
    const commit = walker.commit(here);
    commits.push({
      commit: commitSha(here),
      parents: commit.parents.map(commitSha),
      subject: commit.subject,
      author: commit.author,
      committedAtMs: commit.committedAtMs,
    });
    here = commit.parents[0];
  }
  return { commits, isCut: false };
}

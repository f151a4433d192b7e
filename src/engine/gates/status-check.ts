/** Somebody else's status of the commit, at the forge. */
import type { CommitSha, RepositoryId } from '../../core/model/id.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Answer, type Check, fail, pass, pending, unknown } from './answer.ts';

export type CommitStatus = {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly text: string;
};

/** Shape: undefined for a repository without a forge. Errors: FaultError. */
export type ReadStatuses = (
  repository: RepositoryId,
  commit: CommitSha,
  signal: AbortSignal,
) => Promise<readonly CommitStatus[] | undefined>;

/** Several gates, and Apps, ask for the same commit at about the same time. */
const sharedMs = 5_000;
const sharedMax = 200;

export function statusCheck(deps: { readonly readStatuses: ReadStatuses; readonly clock: Clock }): Check<'status'> {
  const shared = new Map<string, { readonly atMs: number; readonly all: ReturnType<ReadStatuses> }>();
  const read: ReadStatuses = (repository, commit, signal) => {
    const key = `${repository} ${commit}`;
    const nowMs = deps.clock.nowMs();
    const known = shared.get(key);
    if (known !== undefined && nowMs - known.atMs < sharedMs) return known.all;
    const all = deps.readStatuses(repository, commit, signal);
    shared.delete(key);
    shared.set(key, { atMs: nowMs, all });
    for (const oldest of [...shared.keys()].slice(0, -sharedMax)) shared.delete(oldest);
    return all;
  };
  return async ({ asked: { placement, ask }, check: { context } }, signal) => {
    const { repository } = placement;
    const { revision } = ask.subject;
    const all = await read(repository, revision, signal);
    if (all === undefined) return unknown(`repository ${repository} has no forge in the settings`);
    return judgeStatus(all, context, revision);
  };
}

export function judgeStatus(all: readonly CommitStatus[], context: string, commit: CommitSha): Answer {
  const status = all.find(({ name }) => name === context);
  if (status === undefined) return pending(`commit ${commit.slice(0, 12)} has no status ${context} yet`);
  const said = status.text === '' ? `${context} is ${status.state}` : `${context}: ${status.text}`;
  switch (status.state) {
    case 'success':
      return pass(said);
    case 'pending':
      return pending(said);
    case 'failure':
    case 'error':
      return fail(said);
  }
}

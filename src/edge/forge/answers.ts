/** What forges answer about pull requests, where several answer alike. */
import { at, type Json, numberOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Merged, PullRequest } from '../../seam/pull-request.ts';
import type { ForgeClient } from './client.ts';

/**
 * After a refusal, the pull request says more than the answer: somebody may have merged it, an earlier request of ours among
 * them whose answer was cut.
 */
export function afterRefusal(found: PullRequest, head: CommitSha, reason: string): Merged {
  if (found.head.commit !== head) return { kind: 'moved' };
  if (found.state === 'merged') return { kind: 'merged', commit: found.mergedAs };
  if (found.state === 'closed') return { kind: 'refused', reason: 'it is closed' };
  return { kind: 'refused', reason: reason === '' ? 'the forge does not say why' : reason };
}

/** The first line, and all after it. */
export function titleAndBody(message: string): { readonly title: string; readonly body: string } {
  const end = message.indexOf('\n');
  return end < 0 ? { title: message, body: '' } : { title: message.slice(0, end), body: message.slice(end + 1).trim() };
}

/** The whole name of a commit. */
export const isCommit = (text: string | undefined): text is string =>
  text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** Shape: empty where there is none. */
export const idOf = (json: Json | undefined): string => String(numberOf(at(json, 'id')) ?? '');

/** The id of what was just made. */
export function newId(json: Json, client: ForgeClient): string {
  const id = idOf(json);
  if (id === '') throw client.oddity('does not name the comment that it took');
  return id;
}

/** Who the user is whose credential it is. */
export const selfId = (
  client: ForgeClient,
  signal: AbortSignal,
  read: (user: Json) => string = idOf,
): Promise<string> =>
  client.once(async () => {
    const answer = await client.ask({ method: 'GET', path: '/user' }, signal);
    if (answer.status === 403) {
      const { fault } = client.faultOf(answer);
      const detail = 'the forge does not let the token read whose it is, and no comment can be told to be ours';
      throw new FaultError(fault.kind === 'forbidden' ? { ...fault, detail } : fault);
    }
    const id = read(client.jsonOf(answer));
    if (id === '') throw client.oddity('does not say whose the token is');
    return id;
  }, signal);

/** One that was asked for by itself. */
export function wholeOf(found: PullRequest | null | undefined, client: ForgeClient): PullRequest {
  if (found === undefined || found === null) throw client.oddity('answers something that is no pull request');
  return found;
}

/** Comments on pull requests where those are issues too, as GitHub began it and Gitea has it. */
import { at, type Json, textOf } from '../../core/json/value.ts';
import type { Comment, PullRequests } from '../../seam/pull-request.ts';
import { idOf, newId } from './answers.ts';
import type { ForgeClient } from './client.ts';

/** `issues` is the path of all of them. */
export const issueComments = (client: ForgeClient, issues: string): Pick<PullRequests, 'comment' | 'editComment'> => ({
  comment: async (number, body, signal) => {
    const path = `${issues}/${number}/comments`;
    return newId(await client.json({ method: 'POST', path, body: { body } }, signal), client);
  },
  editComment: async (_number, id, body, signal) => {
    await client.json({ method: 'PATCH', path: `${issues}/comments/${id}`, body: { body } }, signal);
  },
});

export function issueCommentIn(json: Json, isOurs: boolean): Comment | undefined {
  const id = idOf(json);
  if (id === '') return undefined;
  return { id, body: textOf(at(json, 'body')) ?? '', isOurs };
}

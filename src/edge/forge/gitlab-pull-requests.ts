/** GitLab: merge requests, and the notes on them. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, Merged, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, idOf, isCommit, newId, selfId, wholeOf } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { foundAt, type List, listOf, numbered, pagesOf } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** Source: docs.gitlab.com/api/merge_requests, …/api/notes. */
export function gitlabPullRequests(client: ForgeClient, { project }: ForgePlace): PullRequests {
  const home = `/projects/${encodeURIComponent(project)}`;
  const requests = `${home}/merge_requests`;

  const list = (query: string): List<PullRequest> => ({
    of: 'merge requests',
    path: (page) => `${requests}?${query}&per_page=50&page=${page}`,
    read: pullRequestIn,
    ...numbered(50),
  });

  const get: PullRequests['get'] = async (number, signal) => {
    const found = await foundAt(client, `${requests}/${number}`, home, signal);
    return found === undefined ? undefined : wholeIn(found, client);
  };

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const branches = `source_branch=${encodeURIComponent(branch)}&target_branch=${encodeURIComponent(base)}`;
    const query = `state=all&${branches}&order_by=created_at&sort=desc`;
    for await (const page of pagesOf(client, list(query), signal)) {
      const found = page.find(({ head }) => !head.isForeign);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return {
    bodyMax: 1_000_000,
    markup: 'html',
    open: (base, signal) => {
      const query = `state=opened&target_branch=${encodeURIComponent(base)}&order_by=created_at&sort=asc`;
      return listOf(client, list(query), signal);
    },
    from,
    get,
    create: async ({ branch, base, title, body }, signal) => {
      const request = { source_branch: branch, target_branch: base, title, description: body };
      const answer = await client.ask({ method: 'POST', path: requests, body: request }, signal);
      if (answer.status === 409) {
        // There is one: somebody else's, or ours that was taken before the connection was cut.
        const there = await from(branch, base, signal);
        if (there?.state === 'open') return there;
      }
      return wholeIn(client.jsonOf(answer), client);
    },
    edit: async (number, { title, body, state }, signal) => {
      const change = {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { description: body }),
        ...(state === undefined ? {} : { state_event: state === 'open' ? 'reopen' : 'close' }),
      };
      await client.json({ method: 'PUT', path: `${requests}/${number}`, body: change }, signal);
    },
    merge: async (number, { head, message }, signal): Promise<Merged> => {
      // Which of the two becomes a commit is the project's setting.
      const wish = { sha: head, merge_commit_message: message, squash_commit_message: message };
      const answer = await client.ask({ method: 'PUT', path: `${requests}/${number}/merge`, body: wish }, signal);
      if (answer.status === 200) return { kind: 'merged', commit: wholeIn(client.jsonOf(answer), client).mergedAs };
      // So it says that this user may not merge; of a token that is not accepted it says the same to the next question.
      if (answer.status === 401) {
        wholeIn(await client.json({ method: 'GET', path: `${requests}/${number}` }, signal), client);
        throw client.faultOf({ ...answer, status: 403 });
      }
      // 406 is what older servers say of a conflict, and newer ones 422.
      if (![405, 406, 409, 422].includes(answer.status)) throw client.faultOf(answer);
      const reason = reasonIn(answer.text);
      if (answer.status === 409 && /sha does not match/i.test(reason)) return { kind: 'moved' };
      const found = await client.json({ method: 'GET', path: `${requests}/${number}` }, signal);
      return afterRefusal(wholeIn(found, client), head, reason);
    },
    comments: async (number, signal) => {
      const self = await selfId(client, signal);
      const all: List<Comment> = {
        of: 'notes',
        path: (page) => `${requests}/${number}/notes?sort=asc&order_by=created_at&per_page=100&page=${page}`,
        read: (each) => commentIn(each, self),
        ...numbered(100),
      };
      return await listOf(client, all, signal);
    },
    comment: async (number, body, signal) => {
      const path = `${requests}/${number}/notes`;
      return newId(await client.json({ method: 'POST', path, body: { body } }, signal), client);
    },
    editComment: async (number, id, body, signal) => {
      await client.json({ method: 'PUT', path: `${requests}/${number}/notes/${id}`, body: { body } }, signal);
    },
  };
}

const wholeIn = (json: Json, client: ForgeClient): PullRequest => wholeOf(pullRequestIn(json), client);

// `locked` is one that is being merged.
const states: Readonly<Record<string, PullRequest['state']>> = {
  opened: 'open',
  locked: 'open',
  merged: 'merged',
  closed: 'closed',
};

/** Shape: null for one whose source is gone: it can be neither looked at nor merged. */
function pullRequestIn(json: Json): PullRequest | null | undefined {
  const number = numberOf(at(json, 'iid'));
  const base = textOf(at(json, 'target_branch'));
  const state = states[textOf(at(json, 'state')) ?? ''];
  if (number === undefined || base === undefined || state === undefined) return undefined;
  const commit = textOf(at(json, 'sha'));
  if (!isCommit(commit)) return null;
  // A merge commit, else what squashing made, else the head itself went on the branch.
  const mergedAs = textOf(at(json, 'merge_commit_sha')) ?? textOf(at(json, 'squash_commit_sha')) ?? commit;
  return {
    number,
    url: textOf(at(json, 'web_url')) ?? '',
    title: textOf(at(json, 'title')) ?? '',
    body: textOf(at(json, 'description')) ?? '',
    state,
    isDraft: at(json, 'draft') === true || at(json, 'work_in_progress') === true,
    base,
    head: {
      branch: textOf(at(json, 'source_branch')) ?? '',
      commit: commitSha(commit),
      isForeign: numberOf(at(json, 'source_project_id')) !== numberOf(at(json, 'target_project_id')),
    },
    mergedAs: state === 'merged' && isCommit(mergedAs) ? commitSha(mergedAs) : undefined,
  };
}

/** Shape: null for what GitLab itself tells between the notes. */
function commentIn(json: Json, self: string): Comment | null | undefined {
  const id = idOf(json);
  if (id === '') return undefined;
  if (at(json, 'system') === true) return null;
  return { id, body: textOf(at(json, 'body')) ?? '', isOurs: idOf(at(json, 'author')) === self };
}

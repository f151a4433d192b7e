/** GitHub: pull requests, and the comments on them, which it keeps with its issues. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, Merged, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, idOf, isCommit, selfId, titleAndBody, wholeOf } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { issueCommentIn, issueComments } from './issue-comments.ts';
import { foundAt, type List, listOf, numbered, pagesOf } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** A repository may allow one of them only. */
const methods = ['merge', 'squash', 'rebase'] as const;

/** Whose comments are ours. */
export type Author = {
  readonly self: (client: ForgeClient, signal: AbortSignal) => Promise<string>;
  readonly of: (comment: Json) => string;
};

export const byUser: Author = { self: selfId, of: (comment) => idOf(at(comment, 'user')) };

/** An App has no user that it could ask for; what it writes is marked. */
export const byApp = (id: number): Author => ({
  self: async () => String(id),
  of: (comment) => idOf(at(comment, 'performed_via_github_app')),
});

/** Source: docs.github.com/en/rest/pulls/pulls, …/issues/comments. */
export const githubPullRequests =
  (author: Author) =>
  (client: ForgeClient, place: ForgePlace): PullRequests =>
    pullRequestsOf(client, place, author);

function pullRequestsOf(client: ForgeClient, { project }: ForgePlace, author: Author): PullRequests {
  const home = `/repos/${project}`;
  const pulls = `${home}/pulls`;
  const issues = `${home}/issues`;
  const owner = project.split('/')[0] ?? '';

  const list = (query: string): List<PullRequest> => ({
    of: 'pull requests',
    path: (page) => `${pulls}?${query}&per_page=50&page=${page}`,
    read: pullRequestIn,
    ...numbered(50),
  });

  const get: PullRequests['get'] = async (number, signal) => {
    const found = await foundAt(client, `${pulls}/${number}`, home, signal);
    return found === undefined ? undefined : wholeIn(found, client);
  };

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const head = encodeURIComponent(`${owner}:${branch}`);
    const query = `state=all&head=${head}&base=${encodeURIComponent(base)}&sort=created&direction=desc`;
    for await (const page of pagesOf(client, list(query), signal)) {
      const found = page.find(({ head: { branch: name, isForeign } }) => name === branch && !isForeign);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return {
    bodyMax: 65_536,
    markup: 'html',
    open: (base, signal) =>
      listOf(client, list(`state=open&base=${encodeURIComponent(base)}&sort=created&direction=asc`), signal),
    from,
    get,
    create: async ({ branch, base, title, body }, signal) => {
      const request = { head: branch, base, title, body };
      const answer = await client.ask({ method: 'POST', path: pulls, body: request }, signal);
      if (answer.status === 422 && /already exists/i.test(reasonIn(answer.text))) {
        // Somebody else's, or ours that was taken before the connection was cut.
        const there = await from(branch, base, signal);
        if (there?.state === 'open') return there;
      }
      return wholeIn(client.jsonOf(answer), client);
    },
    edit: async (number, change, signal) => {
      await client.json({ method: 'PATCH', path: `${pulls}/${number}`, body: { ...change } }, signal);
    },
    merge: async (number, { head, message }, signal): Promise<Merged> => {
      const { title, body } = titleAndBody(message);
      let reason = '';
      for (const method of methods) {
        const wish = { sha: head, merge_method: method, commit_title: title, commit_message: body };
        const answer = await client.ask({ method: 'PUT', path: `${pulls}/${number}/merge`, body: wish }, signal);
        if (answer.status === 200) {
          const commit = textOf(at(client.jsonOf(answer), 'sha'));
          return { kind: 'merged', commit: isCommit(commit) ? commitSha(commit) : undefined };
        }
        if (![405, 409, 422].includes(answer.status)) throw client.faultOf(answer);
        reason = reasonIn(answer.text);
        if (answer.status === 409 && /head branch was modified/i.test(reason)) return { kind: 'moved' };
        if (answer.status !== 405 || !/not allowed on this repository/i.test(reason)) break;
      }
      const found = await client.json({ method: 'GET', path: `${pulls}/${number}` }, signal);
      return afterRefusal(wholeIn(found, client), head, reason);
    },
    comments: async (number, signal) => {
      const self = await author.self(client, signal);
      const all: List<Comment> = {
        of: 'comments',
        // Oldest first, as nothing else can be asked for.
        path: (page) => `${issues}/${number}/comments?per_page=100&page=${page}`,
        read: (each) => issueCommentIn(each, author.of(each) === self),
        ...numbered(100),
      };
      return await listOf(client, all, signal);
    },
    ...issueComments(client, issues),
  };
}

const wholeIn = (json: Json, client: ForgeClient): PullRequest => wholeOf(pullRequestIn(json), client);

/** Shape: null for one whose head nobody names: it can be neither looked at nor merged. */
function pullRequestIn(json: Json): PullRequest | null | undefined {
  const number = numberOf(at(json, 'number'));
  const base = textOf(at(json, 'base', 'ref'));
  if (number === undefined || base === undefined) return undefined;
  const commit = textOf(at(json, 'head', 'sha'));
  if (!isCommit(commit)) return null;
  const isMerged = typeof at(json, 'merged_at') === 'string';
  // While it is open this is a merge that GitHub tried.
  const mergedAs = textOf(at(json, 'merge_commit_sha'));
  return {
    number,
    url: textOf(at(json, 'html_url')) ?? '',
    title: textOf(at(json, 'title')) ?? '',
    body: textOf(at(json, 'body')) ?? '',
    state: isMerged ? 'merged' : at(json, 'state') === 'open' ? 'open' : 'closed',
    isDraft: at(json, 'draft') === true,
    base,
    head: {
      branch: textOf(at(json, 'head', 'ref')) ?? '',
      commit: commitSha(commit),
      // The copy may be gone, and then there is null.
      isForeign: idOf(at(json, 'head', 'repo')) !== idOf(at(json, 'base', 'repo')),
    },
    mergedAs: isMerged && isCommit(mergedAs) ? commitSha(mergedAs) : undefined,
  };
}

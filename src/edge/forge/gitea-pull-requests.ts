/** Gitea and Forgejo: pull requests, and the comments on them. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, Merged, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, idOf, isCommit, selfId, titleAndBody, wholeOf } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { issueCommentIn, issueComments } from './issue-comments.ts';
import { foundAt, type List, listOf, numbered, pagesOf, whole } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** A repository may allow one of them only. */
const styles = ['merge', 'squash', 'rebase-merge', 'rebase', 'fast-forward-only'] as const;

/** Source: the server's own /api/swagger, `repoListPullRequests`, `repoMergePullRequest`, `issueGetComments` and their neighbours. */
export function giteaPullRequests(client: ForgeClient, { project }: ForgePlace): PullRequests {
  const home = `/repos/${project}`;
  const issues = `${home}/issues`;
  const pulls = `${home}/pulls`;

  const list = (query: string): List<PullRequest> => ({
    of: 'pull requests',
    path: (page) => `${pulls}?${query}&limit=50&page=${page}`,
    read: pullRequestIn,
    // The server may be set to shorter pages than were asked for: only an empty one is known to be the last.
    ...numbered(1),
  });

  const comments: PullRequests['comments'] = async (number, signal) => {
    const self = await selfId(client, signal);
    const all: List<Comment> = {
      of: 'comments',
      path: () => `${issues}/${number}/comments`,
      read: (each) => issueCommentIn(each, idOf(at(each, 'user')) === self),
      // Whatever page is asked for.
      ...whole,
    };
    return await listOf(client, all, signal);
  };

  const get: PullRequests['get'] = async (number, signal) => {
    const found = await foundAt(client, `${pulls}/${number}`, home, signal);
    return found === undefined ? undefined : wholeIn(found, client);
  };

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const isIt = ({ head, base: to }: PullRequest): boolean => head.branch === branch && to === base && !head.isForeign;
    let isKnown = false;
    // The newest first, unless it is told otherwise.
    for await (const page of pagesOf(client, list(`state=all&base_branch=${encodeURIComponent(base)}`), signal)) {
      const found = page.find(isIt);
      if (found !== undefined) return found;
      // Before all that there ever were are gone through: is there any? The oldest is found by its branches.
      if (
        !isKnown &&
        (await client.ask({ method: 'GET', path: `${pulls}/${named(base, branch)}` }, signal)).status === 404
      )
        return undefined;
      isKnown = true;
    }
    return undefined;
  };

  return {
    bodyMax: 65_536,
    markup: 'html',
    open: async (base, signal) => {
      const all = await listOf(client, list(`state=open&sort=oldest&base_branch=${encodeURIComponent(base)}`), signal);
      // Older servers know neither this order nor this filter. One may come twice when another is closed meanwhile.
      const wanted = new Map(all.filter((each) => each.base === base).map((each) => [each.number, each]));
      return [...wanted.values()].toSorted((a, b) => a.number - b.number);
    },
    from,
    get,
    create: async ({ branch, base, title, body }, signal) => {
      const request = { head: branch, base, title, body };
      const answer = await client.ask({ method: 'POST', path: pulls, body: request }, signal);
      if (answer.status === 409) {
        // There is one: somebody else's, or ours that was taken before the connection was cut.
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
      for (const style of styles) {
        const wish = { Do: style, head_commit_id: head, MergeTitleField: title, MergeMessageField: body };
        const answer = await client.ask({ method: 'POST', path: `${pulls}/${number}/merge`, body: wish }, signal);
        if (answer.status === 200) return { kind: 'merged', commit: (await get(number, signal))?.mergedAs };
        if (![404, 405, 409, 423].includes(answer.status)) throw client.faultOf(answer);
        reason = reasonIn(answer.text);
        if (answer.status === 409 && /head out of date/i.test(reason)) return { kind: 'moved' };
        if (answer.status === 409 && reason === '') reason = 'it conflicts with its base';
        if (answer.status !== 405 || !/allowed merge style/i.test(reason)) break;
      }
      return afterRefusal(
        wholeIn(await client.json({ method: 'GET', path: `${pulls}/${number}` }, signal), client),
        head,
        reason,
      );
    },
    comments,
    ...issueComments(client, issues),
  };
}

/** A base is one step of a path, a head all the rest of it. */
const named = (base: string, head: string): string =>
  [encodeURIComponent(base), ...head.split('/').map(encodeURIComponent)].join('/');

const wholeIn = (json: Json, client: ForgeClient): PullRequest => wholeOf(pullRequestIn(json), client);

/** Shape: null for one whose head is gone: it can be neither looked at nor merged. */
function pullRequestIn(json: Json): PullRequest | null | undefined {
  const number = numberOf(at(json, 'number'));
  const base = textOf(at(json, 'base', 'ref'));
  if (number === undefined || base === undefined) return undefined;
  const commit = textOf(at(json, 'head', 'sha'));
  if (!isCommit(commit)) return null;
  const title = textOf(at(json, 'title')) ?? '';
  const isMerged = at(json, 'merged') === true;
  const mergedAs = textOf(at(json, 'merge_commit_sha'));
  return {
    number,
    url: textOf(at(json, 'html_url')) ?? '',
    title,
    body: textOf(at(json, 'body')) ?? '',
    state: isMerged ? 'merged' : at(json, 'state') === 'open' ? 'open' : 'closed',
    // Older servers have the title only.
    isDraft: at(json, 'draft') === true || /^(?:wip:|\[wip\])/i.test(title),
    base,
    head: {
      // `ref` is another when the branch is gone.
      branch: textOf(at(json, 'head', 'label')) ?? '',
      commit: commitSha(commit),
      isForeign: numberOf(at(json, 'head', 'repo_id')) !== numberOf(at(json, 'base', 'repo_id')),
    },
    mergedAs: isMerged && isCommit(mergedAs) ? commitSha(mergedAs) : undefined,
  };
}

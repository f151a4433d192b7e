/** Bitbucket Data Center: pull requests, and the comments on them. */
import { at, isArray, isObject, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, isCommit, newId, wholeOf } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { foundAt, type List, listOf, pagesOf } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** Source: developer.atlassian.com/server/bitbucket/rest, "Pull Requests". */
export function bitbucketServerPullRequests(client: ForgeClient, { project }: ForgePlace): PullRequests {
  const [key = '', slug = ''] = project.split('/');
  const home = `/api/latest/projects/${key}/repos/${slug}`;
  const pulls = `${home}/pull-requests`;

  const list = <T>(of: string, path: string, read: List<T>['read']): List<T> => ({
    of,
    first: 0,
    path: (at) => `${path}limit=50&start=${at}`,
    items: (page) => at(page, 'values'),
    read,
    next: (_at, _count, page) => (at(page, 'isLastPage') === false ? numberOf(at(page, 'nextPageStart')) : undefined),
  });

  const current = (number: number, signal: AbortSignal): Promise<Json> =>
    client.json({ method: 'GET', path: `${pulls}/${number}` }, signal);

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const query = `state=ALL&order=NEWEST&direction=OUTGOING&at=${encodeURIComponent(`refs/heads/${branch}`)}&`;
    for await (const page of pagesOf(client, list('pull requests', `${pulls}?${query}`, pullRequestIn), signal)) {
      const found = page.find(({ head, base: to }) => head.branch === branch && to === base && !head.isForeign);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return {
    bodyMax: 32_000,
    markup: 'plain',
    open: (base, signal) => {
      const query = `state=OPEN&order=OLDEST&direction=INCOMING&at=${encodeURIComponent(`refs/heads/${base}`)}&`;
      return listOf(client, list('pull requests', `${pulls}?${query}`, pullRequestIn), signal);
    },
    from,
    get: async (number, signal) => {
      const found = await foundAt(client, `${pulls}/${number}`, home, signal);
      return found === undefined ? undefined : wholeIn(found, client);
    },
    create: async ({ branch, base, title, body }, signal) => {
      const side = (name: string) => ({ id: `refs/heads/${name}`, repository: { slug, project: { key } } });
      const request = { title, description: body, fromRef: side(branch), toRef: side(base) };
      const answer = await client.ask({ method: 'POST', path: pulls, body: request }, signal);
      if (answer.status === 409) {
        // There is one: somebody else's, or ours that was taken before the connection was cut.
        const there = await from(branch, base, signal);
        if (there?.state === 'open') return there;
      }
      return wholeIn(client.jsonOf(answer), client);
    },
    edit: async (number, { title, body, state }, signal) => {
      const path = `${pulls}/${number}`;
      let now = await current(number, signal);
      if (title !== undefined || body !== undefined) {
        const reviewers = at(now, 'reviewers');
        const change = {
          version: at(now, 'version') ?? 0,
          title: title ?? textOf(at(now, 'title')) ?? '',
          description: body ?? textOf(at(now, 'description')) ?? '',
          // Whoever is left out is dismissed.
          reviewers: isArray(reviewers)
            ? reviewers.map((each) => ({ user: { name: at(each, 'user', 'name') ?? '' } }))
            : [],
        };
        now = await client.json({ method: 'PUT', path, body: change }, signal);
      }
      if (state === undefined) return;
      const act = state === 'open' ? 'reopen' : 'decline';
      await client.json({ method: 'POST', path: `${path}/${act}?version=${versionOf(now)}` }, signal);
    },
    merge: async (number, { head, message }, signal) => {
      // It merges a version, whose head is looked at before.
      const before = await current(number, signal);
      const found = wholeIn(before, client);
      if (found.state !== 'open' || found.head.commit !== head) return afterRefusal(found, head, '');
      const path = `${pulls}/${number}/merge?version=${versionOf(before)}`;
      const answer = await client.ask({ method: 'POST', path, body: { message } }, signal);
      if (answer.status === 200) return { kind: 'merged', commit: wholeIn(client.jsonOf(answer), client).mergedAs };
      if (answer.status !== 409) throw client.faultOf(answer);
      return afterRefusal(wholeIn(await current(number, signal), client), head, reasonIn(answer.text));
    },
    comments: async (number, signal) => {
      const self = await client.once(() => ownName(client, signal), signal);
      const path = `${pulls}/${number}/activities?`;
      const all = await listOf(
        client,
        list('activities', path, (each) => commentIn(each, self)),
        signal,
      );
      // The newest come first, and one that was edited comes more than once.
      return [...new Map(all.toReversed().map((comment) => [comment.id, comment])).values()];
    },
    comment: async (number, body, signal) => {
      const request = { text: body };
      return newId(
        await client.json({ method: 'POST', path: `${pulls}/${number}/comments`, body: request }, signal),
        client,
      );
    },
    editComment: async (number, id, body, signal) => {
      const path = `${pulls}/${number}/comments/${id}`;
      const version = versionOf(await client.json({ method: 'GET', path }, signal));
      await client.json({ method: 'PUT', path, body: { text: body, version } }, signal);
    },
  };
}

/** Every answer says in a header who asked. */
async function ownName(client: ForgeClient, signal: AbortSignal): Promise<string> {
  const answer = await client.ask({ method: 'GET', path: '/api/latest/application-properties' }, signal);
  client.jsonOf(answer);
  const name = answer.headers['x-ausername'];
  if (name === undefined || name === '') throw client.oddity('does not say whose the token is');
  return decodeURIComponent(name);
}

const versionOf = (json: Json): number => numberOf(at(json, 'version')) ?? 0;

const wholeIn = (json: Json, client: ForgeClient): PullRequest => wholeOf(pullRequestIn(json), client);

const states: Readonly<Record<string, PullRequest['state']>> = { OPEN: 'open', MERGED: 'merged', DECLINED: 'closed' };

const branchIn = (ref: Json | undefined): string => textOf(at(ref, 'id'))?.replace(/^refs\/heads\//, '') ?? '';

/** Shape: null for one whose head nobody names: it can be neither looked at nor merged. */
function pullRequestIn(json: Json): PullRequest | null | undefined {
  const number = numberOf(at(json, 'id'));
  const state = states[textOf(at(json, 'state')) ?? ''];
  const [source, target] = [at(json, 'fromRef'), at(json, 'toRef')];
  if (number === undefined || state === undefined || target === undefined) return undefined;
  const commit = textOf(at(source, 'latestCommit'));
  if (!isCommit(commit)) return null;
  const links = at(json, 'links', 'self');
  const mergedAs = textOf(at(json, 'properties', 'mergeCommit', 'id'));
  return {
    number,
    url: textOf(at(isArray(links) ? links[0] : undefined, 'href')) ?? '',
    title: textOf(at(json, 'title')) ?? '',
    body: textOf(at(json, 'description')) ?? '',
    state,
    isDraft: at(json, 'draft') === true,
    base: branchIn(target),
    head: {
      branch: branchIn(source),
      commit: commitSha(commit),
      isForeign: numberOf(at(source, 'repository', 'id')) !== numberOf(at(target, 'repository', 'id')),
    },
    mergedAs: state === 'merged' && isCommit(mergedAs) ? commitSha(mergedAs) : undefined,
  };
}

/** Shape: null for all that happens to a pull request beside comments on the whole of it. */
function commentIn(json: Json, self: string): Comment | null | undefined {
  const action = textOf(at(json, 'action'));
  if (action === undefined) return undefined;
  if (action !== 'COMMENTED' || isObject(at(json, 'commentAnchor'))) return null;
  const comment = at(json, 'comment');
  const id = numberOf(at(comment, 'id'));
  if (id === undefined) return undefined;
  const isOurs = textOf(at(comment, 'author', 'name')) === self;
  return { id: String(id), body: textOf(at(comment, 'text')) ?? '', isOurs };
}

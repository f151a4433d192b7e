/** Azure DevOps: pull requests, and the threads of comments on them. */
import { at, isArray, isObject, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, Merged, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, isCommit, wholeOf } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { foundAt, type List, listOf, pagesOf, whole } from './pages.ts';
import type { ForgePlace } from './place.ts';
import { reasonIn } from './reason.ts';

/** What Server 2020 knows, too. */
export const apiVersion = 'api-version=6.0';

/** A list shows no more of a body. */
const shownMax = 400;

/** Source: learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-requests, …/pull-request-threads. */
export function azureDevOpsPullRequests(client: ForgeClient, { apiURL, project }: ForgePlace): PullRequests {
  const [name = '', repository = ''] = project.split('/').map(encodeURIComponent);
  const home = homeOf(project);
  const pulls = `${home}/pullrequests`;
  const read = (json: Json): PullRequest | null | undefined =>
    pullRequestIn(json, (number) => `${apiURL}/${name}/_git/${repository}/pullrequest/${number}`);

  const list = (query: string): List<PullRequest> => ({
    of: 'pull requests',
    first: 0,
    path: (skip) => `${pulls}?${query}&$top=100&$skip=${skip}&${apiVersion}`,
    items: (page) => at(page, 'value'),
    read,
    next: (skip, count) => (count < 100 ? undefined : skip + count),
  });

  const current = async (number: number, signal: AbortSignal): Promise<PullRequest> =>
    wholeOf(read(await client.json({ method: 'GET', path: `${pulls}/${number}?${apiVersion}` }, signal)), client);

  const unabridged = (found: PullRequest, signal: AbortSignal): Promise<PullRequest> =>
    found.body.length < shownMax ? Promise.resolve(found) : current(found.number, signal);

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const query = `searchCriteria.status=all&searchCriteria.sourceRefName=${refOf(branch)}&searchCriteria.targetRefName=${refOf(base)}`;
    // The newest come first.
    for await (const page of pagesOf(client, list(query), signal)) {
      const found = page.find(({ head }) => !head.isForeign);
      if (found !== undefined) return await unabridged(found, signal);
    }
    return undefined;
  };

  const patch = (number: number, body: Json) =>
    ({ method: 'PATCH', path: `${pulls}/${number}?${apiVersion}`, body }) as const;

  return {
    bodyMax: 4_000,
    markup: 'html',
    open: async (base, signal) => {
      const query = `searchCriteria.status=active&searchCriteria.targetRefName=${refOf(base)}`;
      const all = await listOf(client, list(query), signal);
      const found: PullRequest[] = [];
      for (const each of all.toSorted((a, b) => a.number - b.number)) found.push(await unabridged(each, signal));
      return found;
    },
    from,
    get: async (number, signal) => {
      const found = await foundAt(client, `${pulls}/${number}?${apiVersion}`, `${home}?${apiVersion}`, signal);
      return found === undefined ? undefined : wholeOf(read(found), client);
    },
    create: async ({ branch, base, title, body }, signal) => {
      const request = {
        sourceRefName: `refs/heads/${branch}`,
        targetRefName: `refs/heads/${base}`,
        title,
        description: body,
      };
      const answer = await client.ask({ method: 'POST', path: `${pulls}?${apiVersion}`, body: request }, signal);
      if (answer.status === 409) {
        // There is one: somebody else's, or ours that was taken before the connection was cut.
        const there = await from(branch, base, signal);
        if (there?.state === 'open') return there;
      }
      return wholeOf(read(client.jsonOf(answer)), client);
    },
    edit: async (number, { title, body, state }, signal) => {
      const change = {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { description: body }),
        ...(state === undefined ? {} : { status: state === 'open' ? 'active' : 'abandoned' }),
      };
      await client.json(patch(number, change), signal);
    },
    merge: async (number, { head, message }, signal): Promise<Merged> => {
      const wish = {
        status: 'completed',
        lastMergeSourceCommit: { commitId: head },
        completionOptions: { mergeCommitMessage: message, deleteSourceBranch: false },
      };
      const answer = await client.ask(patch(number, wish), signal);
      if (answer.status !== 200 && !isRefusal(answer.status, answer.text)) throw client.faultOf(answer);
      // It is merged after the answer.
      const reason = answer.status === 200 ? 'the forge is still merging it' : reasonIn(answer.text);
      return afterRefusal(await current(number, signal), head, reason);
    },
    comments: async (number, signal) => {
      const self = await client.once(() => ownId(client, signal), signal);
      const threads: List<readonly Comment[]> = {
        of: 'threads',
        ...whole,
        path: () => `${pulls}/${number}/threads?${apiVersion}`,
        items: (page) => at(page, 'value'),
        read: (each) => commentsIn(each, self),
      };
      return (await listOf(client, threads, signal)).flat();
    },
    comment: async (number, body, signal) => {
      // Without a status: one that is active may have to be resolved before anybody may merge.
      const thread = { comments: [{ parentCommentId: 0, content: body, commentType: 'text' }] };
      const path = `${pulls}/${number}/threads?${apiVersion}`;
      const made = commentsIn(await client.json({ method: 'POST', path, body: thread }, signal), '');
      if (made?.[0] === undefined) throw client.oddity('does not name the comment that it took');
      return made[0].id;
    },
    editComment: async (number, id, body, signal) => {
      const [thread = '', comment = ''] = id.split('/');
      const path = `${pulls}/${number}/threads/${thread}/comments/${comment}?${apiVersion}`;
      await client.json({ method: 'PATCH', path, body: { content: body } }, signal);
    },
  };
}

/** A project and a repository may have blanks in their names. */
export function homeOf(project: string): string {
  const [name = '', repository = ''] = project.split('/').map(encodeURIComponent);
  return `/${name}/_apis/git/repositories/${repository}`;
}

const refOf = (branch: string): string => encodeURIComponent(`refs/heads/${branch}`);

/** A head that is another by then, a policy, a conflict; a credential that may not is told so by other words. */
const isRefusal = (status: number, text: string): boolean =>
  status === 400 || status === 409 || (status === 403 && /ByPolicyException|Stale/.test(text));

async function ownId(client: ForgeClient, signal: AbortSignal): Promise<string> {
  const said = await client.json({ method: 'GET', path: '/_apis/connectionData' }, signal);
  const id = textOf(at(said, 'authenticatedUser', 'id'));
  if (id === undefined) throw client.oddity('does not say whose the token is');
  return id;
}

const states: Readonly<Record<string, PullRequest['state']>> = {
  active: 'open',
  completed: 'merged',
  abandoned: 'closed',
};

const branchIn = (ref: Json | undefined): string | undefined => textOf(ref)?.replace(/^refs\/heads\//, '');

/** Shape: null for one whose head nobody names: it can be neither looked at nor merged. */
function pullRequestIn(json: Json, urlOf: (number: number) => string): PullRequest | null | undefined {
  const number = numberOf(at(json, 'pullRequestId'));
  const base = branchIn(at(json, 'targetRefName'));
  const state = states[textOf(at(json, 'status')) ?? ''];
  if (number === undefined || base === undefined || state === undefined) return undefined;
  const commit = textOf(at(json, 'lastMergeSourceCommit', 'commitId'));
  if (!isCommit(commit)) return null;
  const mergedAs = textOf(at(json, 'lastMergeCommit', 'commitId'));
  return {
    number,
    url: urlOf(number),
    title: textOf(at(json, 'title')) ?? '',
    body: textOf(at(json, 'description')) ?? '',
    state,
    isDraft: at(json, 'isDraft') === true,
    base,
    head: {
      branch: branchIn(at(json, 'sourceRefName')) ?? '',
      commit: commitSha(commit),
      isForeign: isObject(at(json, 'forkSource')),
    },
    // While it is open this is a merge that was tried.
    mergedAs: state === 'merged' && isCommit(mergedAs) ? commitSha(mergedAs) : undefined,
  };
}

/** Shape: none of a thread on a line of a file, nor what the forge itself tells. */
function commentsIn(thread: Json, self: string): readonly Comment[] | undefined {
  const id = numberOf(at(thread, 'id'));
  const comments = at(thread, 'comments');
  if (id === undefined || !isArray(comments)) return undefined;
  if (at(thread, 'isDeleted') === true || isObject(at(thread, 'threadContext'))) return [];
  return comments
    .filter((each) => at(each, 'isDeleted') !== true && at(each, 'commentType') !== 'system')
    .map((each) => ({
      id: `${id}/${numberOf(at(each, 'id')) ?? ''}`,
      body: textOf(at(each, 'content')) ?? '',
      isOurs: textOf(at(each, 'author', 'id')) === self,
    }));
}

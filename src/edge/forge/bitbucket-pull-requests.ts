/** Bitbucket Cloud: pull requests, and the comments on them. */
import { at, isObject, type Json, numberOf, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Comment, PullRequest, PullRequests } from '../../seam/pull-request.ts';
import { afterRefusal, isCommit, newId, selfId } from './answers.ts';
import type { ForgeClient } from './client.ts';
import { foundAt, type List, listOf, numbered, pagesOf } from './pages.ts';
import { type ForgePlace, isProject } from './place.ts';
import { reasonIn } from './reason.ts';

/** Source: developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests. */
export function bitbucketPullRequests(client: ForgeClient, { project }: ForgePlace): PullRequests {
  const home = `/repositories/${project}`;
  const pulls = `${home}/pullrequests`;
  const wholeCommit = wholeCommits(client);

  /** One whose head is a prefix yet. */
  const list = (query: string, sort: string): List<Short> => ({
    of: 'pull requests',
    ...numbered(50),
    path: (page) => `${pulls}?q=${encodeURIComponent(query)}&sort=${sort}&pagelen=50&page=${page}`,
    items: (page) => at(page, 'values'),
    read: shortIn,
  });

  /** Shape: undefined for one whose head is gone: it can be neither looked at nor merged. */
  const complete = async ({ found, short, source }: Short, signal: AbortSignal): Promise<PullRequest | undefined> => {
    const commit = await wholeCommit(source ?? project, short, signal);
    const mergedAs = found.mergedAs === undefined ? undefined : await wholeCommit(project, found.mergedAs, signal);
    return commit === undefined
      ? undefined
      : {
          ...found,
          head: { ...found.head, commit: commitSha(commit) },
          mergedAs: mergedAs === undefined ? undefined : commitSha(mergedAs),
        };
  };

  const wholeIn = async (json: Json, signal: AbortSignal): Promise<PullRequest> => {
    const short = shortIn(json);
    const found = short === undefined ? undefined : await complete(short, signal);
    if (found === undefined) throw client.oddity('answers something that is no pull request');
    return found;
  };

  const get: PullRequests['get'] = async (number, signal) => {
    const found = await foundAt(client, `${pulls}/${number}`, home, signal);
    return found === undefined ? undefined : await wholeIn(found, signal);
  };

  const from: PullRequests['from'] = async (branch, base, signal) => {
    const query = `source.branch.name = ${quoted(branch)} AND destination.branch.name = ${quoted(base)} AND ${anyState}`;
    for await (const page of pagesOf(client, list(query, '-created_on'), signal)) {
      const short = page.find(({ found }) => !found.head.isForeign);
      if (short !== undefined) return await complete(short, signal);
    }
    return undefined;
  };

  return {
    bodyMax: 32_000,
    markup: 'plain',
    open: async (base, signal) => {
      const query = `state = "OPEN" AND destination.branch.name = ${quoted(base)}`;
      const all: PullRequest[] = [];
      for (const short of await listOf(client, list(query, 'created_on'), signal)) {
        const found = await complete(short, signal);
        if (found !== undefined) all.push(found);
      }
      return all;
    },
    from,
    get,
    create: async ({ branch, base, title, body }, signal) => {
      // It would take a second one, or write over the first.
      const there = await from(branch, base, signal);
      if (there?.state === 'open') return there;
      const request = {
        title,
        description: body,
        source: { branch: { name: branch } },
        destination: { branch: { name: base } },
      };
      return await wholeIn(await client.json({ method: 'POST', path: pulls, body: request }, signal), signal);
    },
    edit: async (number, { title, body, state }, signal) => {
      const path = `${pulls}/${number}`;
      if (title !== undefined || body !== undefined) {
        // What is left out of a PUT may be taken for empty.
        const { found } = shortIn(await client.json({ method: 'GET', path }, signal)) ?? {};
        if (found === undefined) throw client.oddity('answers something that is no pull request');
        const change = { title: title ?? found.title, description: body ?? found.body };
        await client.json({ method: 'PUT', path, body: change }, signal);
      }
      if (state === 'closed') await client.json({ method: 'POST', path: `${path}/decline` }, signal);
      if (state === 'open')
        throw new FaultError({ kind: 'invalid', detail: 'Bitbucket opens no declined pull request again' });
    },
    merge: async (number, { head, message }, signal) => {
      // It merges whatever the head is by then, so that all there is to hold it to is a look before.
      const before = await wholeIn(await client.json({ method: 'GET', path: `${pulls}/${number}` }, signal), signal);
      if (before.state !== 'open' || before.head.commit !== head) return afterRefusal(before, head, '');
      const wish = { type: 'pullrequest', message, close_source_branch: false };
      const answer = await client.ask({ method: 'POST', path: `${pulls}/${number}/merge`, body: wish }, signal);
      if (answer.status === 200)
        return { kind: 'merged', commit: (await wholeIn(client.jsonOf(answer), signal)).mergedAs };
      if (answer.status === 202) return { kind: 'refused', reason: 'the forge is still merging it' };
      // It says 555 when merging takes too long.
      if (![400, 409, 555].includes(answer.status)) throw client.faultOf(answer);
      const found = await client.json({ method: 'GET', path: `${pulls}/${number}` }, signal);
      return afterRefusal(await wholeIn(found, signal), head, reasonIn(answer.text));
    },
    comments: async (number, signal) => {
      const self = await selfId(client, signal, uuidOf);
      const all: List<Comment> = {
        of: 'comments',
        ...numbered(100),
        path: (page) => `${pulls}/${number}/comments?sort=created_on&pagelen=100&page=${page}`,
        items: (page) => at(page, 'values'),
        read: (each) => commentIn(each, self),
      };
      return await listOf(client, all, signal);
    },
    comment: async (number, body, signal) => {
      const request = { content: { raw: body } };
      return newId(
        await client.json({ method: 'POST', path: `${pulls}/${number}/comments`, body: request }, signal),
        client,
      );
    },
    editComment: async (number, id, body, signal) => {
      const path = `${pulls}/${number}/comments/${id}`;
      await client.json({ method: 'PUT', path, body: { content: { raw: body } } }, signal);
    },
  };
}

/** A pull request whose commits are prefixes yet: that is all that a list says of them. */
type Short = {
  readonly found: PullRequest;
  readonly short: string;
  /** The repository that has the head; undefined when it is gone. */
  readonly source: string | undefined;
};

const states: Readonly<Record<string, PullRequest['state']>> = {
  OPEN: 'open',
  MERGED: 'merged',
  DECLINED: 'closed',
  SUPERSEDED: 'closed',
};
const anyState = `(${Object.keys(states)
  .map((state) => `state = "${state}"`)
  .join(' OR ')})`;

/** A text in a query. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const uuidOf = (json: Json): string => textOf(at(json, 'uuid')) ?? '';

function shortIn(json: Json): Short | undefined {
  const number = numberOf(at(json, 'id'));
  const base = textOf(at(json, 'destination', 'branch', 'name'));
  const state = states[textOf(at(json, 'state')) ?? ''];
  if (number === undefined || base === undefined || state === undefined) return undefined;
  const short = textOf(at(json, 'source', 'commit', 'hash')) ?? '';
  const repository = uuidOf(at(json, 'source', 'repository') ?? null);
  const mergedAs = textOf(at(json, 'merge_commit', 'hash'));
  const found: PullRequest = {
    number,
    url: textOf(at(json, 'links', 'html', 'href')) ?? '',
    title: textOf(at(json, 'title')) ?? '',
    body: textOf(at(json, 'description')) ?? textOf(at(json, 'summary', 'raw')) ?? '',
    state,
    isDraft: at(json, 'draft') === true,
    base,
    head: {
      branch: textOf(at(json, 'source', 'branch', 'name')) ?? '',
      commit: commitSha(short),
      // The copy may be gone, and then there is null.
      isForeign: repository === '' || repository !== uuidOf(at(json, 'destination', 'repository') ?? null),
    },
    mergedAs: state === 'merged' && mergedAs !== undefined ? commitSha(mergedAs) : undefined,
  };
  const source = textOf(at(json, 'source', 'repository', 'full_name'));
  return { found, short, source: source !== undefined && isProject(source) ? source : undefined };
}

/** More than are open anywhere at a time. */
const knownMax = 1_000;

/** Asks for whole names of commits, each once. Shape: undefined for one that is gone, or in a copy that is not shown to us. */
function wholeCommits(client: ForgeClient) {
  const known = new Map<string, string>();
  return async (project: string, short: string, signal: AbortSignal): Promise<string | undefined> => {
    if (isCommit(short)) return short;
    if (!/^[0-9a-f]{7,}$/.test(short)) return undefined;
    const before = known.get(short);
    if (before !== undefined) return before;
    const answer = await client.ask({ method: 'GET', path: `/repositories/${project}/commit/${short}` }, signal);
    if (answer.status === 404 || answer.status === 403) return undefined;
    const commit = textOf(at(client.jsonOf(answer), 'hash'));
    if (!isCommit(commit) || !commit.startsWith(short)) throw client.oddity('names another commit than was asked for');
    if (known.size >= knownMax) known.clear();
    known.set(short, commit);
    return commit;
  };
}

/** Shape: null for those that are gone, and those on a line of a file. */
function commentIn(json: Json, self: string): Comment | null | undefined {
  const id = numberOf(at(json, 'id'));
  if (id === undefined) return undefined;
  if (at(json, 'deleted') === true || isObject(at(json, 'inline'))) return null;
  const isOurs = uuidOf(at(json, 'user') ?? null) === self;
  return { id: String(id), body: textOf(at(json, 'content', 'raw')) ?? '', isOurs };
}

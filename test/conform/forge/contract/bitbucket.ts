/** Bitbucket Cloud: developer.atlassian.com/cloud/bitbucket/rest, as requests and answers. */
import type { Recorded } from '../recorded.ts';
import {
  base,
  body,
  branch,
  type Contract,
  closed,
  draft,
  type Facts,
  head,
  mergeCommit,
  merged,
  message,
  moved,
  open,
  status,
  title,
} from './contract.ts';

const api = 'https://api.bitbucket.org/2.0';
const home = `${api}/repositories/team/fleet`;
const pulls = `${home}/pullrequests`;
const page = (number: number): string => `https://bitbucket.org/team/fleet/pull-requests/${number}`;

const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' } as const;
/** Commits are never named whole. */
const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  type: 'pullrequest',
  id: number,
  title,
  description: body,
  state: states[state],
  draft: isDraft,
  links: { html: { href: page(number) } },
  source: {
    branch: { name: branch },
    commit: { hash: commit.slice(0, 12) },
    repository: isForeign ? { uuid: '{2}', full_name: 'someone/fleet' } : { uuid: '{1}', full_name: 'team/fleet' },
  },
  destination: { branch: { name: base }, commit: { hash: 'dddddddddddd' }, repository: { uuid: '{1}' } },
  merge_commit: state === 'merged' ? { hash: mergeCommit.slice(0, 12) } : null,
});
const listed = (...facts: readonly Facts[]) => ({ pagelen: 50, size: facts.length, page: 1, values: facts.map(pull) });

const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const notFound = (url: string): Recorded => get(url, { type: 'error', error: { message: 'Not found' } }, 404);
const commit = (hash: string): Recorded => get(`${home}/commit/${hash.slice(0, 12)}`, { type: 'commit', hash });
const query = (text: string, sort: string): string =>
  `${pulls}?q=${encodeURIComponent(text)}&sort=${sort}&pagelen=50&page=1`;
const from = query(
  `source.branch.name = "${branch}" AND destination.branch.name = "main" AND (state = "OPEN" OR state = "MERGED" OR state = "DECLINED" OR state = "SUPERSEDED")`,
  '-created_on',
);
const look = (facts: Facts): readonly Recorded[] => [get(`${pulls}/7`, pull(facts)), commit(facts.commit)];
const merge = (code: number, answer: unknown): Recorded => ({
  method: 'POST',
  url: `${pulls}/7/merge`,
  body: { type: 'pullrequest', message, close_source_branch: false },
  status: code,
  answer,
});

export const bitbucketContract: Contract = {
  kind: 'bitbucket',
  address: 'git@bitbucket.org:team/fleet.git',
  authorization: 'Bearer tok-1',
  page,
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/commit/${head}/statuses/build`,
        body: {
          key: status.name,
          name: status.name,
          state: 'INPROGRESS',
          description: status.text,
          url: `https://bitbucket.org/team/fleet/commits/${head}`,
        },
        status: 201,
        answer: { type: 'build', key: status.name, state: 'INPROGRESS' },
      },
    ],
    'statuses are read': [
      get(`${home}/commit/${head}/statuses?pagelen=100&page=1`, {
        values: [{ key: status.name, name: status.name, state: 'INPROGRESS', description: status.text }],
      }),
    ],
    'pull requests that are open, the oldest first': [
      get(query('state = "OPEN" AND destination.branch.name = "main"', 'created_on'), listed(open, draft)),
      commit(head),
    ],
    'the newest from a branch': [
      get(from, listed({ ...draft, number: 9 }, merged, closed)),
      commit(head),
      commit(mergeCommit),
    ],
    'none from a branch': [get(from, listed())],
    'a pull request by its number': look(open),
    'a number that nothing has': [notFound(`${pulls}/7`), get(home, { full_name: 'team/fleet' })],
    'a project that is hidden is no absence': [notFound(`${pulls}/7`), notFound(home)],
    'one is made': [
      get(from, listed()),
      {
        method: 'POST',
        url: pulls,
        body: {
          title,
          description: body,
          source: { branch: { name: branch } },
          destination: { branch: { name: base } },
        },
        status: 201,
        answer: pull(open),
      },
      commit(head),
    ],
    'one that is there already is found instead': [get(from, listed(open)), commit(head)],
    'title and body are edited': [
      get(`${pulls}/7`, pull(open)),
      { method: 'PUT', url: `${pulls}/7`, body: { title, description: body }, status: 200, answer: pull(open) },
    ],
    'it is closed': [{ method: 'POST', url: `${pulls}/7/decline`, status: 200, answer: pull(closed) }],
    'it is merged': [...look(open), merge(200, pull(merged)), commit(mergeCommit)],
    'its head has moved': look(moved),
    'it is not merged yet': [
      ...look(open),
      merge(400, { type: 'error', error: { message: 'a review is missing' } }),
      get(`${pulls}/7`, pull(open)),
    ],
    'it has been merged before': [...look(merged), commit(mergeCommit)],
    'comments, and whose they are': [
      get(`${api}/user`, { uuid: '{5}', display_name: 'landfall' }),
      get(`${pulls}/7/comments?sort=created_on&pagelen=100&page=1`, {
        values: [
          { id: 30, content: { raw: 'in a line' }, inline: { path: 'app.yaml', to: 1 }, user: { uuid: '{6}' } },
          { id: 31, content: { raw: 'plan' }, user: { uuid: '{5}' }, deleted: false },
          { id: 32, content: { raw: 'nice' }, user: { uuid: '{6}' }, deleted: false },
          { id: 33, content: { raw: '' }, user: { uuid: '{6}' }, deleted: true },
        ],
      }),
    ],
    'a comment is written': [
      {
        method: 'POST',
        url: `${pulls}/7/comments`,
        body: { content: { raw: 'plan' } },
        status: 201,
        answer: { id: 31 },
      },
    ],
    'a comment is written anew': [
      {
        method: 'PUT',
        url: `${pulls}/7/comments/31`,
        body: { content: { raw: 'plan 2' } },
        status: 200,
        answer: { id: 31 },
      },
    ],
  },
};

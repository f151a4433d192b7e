/** Bitbucket Data Center: developer.atlassian.com/server/bitbucket/rest, as requests and answers. */
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

const api = 'https://git.example.com/rest';
const home = `${api}/api/latest/projects/OPS/repos/fleet`;
const pulls = `${home}/pull-requests`;
const page = (number: number): string => `https://git.example.com/projects/OPS/repos/fleet/pull-requests/${number}`;

const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' } as const;
const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  id: number,
  version: 4,
  title,
  description: body,
  state: states[state],
  draft: isDraft,
  fromRef: {
    id: `refs/heads/${branch}`,
    displayId: branch,
    latestCommit: commit,
    repository: { id: isForeign ? 2 : 1 },
  },
  toRef: { id: `refs/heads/${base}`, displayId: base, latestCommit: 'd'.repeat(40), repository: { id: 1 } },
  reviewers: [{ user: { name: 'anna' }, approved: false }],
  links: { self: [{ href: page(number) }] },
  properties: state === 'merged' ? { mergeCommit: { id: mergeCommit } } : {},
});
const paged = (values: readonly unknown[], next?: number) =>
  next === undefined
    ? { values, isLastPage: true, nextPageStart: null }
    : { values, isLastPage: false, nextPageStart: next };

const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const failed = (text: string) => ({ errors: [{ context: null, message: text, exceptionName: 'x' }] });
const notFound = (url: string): Recorded => get(url, failed('Not there.'), 404);
const opens = (start: number): string =>
  `${pulls}?state=OPEN&order=OLDEST&direction=INCOMING&at=refs%2Fheads%2Fmain&limit=50&start=${start}`;
const from = `${pulls}?state=ALL&order=NEWEST&direction=OUTGOING&at=${encodeURIComponent(`refs/heads/${branch}`)}&limit=50&start=0`;
const merge = (code: number, answer: unknown): Recorded => ({
  method: 'POST',
  url: `${pulls}/7/merge?version=4`,
  body: { message },
  status: code,
  answer,
});
const side = (name: string) => ({ id: `refs/heads/${name}`, repository: { slug: 'fleet', project: { key: 'OPS' } } });
const request = { title, description: body, fromRef: side(branch), toRef: side(base) };
const comment = (id: number, text: string, name: string) => ({
  id: 100 + id,
  action: 'COMMENTED',
  commentAction: 'ADDED',
  comment: { id, version: 0, text, author: { name } },
});

export const bitbucketServerContract: Contract = {
  kind: 'bitbucket-server',
  address: 'ssh://git@git.example.com:7999/OPS/fleet.git',
  authorization: 'Bearer tok-1',
  page,
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/commits/${head}/builds`,
        body: {
          key: status.name,
          name: status.name,
          state: 'INPROGRESS',
          description: status.text,
          url: `https://git.example.com/projects/OPS/repos/fleet/commits/${head}`,
        },
        status: 204,
      },
    ],
    'statuses are read': [
      get(
        `${api}/build-status/latest/commits/${head}?limit=100&start=0`,
        paged([{ key: status.name, name: status.name, state: 'INPROGRESS', description: status.text }]),
      ),
    ],
    // What one may not see is counted, and not listed.
    'pull requests that are open, the oldest first': [
      get(opens(0), paged([pull(open)], 70)),
      get(opens(70), paged([pull(draft)])),
    ],
    'the newest from a branch': [get(from, paged([pull({ ...draft, number: 9 }), pull(merged), pull(closed)]))],
    'none from a branch': [get(from, paged([]))],
    'a pull request by its number': [get(`${pulls}/7`, pull(open))],
    'a number that nothing has': [notFound(`${pulls}/7`), get(home, { id: 1, slug: 'fleet' })],
    'a project that is hidden is no absence': [notFound(`${pulls}/7`), notFound(home)],
    'one is made': [{ method: 'POST', url: pulls, body: request, status: 201, answer: pull(open) }],
    'one that is there already is found instead': [
      {
        method: 'POST',
        url: pulls,
        body: request,
        status: 409,
        answer: failed('Only one pull request may be open for a given source and target branch'),
      },
      get(from, paged([pull(open)])),
    ],
    'title and body are edited': [
      get(`${pulls}/7`, pull(open)),
      {
        method: 'PUT',
        url: `${pulls}/7`,
        body: { version: 4, title, description: body, reviewers: [{ user: { name: 'anna' } }] },
        status: 200,
        answer: pull(open),
      },
    ],
    'it is closed': [
      get(`${pulls}/7`, pull(open)),
      { method: 'POST', url: `${pulls}/7/decline?version=4`, status: 200, answer: pull(closed) },
    ],
    'it is merged': [get(`${pulls}/7`, pull(open)), merge(200, pull(merged))],
    'its head has moved': [get(`${pulls}/7`, pull(moved))],
    'it is not merged yet': [
      get(`${pulls}/7`, pull(open)),
      merge(409, failed('a review is missing')),
      get(`${pulls}/7`, pull(open)),
    ],
    'it has been merged before': [get(`${pulls}/7`, pull(merged))],
    'comments, and whose they are': [
      {
        ...get(`${api}/api/latest/application-properties`, { version: '9.4.0' }),
        headers: { 'x-ausername': 'land%2Bfall' },
      },
      get(
        `${pulls}/7/activities?limit=50&start=0`,
        paged([
          comment(32, 'nice', 'anna'),
          { ...comment(33, 'in a line', 'anna'), commentAnchor: { path: 'app.yaml', line: 1 } },
          { id: 103, action: 'RESCOPED' },
          comment(31, 'plan', 'land+fall'),
          { id: 101, action: 'OPENED' },
        ]),
      ),
    ],
    'a comment is written': [
      {
        method: 'POST',
        url: `${pulls}/7/comments`,
        body: { text: 'plan' },
        status: 201,
        answer: { id: 31, version: 0 },
      },
    ],
    'a comment is written anew': [
      get(`${pulls}/7/comments/31`, { id: 31, version: 2, text: 'plan' }),
      {
        method: 'PUT',
        url: `${pulls}/7/comments/31`,
        body: { text: 'plan 2', version: 2 },
        status: 200,
        answer: { id: 31, version: 3 },
      },
    ],
  },
};

/** GitLab: docs.gitlab.com/api, as requests and answers. */
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
  open,
  status,
  title,
} from './contract.ts';

const home = 'https://gitlab.example.com/api/v4/projects/group%2Fsub%2Ffleet';
const requests = `${home}/merge_requests`;
const page = (number: number): string => `https://gitlab.example.com/group/sub/fleet/-/merge_requests/${number}`;

const states = { open: 'opened', merged: 'merged', closed: 'closed' } as const;
const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  id: 900 + number,
  iid: number,
  web_url: page(number),
  title,
  description: body,
  state: states[state],
  draft: isDraft,
  target_branch: base,
  source_branch: branch,
  sha: commit,
  target_project_id: 1,
  source_project_id: isForeign ? 2 : 1,
  // The project squashes and fast-forwards.
  merge_commit_sha: null,
  squash_commit_sha: state === 'merged' ? mergeCommit : null,
});

const branches = 'source_branch=landfall%2Fpromote%2Fshop%2Fweb&target_branch=main';
const from = `${requests}?state=all&${branches}&order_by=created_at&sort=desc&per_page=50&page=1`;
const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const notFound = (url: string): Recorded => get(url, { message: '404 Not found' }, 404);
const merge = (code: number, answer: unknown): Recorded => ({
  method: 'PUT',
  url: `${requests}/7/merge`,
  body: { sha: head, merge_commit_message: message, squash_commit_message: message },
  status: code,
  answer,
});

export const gitlabContract: Contract = {
  kind: 'gitlab',
  address: 'https://gitlab.example.com/group/sub/fleet.git',
  authorization: 'Bearer tok-1',
  page,
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/statuses/${head}`,
        body: { name: status.name, state: 'pending', description: status.text },
        status: 201,
        answer: { id: 1, status: 'pending', name: status.name },
      },
    ],
    'statuses are read': [
      get(`${home}/repository/commits/${head}/statuses?per_page=100&page=1`, [
        { id: 1, name: status.name, status: 'pending', description: status.text },
      ]),
    ],
    'pull requests that are open, the oldest first': [
      get(`${requests}?state=opened&target_branch=main&order_by=created_at&sort=asc&per_page=50&page=1`, [
        pull(open),
        { ...pull(draft), state: 'locked' },
      ]),
    ],
    'the newest from a branch': [get(from, [pull({ ...draft, number: 9 }), pull(merged), pull(closed)])],
    'none from a branch': [get(from, [])],
    'a pull request by its number': [get(`${requests}/7`, pull(open))],
    'a number that nothing has': [notFound(`${requests}/7`), get(home, { id: 1 })],
    'a project that is hidden is no absence': [notFound(`${requests}/7`), notFound(home)],
    'one is made': [
      {
        method: 'POST',
        url: requests,
        body: { source_branch: branch, target_branch: base, title, description: body },
        status: 201,
        answer: pull(open),
      },
    ],
    'one that is there already is found instead': [
      {
        method: 'POST',
        url: requests,
        status: 409,
        answer: { message: ['Another open merge request already exists for this source branch: !7'] },
      },
      get(from, [pull(open)]),
    ],
    'title and body are edited': [
      { method: 'PUT', url: `${requests}/7`, body: { title, description: body }, status: 200, answer: pull(open) },
    ],
    'it is closed': [
      { method: 'PUT', url: `${requests}/7`, body: { state_event: 'close' }, status: 200, answer: pull(closed) },
    ],
    'it is merged': [merge(200, pull(merged))],
    'its head has moved': [merge(409, { message: 'SHA does not match HEAD of source branch: 1234' })],
    'it is not merged yet': [merge(405, { message: 'a review is missing' }), get(`${requests}/7`, pull(open))],
    'it has been merged before': [
      merge(405, { message: '405 Method Not Allowed' }),
      get(`${requests}/7`, pull(merged)),
    ],
    'comments, and whose they are': [
      get('https://gitlab.example.com/api/v4/user', { id: 5, username: 'landfall' }),
      get(`${requests}/7/notes?sort=asc&order_by=created_at&per_page=100&page=1`, [
        { id: 30, body: 'added 1 commit', system: true, author: { id: 5 } },
        { id: 31, body: 'plan', system: false, author: { id: 5 } },
        { id: 32, body: 'nice', system: false, author: { id: 6 } },
      ]),
    ],
    'a comment is written': [
      { method: 'POST', url: `${requests}/7/notes`, body: { body: 'plan' }, status: 201, answer: { id: 31 } },
    ],
    'a comment is written anew': [
      { method: 'PUT', url: `${requests}/7/notes/31`, body: { body: 'plan 2' }, status: 200, answer: { id: 31 } },
    ],
  },
};

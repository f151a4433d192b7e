/** Gitea: its own /api/swagger, as requests and answers. */
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
  open,
  status,
  title,
} from './contract.ts';

const home = 'https://git.example.com/api/v1/repos/team/fleet';
const pulls = `${home}/pulls`;
const issues = `${home}/issues`;
const page = (number: number): string => `https://git.example.com/team/fleet/pulls/${number}`;

const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  id: 900 + number,
  number,
  html_url: page(number),
  title,
  body,
  state: state === 'open' ? 'open' : 'closed',
  draft: isDraft,
  merged: state === 'merged',
  merge_commit_sha: state === 'merged' ? mergeCommit : null,
  base: { label: base, ref: base, sha: 'd'.repeat(40), repo_id: 1 },
  // The branch of one that was merged may be gone.
  head: {
    label: branch,
    ref: state === 'merged' ? `refs/pull/${number}/head` : branch,
    sha: commit,
    repo_id: isForeign ? 2 : 1,
  },
});
const other = { ...pull(open), number: 9, base: { label: 'next', ref: 'next', sha: 'd'.repeat(40), repo_id: 1 } };

const opens = (number: number): string => `${pulls}?state=open&sort=oldest&base_branch=main&limit=50&page=${number}`;
const all = (number: number): string => `${pulls}?state=all&base_branch=main&limit=50&page=${number}`;
const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const notFound = (url: string): Recorded => get(url, { message: 'not found', url: '' }, 404);
const merge = (code: number, answer?: unknown): Recorded => ({
  method: 'POST',
  url: `${pulls}/7/merge`,
  body: { Do: 'merge', head_commit_id: head, MergeTitleField: title, MergeMessageField: 'All checks passed.' },
  status: code,
  answer,
});

export const giteaContract: Contract = {
  kind: 'gitea',
  address: 'https://git.example.com/team/fleet.git',
  authorization: 'token tok-1',
  page,
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/statuses/${head}`,
        body: { context: status.name, state: 'pending', description: status.text },
        status: 201,
        answer: { id: 1, status: 'pending', context: status.name },
      },
    ],
    'statuses are read': [
      get(`${home}/commits/${head}/status?limit=50&page=1`, {
        state: 'pending',
        statuses: [{ context: status.name, status: 'pending', description: status.text }],
      }),
      get(`${home}/commits/${head}/status?limit=50&page=2`, { state: 'pending', statuses: null }),
    ],
    // A server that knows neither order nor filter.
    'pull requests that are open, the oldest first': [
      get(opens(1), [other, pull(draft)]),
      get(opens(2), [pull(draft), pull(open)]),
      get(opens(3), []),
    ],
    'the newest from a branch': [
      get(all(1), [other, pull({ ...draft, number: 10 })]),
      get(`${pulls}/main/landfall/promote/shop/web`, pull(closed)),
      get(all(2), [pull(merged), pull(closed)]),
    ],
    'none from a branch': [get(all(1), [other]), notFound(`${pulls}/main/landfall/promote/shop/web`)],
    'a pull request by its number': [get(`${pulls}/7`, pull(open))],
    'a number that nothing has': [notFound(`${pulls}/7`), get(home, { id: 1, full_name: 'team/fleet' })],
    'a project that is hidden is no absence': [notFound(`${pulls}/7`), notFound(home)],
    'one is made': [
      { method: 'POST', url: pulls, body: { head: branch, base, title, body }, status: 201, answer: pull(open) },
    ],
    'one that is there already is found instead': [
      { method: 'POST', url: pulls, status: 409, answer: { message: 'pull request already exists for these targets' } },
      get(all(1), [pull(open)]),
    ],
    'title and body are edited': [
      { method: 'PATCH', url: `${pulls}/7`, body: { title, body }, status: 201, answer: pull(open) },
    ],
    'it is closed': [
      { method: 'PATCH', url: `${pulls}/7`, body: { state: 'closed' }, status: 201, answer: pull(closed) },
    ],
    // It allows one style only, and says nothing when it has merged.
    'it is merged': [
      merge(405, { message: 'merge is not allowed an allowed merge style for this repository' }),
      {
        method: 'POST',
        url: `${pulls}/7/merge`,
        body: { Do: 'squash', head_commit_id: head, MergeTitleField: title, MergeMessageField: 'All checks passed.' },
        status: 200,
      },
      get(`${pulls}/7`, pull(merged)),
    ],
    'its head has moved': [merge(409, { message: 'head out of date' })],
    'it is not merged yet': [merge(405, { message: 'a review is missing' }), get(`${pulls}/7`, pull(open))],
    'it has been merged before': [merge(405, { message: '' }), get(`${pulls}/7`, pull(merged))],
    'comments, and whose they are': [
      get('https://git.example.com/api/v1/user', { id: 5, login: 'landfall' }),
      get(`${issues}/7/comments`, [
        { id: 31, body: 'plan', user: { id: 5 } },
        { id: 32, body: 'nice', user: { id: 6 } },
      ]),
    ],
    'a comment is written': [
      { method: 'POST', url: `${issues}/7/comments`, body: { body: 'plan' }, status: 201, answer: { id: 31 } },
    ],
    'a comment is written anew': [
      { method: 'PATCH', url: `${issues}/comments/31`, body: { body: 'plan 2' }, status: 200, answer: { id: 31 } },
    ],
  },
};

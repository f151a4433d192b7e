/** GitHub: docs.github.com/en/rest, as requests and answers. */
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

const home = 'https://api.github.com/repos/team/fleet';
const pulls = `${home}/pulls`;
const issues = `${home}/issues`;
const page = (number: number): string => `https://github.com/team/fleet/pull/${number}`;

const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  id: 900 + number,
  number,
  html_url: page(number),
  title,
  body,
  state: state === 'open' ? 'open' : 'closed',
  draft: isDraft,
  merged_at: state === 'merged' ? '2026-01-02T03:04:05Z' : null,
  // Of one that is open, what a merge would be.
  merge_commit_sha: mergeCommit,
  base: { label: `team:${base}`, ref: base, sha: 'd'.repeat(40), repo: { id: 1 } },
  head: { label: `x:${branch}`, ref: branch, sha: commit, repo: isForeign ? null : { id: 1 } },
});

const from = `${pulls}?state=all&head=team%3Alandfall%2Fpromote%2Fshop%2Fweb&base=main&sort=created&direction=desc&per_page=50&page=1`;
const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const notFound = (url: string): Recorded => get(url, { message: 'Not Found', status: '404' }, 404);
const merge = (method: string, code: number, answer: unknown): Recorded => ({
  method: 'PUT',
  url: `${pulls}/7/merge`,
  body: { sha: head, merge_method: method, commit_title: title, commit_message: 'All checks passed.' },
  status: code,
  answer,
});

export const githubContract: Contract = {
  kind: 'github',
  address: 'git@github.com:team/fleet.git',
  authorization: 'Bearer tok-1',
  page,
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/statuses/${head}`,
        body: { context: status.name, state: 'pending', description: status.text },
        status: 201,
        answer: { id: 1, state: 'pending', context: status.name },
      },
    ],
    'statuses are read': [
      get(`${home}/commits/${head}/status?per_page=100&page=1`, {
        state: 'pending',
        total_count: 1,
        statuses: [{ context: status.name, state: 'pending', description: status.text }],
      }),
    ],
    'pull requests that are open, the oldest first': [
      get(`${pulls}?state=open&base=main&sort=created&direction=asc&per_page=50&page=1`, [pull(open), pull(draft)]),
    ],
    'the newest from a branch': [get(from, [pull({ ...draft, number: 9 }), pull(merged), pull(closed)])],
    'none from a branch': [get(from, [])],
    'a pull request by its number': [get(`${pulls}/7`, pull(open))],
    'a number that nothing has': [notFound(`${pulls}/7`), get(home, { id: 1, full_name: 'team/fleet' })],
    'a project that is hidden is no absence': [notFound(`${pulls}/7`), notFound(home)],
    'one is made': [
      { method: 'POST', url: pulls, body: { head: branch, base, title, body }, status: 201, answer: pull(open) },
    ],
    'one that is there already is found instead': [
      {
        method: 'POST',
        url: pulls,
        status: 422,
        answer: {
          message: 'Validation Failed',
          errors: [
            { resource: 'PullRequest', code: 'custom', message: `A pull request already exists for team:${branch}.` },
          ],
        },
      },
      get(from, [pull(open)]),
    ],
    'title and body are edited': [
      { method: 'PATCH', url: `${pulls}/7`, body: { title, body }, status: 200, answer: pull(open) },
    ],
    'it is closed': [
      { method: 'PATCH', url: `${pulls}/7`, body: { state: 'closed' }, status: 200, answer: pull(closed) },
    ],
    'it is merged': [
      merge('merge', 405, { message: 'Merge commits are not allowed on this repository.' }),
      merge('squash', 200, { sha: mergeCommit, merged: true, message: 'Pull Request successfully merged' }),
    ],
    'its head has moved': [
      merge('merge', 409, { message: 'Head branch was modified. Review and try the merge again.' }),
    ],
    'it is not merged yet': [merge('merge', 405, { message: 'a review is missing' }), get(`${pulls}/7`, pull(open))],
    'it has been merged before': [
      merge('merge', 405, { message: 'Pull Request is not mergeable' }),
      get(`${pulls}/7`, pull(merged)),
    ],
    'comments, and whose they are': [
      get('https://api.github.com/user', { id: 5, login: 'landfall' }),
      get(`${issues}/7/comments?per_page=100&page=1`, [
        { id: 31, body: 'plan', user: { id: 5 } },
        { id: 32, body: 'nice', user: null },
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

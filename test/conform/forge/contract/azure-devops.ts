/** Azure DevOps: learn.microsoft.com/en-us/rest/api/azure/devops/git, as requests and answers. */
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

const api = 'https://dev.azure.com/org';
const home = `${api}/Big%20Shop/_apis/git/repositories/fleet`;
const pulls = `${home}/pullrequests`;
const version = 'api-version=6.0';
const page = (number: number): string => `${api}/Big%20Shop/_git/fleet/pullrequest/${number}`;

const states = { open: 'active', merged: 'completed', closed: 'abandoned' } as const;
const pull = ({ number, state, commit, isForeign, isDraft }: Facts) => ({
  pullRequestId: number,
  title,
  description: body,
  status: states[state],
  isDraft,
  sourceRefName: `refs/heads/${branch}`,
  targetRefName: `refs/heads/${base}`,
  lastMergeSourceCommit: { commitId: commit },
  lastMergeCommit: { commitId: mergeCommit },
  repository: { id: 'r-1', name: 'fleet' },
  ...(isForeign ? { forkSource: { name: `refs/heads/${branch}`, repository: { id: 'r-2' } } } : {}),
});
const listed = (...facts: readonly Facts[]) => ({ value: facts.map(pull), count: facts.length });

const get = (url: string, answer: unknown, code = 200): Recorded => ({ method: 'GET', url, status: code, answer });
const refused = (text: string, typeKey: string) => ({ $id: '1', message: text, typeKey, errorCode: 0 });
const notFound = (url: string): Recorded =>
  get(url, refused('TF401180: Not found.', 'GitPullRequestNotFoundException'), 404);
const opens = `${pulls}?searchCriteria.status=active&searchCriteria.targetRefName=refs%2Fheads%2Fmain&$top=100&$skip=0&${version}`;
const from = `${pulls}?searchCriteria.status=all&searchCriteria.sourceRefName=${encodeURIComponent(`refs/heads/${branch}`)}&searchCriteria.targetRefName=refs%2Fheads%2Fmain&$top=100&$skip=0&${version}`;
const one = `${pulls}/7?${version}`;
const merge = (code: number, answer: unknown): Recorded => ({
  method: 'PATCH',
  url: one,
  body: {
    status: 'completed',
    lastMergeSourceCommit: { commitId: head },
    completionOptions: { mergeCommitMessage: message, deleteSourceBranch: false },
  },
  status: code,
  answer,
});
const request = {
  sourceRefName: `refs/heads/${branch}`,
  targetRefName: `refs/heads/${base}`,
  title,
  description: body,
};

export const azureDevOpsContract: Contract = {
  kind: 'azure-devops',
  address: 'https://org@dev.azure.com/org/Big%20Shop/_git/fleet',
  // A token is the password of nobody: `:tok-1`.
  authorization: 'Basic OnRvay0x',
  page,
  comments: ['31/1', '31/2'],
  answers: {
    'a status is taken': [
      {
        method: 'POST',
        url: `${home}/commits/${head}/statuses?${version}`,
        body: { state: 'pending', description: status.text, context: { genre: 'landfall', name: 'shop/web' } },
        status: 201,
        answer: { id: 1, state: 'pending' },
      },
    ],
    'statuses are read': [
      get(`${home}/commits/${head}/statuses?latestOnly=true&top=1000&skip=0&${version}`, {
        count: 1,
        value: [
          {
            id: 1,
            state: 'pending',
            description: status.text,
            context: { genre: 'landfall', name: 'shop/web' },
          },
        ],
      }),
    ],
    'pull requests that are open, the oldest first': [get(opens, listed(draft, open))],
    'the newest from a branch': [get(from, listed({ ...draft, number: 9 }, merged, closed))],
    'none from a branch': [get(from, listed())],
    'a pull request by its number': [get(one, pull(open))],
    'a number that nothing has': [notFound(one), get(`${home}?${version}`, { id: 'r-1' })],
    'a project that is hidden is no absence': [notFound(one), notFound(`${home}?${version}`)],
    'one is made': [{ method: 'POST', url: `${pulls}?${version}`, body: request, status: 201, answer: pull(open) }],
    'one that is there already is found instead': [
      {
        method: 'POST',
        url: `${pulls}?${version}`,
        body: request,
        status: 409,
        answer: refused('TF401179: An active pull request already exists.', 'GitPullRequestExistsException'),
      },
      get(from, listed(open)),
    ],
    'title and body are edited': [
      { method: 'PATCH', url: one, body: { title, description: body }, status: 200, answer: pull(open) },
    ],
    'it is closed': [{ method: 'PATCH', url: one, body: { status: 'abandoned' }, status: 200, answer: pull(closed) }],
    // It answers before it has merged.
    'it is merged': [merge(200, pull(open)), get(one, pull(merged))],
    'its head has moved': [
      merge(409, refused('TF401192: It was edited meanwhile.', 'GitPullRequestStaleException')),
      get(one, pull(moved)),
    ],
    'it is not merged yet': [
      merge(403, refused('a review is missing', 'GitPullRequestUpdateRejectedByPolicyException')),
      get(one, pull(open)),
    ],
    'it has been merged before': [
      merge(400, refused('TF401181: It is not active.', 'GitPullRequestNotEditableException')),
      get(one, pull(merged)),
    ],
    'comments, and whose they are': [
      get(`${api}/_apis/connectionData`, { authenticatedUser: { id: 'u-5' } }),
      get(`${pulls}/7/threads?${version}`, {
        value: [
          { id: 1, comments: [{ id: 1, commentType: 'system', content: 'joined', author: { id: 'u-5' } }] },
          {
            id: 2,
            threadContext: { filePath: '/app.yaml' },
            comments: [{ id: 1, content: 'x', author: { id: 'u-6' } }],
          },
          {
            id: 31,
            threadContext: null,
            comments: [
              { id: 1, commentType: 'text', content: 'plan', author: { id: 'u-5' } },
              { id: 2, commentType: 'text', content: 'nice', author: { id: 'u-6' } },
              { id: 3, commentType: 'text', isDeleted: true, author: { id: 'u-6' } },
            ],
          },
        ],
      }),
    ],
    'a comment is written': [
      {
        method: 'POST',
        url: `${pulls}/7/threads?${version}`,
        body: { comments: [{ parentCommentId: 0, content: 'plan', commentType: 'text' }] },
        status: 200,
        answer: { id: 31, comments: [{ id: 1, content: 'plan', author: { id: 'u-5' } }] },
      },
    ],
    'a comment is written anew': [
      {
        method: 'PATCH',
        url: `${pulls}/7/threads/31/comments/1?${version}`,
        body: { content: 'plan 2' },
        status: 200,
        answer: { id: 1 },
      },
    ],
  },
};

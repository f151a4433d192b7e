/** Bitbucket Data Center, once Server: statuses of commits, which it calls builds. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import { keyOf } from './bitbucket.ts';
import { bitbucketServerPullRequests } from './bitbucket-server-pull-requests.ts';
import { basic } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { statusesBy } from './statuses.ts';
import { stateOf } from './words.ts';

const pageFull = 100;

/** Source: developer.atlassian.com/server/bitbucket/how-tos/updating-build-status-for-commits, …/rest. Version 8 or newer. */
export const bitbucketServer: ForgeDialect = {
  name: 'bitbucket-server',
  // Its own limit, where an administrator turns it on, is five requests a second of one user.
  abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 40, perHour: 7_200 } },
  headers: (credential) => ({
    accept: 'application/json',
    authorization:
      credential.kind === 'token' ? `Bearer ${credential.token}` : basic(credential.username, credential.password),
    // It takes some requests of a program for those of a page in somebody's browser otherwise.
    'x-atlassian-token': 'no-check',
  }),
  statuses: statusesBy({
    // Those of a repository can be asked for by their key only; these are all that the commit has.
    pagePath: (_project, commit, page) =>
      `/build-status/latest/commits/${commit}?limit=${pageFull}&start=${(page - 1) * pageFull}`,
    pageFull,
    statusesIn: (page) => {
      const statuses = at(page, 'values');
      if (!isArray(statuses)) return undefined;
      return statuses.map((each) => ({
        name: textOf(at(each, 'name')) ?? '',
        state: stateOf(words, textOf(at(each, 'state'))),
        text: textOf(at(each, 'description')) ?? '',
      }));
    },
    postPath: (project, commit) => `${homeOf(project)}/commits/${commit}/builds`,
    postBody: ({ name, state, text, url = '' }) => ({
      key: keyOf(name, 255),
      name,
      state: words[state],
      description: text,
      url,
    }),
    isTaken: ({ status }) => status === 204,
    refusal: (status, message) => (status === 404 && /NoSuchCommitException/.test(message) ? 'gone' : undefined),
  }),
  linkMax: 450,
  commitPage: ({ apiURL, project }, commit) =>
    `${apiURL.replace(/\/rest$/, '')}${homeOf(project).replace('/api/latest', '')}/commits/${commit}`,
  pullRequests: bitbucketServerPullRequests,
};

const words = { pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED', error: 'CANCELLED' } as const;

function homeOf(project: string): string {
  const [key = '', name = ''] = project.split('/');
  return `/api/latest/projects/${key}/repos/${name}`;
}

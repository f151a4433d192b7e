/** GitHub, and GitHub Enterprise Server: its API of commit statuses. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import { basic, type Credential } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { githubChecks } from './github-checks.ts';
import { byApp, byUser, githubPullRequests } from './github-pull-requests.ts';
import { statusesBy } from './statuses.ts';
import { stateOf } from './words.ts';

const version = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** Source: docs.github.com/en/rest/commits/statuses, …/using-the-rest-api/rate-limits-for-the-rest-api. */
export const github: ForgeDialect = {
  name: 'github',
  // GitHub takes 80 posts a minute and 500 an hour of one user, whatever they are of.
  abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 60, perHour: 420 } },
  headers: (credential) => ({ ...version, authorization: proofOf(credential) }),
  statuses: statusesBy({
    pagePath: (project, commit, page) => `/repos/${project}/commits/${commit}/status?per_page=100&page=${page}`,
    pageFull: 100,
    statusesIn: (page) => {
      const statuses = at(page, 'statuses');
      if (!isArray(statuses)) return undefined;
      return statuses.map((each) => ({
        name: textOf(at(each, 'context')) ?? '',
        state: stateOf(words, textOf(at(each, 'state'))),
        text: textOf(at(each, 'description')) ?? '',
      }));
    },
    postPath: (project, commit) => `/repos/${project}/statuses/${commit}`,
    postBody: ({ name, state, text, url }) => ({
      context: name,
      state: words[state],
      description: text,
      ...(url === undefined ? {} : { target_url: url }),
    }),
    refusal: (status, message) => {
      if (status !== 422) return undefined;
      if (/maximum number of statuses/i.test(message)) return 'full';
      return /no commit found/i.test(message) ? 'gone' : undefined;
    },
  }),
  commitPage: undefined,
  pullRequests: githubPullRequests(byUser),
  forApp: (id) => ({ ...github, statuses: githubChecks(id), pullRequests: githubPullRequests(byApp(id)) }),
};

const words = { pending: 'pending', success: 'success', failure: 'failure', error: 'error' } as const;

const proofOf = (credential: Credential): string =>
  credential.kind === 'token' ? `Bearer ${credential.token}` : basic(credential.username, credential.password);

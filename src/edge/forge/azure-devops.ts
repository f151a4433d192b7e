/** Azure DevOps, Services and Server: statuses of commits. */
import { at, isArray, numberOf, textOf } from '../../core/json/value.ts';
import { apiVersion, azureDevOpsPullRequests, homeOf } from './azure-devops-pull-requests.ts';
import { basic } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { statusesBy } from './statuses.ts';
import { jsonIn } from './text.ts';
import { stateOf } from './words.ts';

const pageFull = 1_000;

/** Source: learn.microsoft.com/en-us/rest/api/azure/devops/git/statuses, …/azure/devops/integrate/concepts/rate-limits. */
export const azureDevOps: ForgeDialect = {
  name: 'azure-devops',
  // It counts what requests cost, and says when that is too much; so many cost little.
  abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 100, perHour: 3_600 } },
  headers: (credential) => ({
    accept: 'application/json',
    // A token is the password of nobody.
    authorization:
      credential.kind === 'token' ? basic('', credential.token) : basic(credential.username, credential.password),
    // Without it a token that is not accepted is answered by the address of a page to log in.
    'x-tfs-fedauthredirect': 'Suppress',
  }),
  statuses: statusesBy({
    pagePath: (project, commit, page) =>
      `${homeOf(project)}/commits/${commit}/statuses?latestOnly=true&top=${pageFull}&skip=${(page - 1) * pageFull}&${apiVersion}`,
    pageFull,
    statusesIn: (page) => {
      const statuses = at(page, 'value');
      if (!isArray(statuses)) return undefined;
      const ageOf = (each: (typeof statuses)[number]): number => numberOf(at(each, 'id')) ?? 0;
      return statuses
        .toSorted((a, b) => ageOf(a) - ageOf(b))
        .map((each) => ({
          name: [textOf(at(each, 'context', 'genre')), textOf(at(each, 'context', 'name'))].filter(Boolean).join('/'),
          state: stateOf(words, textOf(at(each, 'state'))),
          text: textOf(at(each, 'description')) ?? '',
        }));
    },
    postPath: (project, commit) => `${homeOf(project)}/commits/${commit}/statuses?${apiVersion}`,
    postBody: ({ name, state, text, url }) => {
      const slash = name.indexOf('/');
      return {
        state: words[state],
        description: text,
        context: { genre: name.slice(0, Math.max(slash, 0)), name: name.slice(slash + 1) },
        ...(url === undefined ? {} : { targetUrl: url }),
      };
    },
    isTaken: ({ status, text }) => status === 200 && textOf(at(jsonIn(text), 'state')) !== undefined,
    refusal: (status, message) =>
      status === 404 && /commit/i.test(message) && !/TF401019|TF200016/.test(message) ? 'gone' : undefined,
  }),
  commitPage: undefined,
  pullRequests: azureDevOpsPullRequests,
};

const words = { pending: 'pending', success: 'succeeded', failure: 'failed', error: 'error' } as const;

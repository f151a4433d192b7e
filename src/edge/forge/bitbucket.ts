/** Bitbucket Cloud: statuses of commits, which it calls builds. */
import { longDigestOfText } from '../../core/json/digest.ts';
import { at, isArray, textOf } from '../../core/json/value.ts';
import { bitbucketPullRequests } from './bitbucket-pull-requests.ts';
import { basic } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { statusesBy } from './statuses.ts';
import { jsonIn } from './text.ts';
import { stateOf } from './words.ts';

/** Source: developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses, …/support "API request limits". */
export const bitbucket: ForgeDialect = {
  name: 'bitbucket',
  // It takes a thousand requests an hour of one user, reading included.
  abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 60, perHour: 600 } },
  headers: (credential) => ({
    accept: 'application/json',
    authorization:
      credential.kind === 'token' ? `Bearer ${credential.token}` : basic(credential.username, credential.password),
  }),
  statuses: statusesBy({
    pagePath: (project, commit, page) => `/repositories/${project}/commit/${commit}/statuses?pagelen=100&page=${page}`,
    pageFull: 100,
    statusesIn: (page) => {
      const statuses = at(page, 'values');
      if (!isArray(statuses)) return undefined;
      return statuses.map((each) => ({
        name: textOf(at(each, 'name')) ?? '',
        state: stateOf(words, textOf(at(each, 'state'))),
        text: textOf(at(each, 'description')) ?? '',
      }));
    },
    postPath: (project, commit) => `/repositories/${project}/commit/${commit}/statuses/build`,
    postBody: ({ name, state, text, url = '' }) => ({
      key: keyOf(name, 40),
      name,
      state: words[state],
      description: text,
      url,
    }),
    // One that is written over may be answered so.
    isTaken: ({ text }) => textOf(at(jsonIn(text), 'key')) !== undefined,
    refusal: (status, message) => (status === 404 && /commit/i.test(message) ? 'gone' : undefined),
  }),
  commitPage: ({ project }, commit) => `https://bitbucket.org/${project}/commits/${commit}`,
  pullRequests: bitbucketPullRequests,
};

const words = { pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED', error: 'STOPPED' } as const;

const digestLength = 10;

/** A key that is not longer than it may be, the same each time: a digest, and the end of the name, which differs most. */
export function keyOf(name: string, max: number): string {
  if (name.length <= max) return name;
  return `${longDigestOfText(name).slice(-digestLength)}~${name.slice(digestLength + 1 - max)}`;
}

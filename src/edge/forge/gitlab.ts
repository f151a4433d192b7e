/** GitLab: statuses of commits, which it shows as jobs of an external pipeline. */
import { at, isArray, numberOf, textOf } from '../../core/json/value.ts';
import { basic, type Credential } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { gitlabPullRequests } from './gitlab-pull-requests.ts';
import { statusesBy } from './statuses.ts';
import { stateOf } from './words.ts';

/** Source: docs.gitlab.com/api/commits, "Commit status". */
export const gitlab: ForgeDialect = {
  name: 'gitlab',
  // A pending status is refused while it is pending, and then its new text is lost, too.
  abilities: { refreshesPending: false, nameMax: 255, rate: { burst: 300, perHour: 18_000 } },
  // Also right for personal, project and group tokens.
  headers: (credential) => ({ accept: 'application/json', authorization: proofOf(credential) }),
  statuses: statusesBy({
    pagePath: (project, commit, page) =>
      `/projects/${encodeURIComponent(project)}/repository/commits/${commit}/statuses?per_page=100&page=${page}`,
    pageFull: 100,
    statusesIn: (page) => {
      if (!isArray(page)) return undefined;
      const ageOf = (each: (typeof page)[number]): number => numberOf(at(each, 'id')) ?? 0;
      return page
        .toSorted((a, b) => ageOf(a) - ageOf(b))
        .map((each) => ({
          name: textOf(at(each, 'name')) ?? '',
          state: stateOf(words, textOf(at(each, 'status'))),
          text: textOf(at(each, 'description')) ?? '',
        }));
    },
    postPath: (project, commit) => `/projects/${encodeURIComponent(project)}/statuses/${commit}`,
    postBody: ({ name, state, text, url }) => ({
      name,
      state: words[state],
      description: text,
      ...(url === undefined ? {} : { target_url: url }),
    }),
    refusal: (status, message) => {
      if (status === 400 && /cannot transition status/i.test(message)) return 'same';
      return status === 404 && /commit not found/i.test(message) ? 'gone' : undefined;
    },
  }),
  // One that is longer is refused with all of the status.
  linkMax: 255,
  commitPage: undefined,
  pullRequests: gitlabPullRequests,
};

// `canceled` says what an error is: nothing speaks against the commit, and there will be no success. One word for each
// state, so that what is read back is what was posted.
const words = { pending: 'pending', success: 'success', failure: 'failed', error: 'canceled' } as const;

const proofOf = (credential: Credential): string =>
  credential.kind === 'token' ? `Bearer ${credential.token}` : basic(credential.username, credential.password);

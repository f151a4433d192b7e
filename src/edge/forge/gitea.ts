/** Gitea and Forgejo: their API of commit statuses, which is nearly GitHub's. */
import { at, isArray, textOf } from '../../core/json/value.ts';
import { basic, type Credential } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import { giteaPullRequests } from './gitea-pull-requests.ts';
import { statusesBy } from './statuses.ts';
import { stateOf } from './words.ts';

/** Source: the server's own /api/swagger, `repoCreateStatus` and `repoGetCombinedStatusByRef`. */
export const gitea: ForgeDialect = {
  name: 'gitea',
  // Nothing limits it unless a proxy does; this many no database of a small server minds.
  abilities: { refreshesPending: true, nameMax: 255, rate: { burst: 300, perHour: 18_000 } },
  headers: (credential) => ({ accept: 'application/json', authorization: proofOf(credential) }),
  statuses: statusesBy({
    pagePath: (project, commit, page) => `/repos/${project}/commits/${commit}/status?limit=50&page=${page}`,
    // The server may be set to shorter pages than were asked for: only an empty one is known to be the last.
    pageFull: 1,
    statusesIn: (page) => {
      const statuses = at(page, 'statuses');
      // Where there is none it says null, or nothing at all.
      if (statuses === null || page === null) return [];
      if (!isArray(statuses)) return undefined;
      return statuses.map((each) => ({
        name: textOf(at(each, 'context')) ?? '',
        state: stateOf(words, textOf(at(each, 'status'))),
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
    // Some versions answer 500, and one that runs in production keeps the reason of that to itself.
    refusal: (status, message) =>
      (status === 404 || status === 500) && /object does not exist/i.test(message) ? 'gone' : undefined,
  }),
  commitPage: undefined,
  pullRequests: giteaPullRequests,
};

const words = { pending: 'pending', success: 'success', failure: 'failure', error: 'error' } as const;

const proofOf = (credential: Credential): string =>
  credential.kind === 'token' ? `token ${credential.token}` : basic(credential.username, credential.password);

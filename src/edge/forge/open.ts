/** A forge, opened: whatever it runs, the same questions. */
import { FaultError } from '../../core/model/fault.ts';
import type { PullRequests } from '../../seam/pull-request.ts';
import { type AppTokens, openAppTokens } from './app-token.ts';
import { azureDevOps } from './azure-devops.ts';
import { bitbucket } from './bitbucket.ts';
import { bitbucketServer } from './bitbucket-server.ts';
import { type ForgeAddress, type ForgeDeps, openConnection } from './client.ts';
import { credentialIn, type ForgeAuth } from './credential.ts';
import type { ForgeDialect } from './dialect.ts';
import type { Forge } from './forge.ts';
import { gitea } from './gitea.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import type { ForgeKind, ForgePlace } from './place.ts';

export type ForgeSettings = ForgePlace &
  ForgeAddress & {
    readonly kind: ForgeKind;
    readonly auth: ForgeAuth;
  };

export type OpenForge = Forge & {
  readonly pullRequests: PullRequests;
  /** The token that it is asked with now, for others of the same server. Errors: `misconfigured`, where there is none. */
  readonly token: (signal: AbortSignal) => Promise<string>;
  readonly close: () => void;
};

export const dialects: Readonly<Record<ForgeKind, ForgeDialect>> = {
  github,
  gitlab,
  gitea,
  forgejo: gitea,
  bitbucket,
  'bitbucket-server': bitbucketServer,
  'azure-devops': azureDevOps,
};

/** What a forge is to whoever has this credential. Errors: `misconfigured`, for an App where there are none. */
export function dialectOf({ kind, auth }: Pick<ForgeSettings, 'kind' | 'auth'>): ForgeDialect {
  const dialect = dialects[kind];
  if (auth.kind !== 'app') return dialect;
  if (dialect.forApp === undefined) throw new FaultError({ kind: 'misconfigured', detail: `${kind} knows no Apps` });
  return dialect.forApp(auth.id);
}

/** Dials when it is needed. */
export function openForge(settings: ForgeSettings, deps: ForgeDeps): OpenForge {
  const { name, abilities, headers, statuses, linkMax, commitPage, pullRequests } = dialectOf(settings);
  const credentials = credentialsOf(settings, headers, deps);
  const authority = { headers: async (signal: AbortSignal) => headers(await credentials.current(signal)) };
  const { client, close } = openConnection(settings, { ...authority, forget: credentials.forget }, deps);
  const { read, post } = statuses(client('commit statuses'), settings);
  return {
    name,
    abilities,
    read,
    post: (commit, status, signal) =>
      post(commit, { ...status, url: fitting(status.url, linkMax) ?? commitPage?.(settings, commit) }, signal),
    pullRequests: pullRequests(client('pull requests'), settings),
    token: async (signal) => {
      const credential = await credentials.current(signal);
      if (credential.kind === 'token') return credential.token;
      throw new FaultError({ kind: 'misconfigured', detail: 'the forge is asked with a password, not with a token' });
    },
    close: () => {
      close();
      credentials.close();
    },
  };
}

const fitting = (url: string | undefined, max = Number.POSITIVE_INFINITY): string | undefined =>
  url !== undefined && url.length <= max ? url : undefined;

function credentialsOf(settings: ForgeSettings, headers: ForgeDialect['headers'], deps: ForgeDeps): AppTokens {
  const { auth, apiURL } = settings;
  if (auth.kind !== 'app')
    return { current: () => credentialIn(auth, apiURL), forget: () => undefined, close: () => undefined };
  return openAppTokens(auth, settings, headers, deps);
}

/** A forge, opened: whatever it runs, the same questions. */
import type { PullRequests } from '../../seam/pull-request.ts';
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

/** Dials when it is needed. */
export function openForge(settings: ForgeSettings, deps: ForgeDeps): OpenForge {
  const { kind, auth, apiURL } = settings;
  const { name, abilities, headers, statuses, commitPage, pullRequests } = dialects[kind];
  const { client, close } = openConnection(settings, async () => headers(await credentialIn(auth, apiURL)), deps);
  const { read, post } = statuses(client('commit statuses'), settings);
  return {
    name,
    abilities,
    read,
    post: (commit, status, signal) =>
      post(commit, { ...status, url: status.url ?? commitPage?.(settings, commit) }, signal),
    pullRequests: pullRequests(client('pull requests'), settings),
    close,
  };
}

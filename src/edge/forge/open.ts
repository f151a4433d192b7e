/** A forge, opened: whatever it runs, the same questions. */
import type { PullRequests } from '../../seam/pull-request.ts';
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

export const dialects: Readonly<Record<ForgeKind, ForgeDialect>> = { github, gitlab, gitea, forgejo: gitea };

/** Dials when it is needed. */
export function openForge(settings: ForgeSettings, deps: ForgeDeps): OpenForge {
  const { kind, auth, apiURL, project } = settings;
  const { name, abilities, headers, statuses, pullRequests } = dialects[kind];
  const { client, close } = openConnection(settings, async () => headers(await credentialIn(auth, apiURL)), deps);
  return {
    name,
    abilities,
    ...statuses(client('commit statuses'), project),
    pullRequests: pullRequests(client('pull requests'), project),
    close,
  };
}

/** How one kind of forge puts the same questions into requests: all that its files have to say. */
import type { PullRequests } from '../../seam/pull-request.ts';
import type { ForgeClient } from './client.ts';
import type { Credential } from './credential.ts';
import type { CommitStatuses, ForgeAbilities } from './forge.ts';

export type ForgeDialect = {
  readonly name: string;
  readonly abilities: ForgeAbilities;
  /** Who asks, and what is understood. */
  readonly headers: (credential: Credential) => Readonly<Record<string, string>>;
  readonly statuses: (client: ForgeClient, project: string) => CommitStatuses;
  readonly pullRequests: (client: ForgeClient, project: string) => PullRequests;
};

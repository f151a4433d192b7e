/** How one kind of forge puts the same questions into requests: all that its files have to say. */
import type { PullRequests } from '../../seam/pull-request.ts';
import type { ForgeClient } from './client.ts';
import type { Credential } from './credential.ts';
import type { CommitStatuses, ForgeAbilities } from './forge.ts';
import type { ForgePlace } from './place.ts';

export type ForgeDialect = {
  readonly name: string;
  readonly abilities: ForgeAbilities;
  /** Who asks, and what is understood. */
  readonly headers: (credential: Credential) => Readonly<Record<string, string>>;
  readonly statuses: (client: ForgeClient, place: ForgePlace) => CommitStatuses;
  /** Longest address that a status may link to, where there is a limit; a longer one is left out. Units: characters. */
  readonly linkMax?: number;
  /** The forge's own page of a commit, where it takes no status without an address; undefined where it does. */
  readonly commitPage: ((place: ForgePlace, commit: string) => string) | undefined;
  readonly pullRequests: (client: ForgeClient, place: ForgePlace) => PullRequests;
  /** As an App sees it, by its id; absent where there are none. */
  readonly forApp?: (id: number) => ForgeDialect;
};

/** All that one repository declares at one commit: the common tongue that every dialect is turned into. */
import type { Awaited } from './awaited.ts';
import type { Cluster } from './fleet.ts';
import type { Freeze } from './gate.ts';
import type { CommitSha, RepositoryId } from './id.ts';
import type { Intent } from './intent.ts';
import type { Acknowledgement, Pin, Placement } from './placement.ts';
import type { Tenant } from './tenant.ts';

export type Declarations = {
  readonly intents: readonly Intent[];
  readonly placements: readonly Placement[];
  readonly clusters: readonly Cluster[];
  readonly pins: readonly Pin[];
  readonly tenants: readonly Tenant[];
  readonly acknowledgements: readonly Acknowledgement[];
  readonly freezes: readonly Freeze[];
  readonly awaited: readonly Awaited[];
};

export const nothingDeclared: Declarations = {
  intents: [],
  placements: [],
  clusters: [],
  pins: [],
  tenants: [],
  acknowledgements: [],
  freezes: [],
  awaited: [],
};

/** What a commit of a repository says, and whether it could all be read. */
export type Reading = Declarations & {
  readonly repository: RepositoryId;
  readonly commit: CommitSha;
  /** False when something that could hold an App, a Placement or a Cluster is unreadable: then absence proves nothing. */
  readonly isComplete: boolean;
  /**
   * Files and folders of Apps that could not be read, or that Apps with errors lay claim to: what was last seen there may
   * only be hidden.
   */
  readonly doubtful: readonly string[];
};

export function joinDeclarations(all: readonly Declarations[]): Declarations {
  return {
    intents: all.flatMap((each) => each.intents),
    placements: all.flatMap((each) => each.placements),
    clusters: all.flatMap((each) => each.clusters),
    pins: all.flatMap((each) => each.pins),
    tenants: all.flatMap((each) => each.tenants),
    acknowledgements: all.flatMap((each) => each.acknowledgements),
    freezes: all.flatMap((each) => each.freezes),
    awaited: all.flatMap((each) => each.awaited),
  };
}

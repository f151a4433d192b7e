/** All that compiling takes: what Git says, and what had to be read from clusters. */
import type { CopyScope } from '../grant/grant.ts';
import type { Reading } from '../model/declarations.ts';
import type { Findings } from '../model/diagnostic.ts';
import type { CommitSha, GroupKind, RepositoryId } from '../model/id.ts';
import type { Observed } from '../model/observed.ts';
import type { Tooling } from '../model/tool.ts';

/** One repository of the settings. */
export type Source = {
  readonly id: RepositoryId;
  readonly url: string;
  readonly branch: string;
  /** `single`: operator and tenant at once, and may do everything. */
  readonly role: 'single' | 'operator' | 'tenant';
  /** At the branch head. */
  readonly head: Findings<Reading>;
  /** Older revisions that pins name, as far as they could be read. */
  readonly revisions: ReadonlyMap<CommitSha, Findings<Reading>>;
};

export type World = {
  readonly sources: readonly Source[];
  /** Repositories of the settings that could not be read yet: their cells stay as they are. */
  readonly unread: ReadonlySet<RepositoryId>;
  readonly observed: Observed;
  /** What discovery told of kinds that Kubernetes does not ship: true for namespaced. */
  readonly scopes: ReadonlyMap<GroupKind, boolean>;
  readonly copyScope: CopyScope;
  readonly tooling: Tooling;
};

/** What a forge needs of the bare repository behind a project. */

export type NewCommit = {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Absent: whoever commits. */
  readonly author?: Identity;
};

export type Identity = {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970, and a time zone, as Git writes them. */
  readonly date: string;
};

export type StoredCommit = {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  readonly message: string;
};

/** Every method rejects when Git refuses what should be possible. */
export type ForgeRepository = {
  /** The heads of all branches, by name. */
  readonly branches: () => Promise<ReadonlyMap<string, string>>;
  readonly hasCommit: (id: string) => Promise<boolean>;
  readonly treeOf: (commit: string) => Promise<string>;
  /** Shape: undefined where the two have no past in common. */
  readonly mergeBase: (one: string, other: string) => Promise<string | undefined>;
  /** What is in `head` and not in `base`, oldest first. */
  readonly commitsBetween: (base: string, head: string) => Promise<readonly StoredCommit[]>;
  /** The tree of both together. Shape: undefined when they contradict each other. */
  readonly mergedTree: (ours: string, theirs: string) => Promise<string | undefined>;
  readonly commit: (commit: NewCommit, atMs: number) => Promise<string>;
  /** Only while it is `before`; undefined: whatever it is. Shape: false when it was something else. */
  readonly setRef: (ref: string, id: string, before: string | undefined) => Promise<boolean>;
  /** Unified, from what both have in common to `head`; cut where it is long. */
  readonly diff: (base: string, head: string) => Promise<string>;
};

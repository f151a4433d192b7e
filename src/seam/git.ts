/** One Git repository: what its branch says, what a commit holds, and the few things we write back. */
import type { CommitSha, RepositoryId } from '../core/model/id.ts';

/** Where a branch stands. A missing branch and an empty repository are states of their own, never an empty tree. */
export type Head =
  | { readonly kind: 'commit'; readonly commit: CommitSha }
  | { readonly kind: 'branchMissing' }
  | { readonly kind: 'emptyRepository' };

/** A file of a commit. Symbolic links and submodules are listed with their mode and have no text to read. */
export type TreeFile = {
  /** From the repository's root. */
  readonly path: string;
  readonly oid: string;
  readonly mode: 'file' | 'executable' | 'symlink' | 'submodule';
};

/** One path whose file differs between two commits; a side that lacks it is undefined. */
export type TreeChange = {
  readonly path: string;
  readonly before: TreeFile | undefined;
  readonly after: TreeFile | undefined;
};

/** A file's content. What is above the repository's limit is known by its size alone. */
export type GitBlob =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge'; readonly sizeBytes: number };

/** `unknown`: further back than can be looked. */
export type MergeBase =
  | { readonly kind: 'found'; readonly commit: CommitSha }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

export type CommitInfo = {
  readonly commit: CommitSha;
  readonly parents: readonly CommitSha[];
  readonly subject: string;
  readonly author: string;
  /** The committer's clock: shown to people, never used to order. */
  readonly committedAtMs: number;
};

/** What one commit has brought, and who made it. E-mails are as the commit says them, in lower case; empty: it names none. */
export type Contribution = {
  readonly commit: CommitSha;
  readonly parents: readonly CommitSha[];
  /** The author, and authors beside. */
  readonly authors: readonly string[];
  readonly committer: string;
  /** Of the paths that were asked about, those that are as in none of its parents. */
  readonly touched: readonly string[];
  /** Other files are as in none of its parents, too. */
  readonly touchesMore: boolean;
};

/** What to write in one commit on top of a branch; a text of undefined removes the file. */
export type GitChange = {
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly message: string;
};

/** Every method rejects with FaultError. None moves what we read from until all of it is here and checked. */
export type GitRepository = {
  readonly id: RepositoryId;
  /** One small request to the server. */
  readonly head: (signal: AbortSignal) => Promise<Head>;
  /**
   * Makes a commit readable: fetched whole, every object's hash checked. Fetches by SHA; when the server refuses,
   * deepens the branch's history by at most 200 commits. `missing` when it is nowhere to be had.
   */
  readonly fetch: (commit: CommitSha, signal: AbortSignal) => Promise<void>;
  /** All files of a fetched commit, in code unit order of path. `missing` when it was not fetched. */
  readonly files: (commit: CommitSha, signal: AbortSignal) => Promise<readonly TreeFile[]>;
  /**
   * What differs between two fetched commits, in code unit order of path.
   *
   * Cost: folders that are equal are not entered, so a small commit costs little in a large repository.
   */
  readonly changes: (from: CommitSha, to: CommitSha, signal: AbortSignal) => Promise<readonly TreeChange[]>;
  /** Blobs of a fetched commit, in the order asked. */
  readonly blobs: (oids: readonly string[], signal: AbortSignal) => Promise<readonly GitBlob[]>;
  /** First-parent history from `from` back, newest first, `from` included; stops at `until` (excluded) or `limit`. */
  readonly history: (
    from: CommitSha,
    until: CommitSha | undefined,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly CommitInfo[]>;
  /**
   * The newest commit that two fetched commits both come from, by all of their parents.
   *
   * Cost: where the local copy ends too early, histories are fetched: at most the last thousand commits of each.
   */
  readonly mergeBase: (a: CommitSha, b: CommitSha, signal: AbortSignal) => Promise<MergeBase>;
  /**
   * All commits that `to` comes from, by all of their parents, and `from` does not; all of its history without `from`.
   *
   * Shape: newest first; undefined when they are more than can be looked at, or further back than histories are here and can
   * be fetched. Cost: that of `changes` for each, and fetches as for `mergeBase`.
   */
  readonly contributions: (
    from: CommitSha | undefined,
    to: CommitSha,
    paths: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly Contribution[] | undefined>;
  /** Notes under a ref, by commit; absent ones are left out. */
  readonly readNotes: (
    ref: string,
    commits: readonly CommitSha[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<CommitSha, string>>;
  /** Sets notes and pushes them; on a concurrent push it reads theirs and tries again, at most five times. */
  readonly writeNotes: (ref: string, notes: ReadonlyMap<CommitSha, string>, signal: AbortSignal) => Promise<void>;
  /** Commits on top of `parent` and pushes to `branch`; `stale` when the branch has moved. */
  readonly push: (branch: string, parent: CommitSha, change: GitChange, signal: AbortSignal) => Promise<CommitSha>;
  /**
   * Makes one commit on top of a fetched commit the whole of a branch that is ours alone: makes the branch, or takes the
   * place of whatever it held. `stale` when somebody else moves it meanwhile.
   *
   * Shape: the branch's commit; the one that was there when it holds the same on the same base, so that nothing is pushed.
   */
  readonly propose: (branch: string, base: CommitSha, change: GitChange, signal: AbortSignal) => Promise<CommitSha>;
  /** Calls `wake` when the branch may have moved (local repositories only); the result stops it. */
  readonly watch: ((wake: () => void) => () => void) | undefined;
  readonly close: () => Promise<void>;
};

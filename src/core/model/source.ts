/** What came out of Git, and where in it a thing was written. */
import type { JsonObject } from '../json/value.ts';
import type { FileRef } from './file-ref.ts';
import type { CommitSha, Digest, RepositoryId } from './id.ts';

/** A place a person can open in an editor. Lines and columns count from 1; the path is from the repository's root. */
export type Origin = {
  readonly repository: RepositoryId;
  readonly path: string;
  readonly line: number;
  readonly column: number;
};

/** One YAML or JSON document that is an object. */
export type Document = {
  readonly value: JsonObject;
  /**
   * Line and column of every value in `value`, in the order of a pre-order walk; two numbers each. What begins on a line
   * behind its key is placed at the key, where a person looks for it.
   */
  readonly marks: readonly number[];
};

/** One file that was read whole, or was not. A file with an error still has the documents before it. */
export type SourceFile = {
  readonly path: string;
  readonly documents: readonly Document[];
  readonly problems: readonly SourceProblem[];
  /** Equal for files with equal documents, whatever their comments and layout. */
  readonly digest: Digest;
  /** Its values are secrets: in Git they are encrypted. */
  readonly isDecrypted?: true;
};

/** What is wrong with the text of a file; the path is the file's. */
export type SourceProblem = {
  readonly code: `A1${number}`;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
};

/** Earlier commits of the branch, first parents only, as far as their manifests still count. */
export type Past = {
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** False when there are older commits that could not be read. */
  readonly isWhole: boolean;
};

/** There is nothing before this. */
export const noPast: Past = { snapshots: [], isWhole: true };

/** All manifests of one repository at one commit, paths in code unit order. */
export type Snapshot = {
  readonly repository: RepositoryId;
  readonly commit: CommitSha;
  readonly files: readonly SourceFile[];
  /** Every file of the commit, manifest or not, in code unit order of path. */
  readonly tree: readonly FileRef[];
};

/** What it takes to be a dialect. Differences between dialects end here: nothing later asks which one it was. */
import type { Declarations } from '../model/declarations.ts';
import type { Findings } from '../model/diagnostic.ts';
import type { RepositoryId } from '../model/id.ts';
import type { Document } from '../model/source.ts';
import type { Files } from './files.ts';
import type { Placed } from './placed.ts';

export type Dialect = {
  readonly name: string;
  /** Is this document, of this group and kind, ours? */
  readonly claims: Claims;
  /** What the documents that it claimed make its own as well: kinds that they define. */
  readonly claimsBeside?: (claimed: readonly Placed[]) => Claims;
  /** Documents whose earlier versions count: kinds that are numbered by their changes. */
  readonly remembers?: Claims;
  /** Do the documents that it claimed make it need the earlier versions? Reading them takes time. */
  readonly asksForPast?: (claimed: readonly Placed[]) => boolean;
  /** Turns what it claimed into declarations. Sees it all at once, since documents refer to each other. */
  readonly read: (input: DialectInput) => Findings<Declared>;
};

export type Claims = (group: string, kind: string, document: Document) => boolean;

export type DialectInput = {
  readonly repository: RepositoryId;
  /** Where the repository is; undefined where nobody knows. */
  readonly url: string | undefined;
  readonly files: Files;
  readonly claimed: readonly Placed[];
  readonly past: RememberedPast;
};

/** What a dialect remembers of earlier commits. */
export type RememberedPast = {
  /** Oldest first; of each commit all that is remembered. */
  readonly moments: readonly (readonly Placed[])[];
  /** False when there are older commits that could not be read. */
  readonly isWhole: boolean;
};

export type Declared = Declarations & {
  /** Paths whose files belong to an intent, and to nobody else. */
  readonly componentPaths: readonly string[];
  /** Of these, files that only a tool reads: that they are no YAML says nothing. */
  readonly toolPaths?: readonly string[];
  /** False when a document that could have declared something is unreadable. */
  readonly isComplete: boolean;
};

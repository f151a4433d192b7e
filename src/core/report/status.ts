/** What is said about a commit under one name: a state that every forge knows, and one line. */

/**
 * `pending`: not everywhere yet. `success`: every cluster that counts holds what the commit wants, and is well.
 * `failure`: there is evidence against the commit. `error`: there is none, and there will be no success: Landfall cannot
 * do its work, or a newer commit took the place of this one.
 */
export const statusStates = ['pending', 'success', 'failure', 'error'] as const;
export type StatusState = (typeof statusStates)[number];

/** Why it is in that state. A sink whose forge knows more states than four may tell them apart by this. */
export type StatusCause =
  | 'well'
  /** On the way, or waiting for its turn. */
  | 'underway'
  /** Nobody could look since the start, or a cluster has only just stopped answering: it says nothing against what was said before. */
  | 'unseen'
  /** A person has to acknowledge deletions first. */
  | 'acknowledgement'
  /** No cluster that it is for can be reached. */
  | 'unreachable'
  /** A person has put it aside. */
  | 'suspended'
  /** Errors in manifests. */
  | 'manifests'
  /** An API server, or the owner of an object, refuses it. */
  | 'refused'
  /** More clusters failed than may, or nothing is left but those that failed. */
  | 'budget'
  /** Credentials, permissions, or a bug of ours. */
  | 'stuck'
  /** A newer commit wants something else, before this one was everywhere. */
  | 'superseded';

export type Status = {
  readonly state: StatusState;
  readonly cause: StatusCause;
  /** At most `textMax` characters: counts first, the worst last. */
  readonly text: string;
  /** Another when counts or the worst cluster are, or once that one is seen; a text that differs in nothing else is no news. */
  readonly progress: string;
  /** One line for each cluster that is not well, worst first. */
  readonly details: readonly string[];
};

/** What a sink was told. */
export type Told = Pick<Status, 'state' | 'text'>;

/** Source: GitHub's limit for the description of a commit status; nobody else's is lower. */
export const textMax = 140;

/** A state that asks for nothing more. */
export const isTerminal = ({ state }: { readonly state: StatusState }): boolean => state !== 'pending';

/**
 * A newer commit took its place before it was everywhere.
 *
 * No success, since it never was everywhere; no failure, since nothing speaks against it and whoever acts on failures, by
 * reverting or by quarantine, must leave it alone.
 */
export const supersededBy = (commit: string): Status => ({
  state: 'error',
  cause: 'superseded',
  text: `superseded by ${commit.slice(0, 12)}`,
  progress: '',
  details: [],
});

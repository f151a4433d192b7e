/** Pull requests of one repository on its forge; GitLab calls them merge requests. */
import type { CommitSha } from '../core/model/id.ts';
import type { Markup } from '../core/model/markdown.ts';

export type PullRequest = {
  readonly number: number;
  /** For people. */
  readonly url: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly isDraft: boolean;
  /** The branch it goes to. */
  readonly base: string;
  readonly head: {
    readonly branch: string;
    readonly commit: CommitSha;
    /** The branch is in a copy of the repository that somebody else may write to. */
    readonly isForeign: boolean;
  };
  /** What the base branch got; undefined until it is merged, and where the forge does not say. */
  readonly mergedAs: CommitSha | undefined;
};

export type Comment = {
  readonly id: string;
  /** Markdown. */
  readonly body: string;
  /** Written with the credential that asks. */
  readonly isOurs: boolean;
};

/**
 * What became of a wish to merge.
 *
 * `moved`: the head is another than was named. `refused`: the forge does not merge it now, for a conflict, a check or a
 * review that it wants to see first; the reason is the forge's.
 */
export type Merged =
  | { readonly kind: 'merged'; readonly commit: CommitSha | undefined }
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Every method rejects with FaultError, or with the signal's reason. After `unreachable`, `protocol` and `serverError` nobody knows whether a write has arrived. */
export type PullRequests = {
  /** Longest body of a pull request and of a comment. Units: characters. */
  readonly bodyMax: number;
  /** Whether HTML in a body is HTML. */
  readonly markup: Markup;
  /** Those that are open and go to a branch; oldest first. */
  readonly open: (base: string, signal: AbortSignal) => Promise<readonly PullRequest[]>;
  /** The newest from a branch of the repository itself to `base`, whatever its state. */
  readonly from: (branch: string, base: string, signal: AbortSignal) => Promise<PullRequest | undefined>;
  readonly get: (number: number, signal: AbortSignal) => Promise<PullRequest | undefined>;
  readonly create: (
    request: { readonly branch: string; readonly base: string; readonly title: string; readonly body: string },
    signal: AbortSignal,
  ) => Promise<PullRequest>;
  readonly edit: (
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
    signal: AbortSignal,
  ) => Promise<void>;
  /** Only while its head is `head`. */
  readonly merge: (
    number: number,
    wish: { readonly head: CommitSha; readonly message: string },
    signal: AbortSignal,
  ) => Promise<Merged>;
  /** Oldest first. */
  readonly comments: (number: number, signal: AbortSignal) => Promise<readonly Comment[]>;
  /** Shape: the comment's id. */
  readonly comment: (number: number, body: string, signal: AbortSignal) => Promise<string>;
  readonly editComment: (number: number, id: string, body: string, signal: AbortSignal) => Promise<void>;
};

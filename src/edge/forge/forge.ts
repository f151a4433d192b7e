/** What every forge can be asked: the statuses of a commit, and to take one more of them. */

/** Every forge knows these four, by whatever names. */
export type ForgeState = 'pending' | 'success' | 'failure' | 'error';

export type ForgeStatus = {
  /** GitHub's context, GitLab's name. */
  readonly name: string;
  readonly state: ForgeState;
  readonly text: string;
  /** Where a person reads more. */
  readonly url?: string | undefined;
  /** One line each, worst first; most forges have no place for them. */
  readonly details?: readonly string[];
};

/** What differs between forges, so that nobody has to ask which one it is. */
export type ForgeAbilities = {
  /** A text may change while a status stays pending. */
  readonly refreshesPending: boolean;
  /** Longest name of a status. Units: characters. */
  readonly nameMax: number;
  /** What one credential may post. */
  readonly rate: PostRate;
};

/** Shape: never more than `burst + perHour` in any hour, nor more than `burst + perHour / 60` in any minute. */
export type PostRate = { readonly burst: number; readonly perHour: number };

/**
 * What became of a status.
 *
 * `taken`: it is there. `same`: the forge says that it is in that state already. `full`: the forge takes no more under this
 * name of this commit. `gone`: the forge has no such commit.
 */
export type Posted = 'taken' | 'same' | 'full' | 'gone';

/** Both reject with FaultError, or with the signal's reason. After `unreachable`, `protocol` and `serverError` nobody knows whether a status has arrived. */
export type CommitStatuses = {
  /** The newest of each name, of whoever posted it. Shape: empty for a commit that the forge does not have. */
  readonly read: (commit: string, signal: AbortSignal) => Promise<readonly ForgeStatus[]>;
  readonly post: (commit: string, status: ForgeStatus, signal: AbortSignal) => Promise<Posted>;
};

export type Forge = CommitStatuses & {
  readonly name: string;
  readonly abilities: ForgeAbilities;
};

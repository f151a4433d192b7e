/** A few bytes that outlive the process. A cache only: with all of it lost, Landfall is slower and as right. */

export type Store = {
  /** Undefined when there is none; a half-written or damaged value counts as none. */
  readonly read: (name: string) => Promise<string | undefined>;
  /** Whole or not at all. A store that cannot write says so in the log and goes on. */
  readonly write: (name: string, text: string) => Promise<void>;
};

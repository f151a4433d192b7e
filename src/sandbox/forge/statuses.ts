/** The commit statuses of a sandbox forge: all that were posted, and the newest of each name. */

export const statusStates = ['pending', 'success', 'error', 'failure', 'warning', 'skipped'] as const;

/** A status as somebody posted it. */
export type ForgePost = {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  /** Empty where there is none. */
  readonly targetURL: string;
};

export type StoredPost = ForgePost & {
  readonly id: number;
  readonly project: string;
  readonly by: string;
  readonly atMs: number;
};

/** Shape: in the order in which their names were first posted. */
export function newestPosts(posts: readonly StoredPost[], project: string, commit: string): readonly StoredPost[] {
  const own = posts.filter((post) => post.project === project && post.commit === commit);
  return [...new Map(own.map((post) => [post.context, post])).values()];
}

// The worst decides. Source: Gitea, `CommitStatusStates.Combine`.
const byWeight = ['error', 'failure', 'warning', 'pending', 'success', 'skipped'];

/** What all of them together say. */
export const combinedState = (posts: readonly StoredPost[]): string =>
  byWeight.find((state) => posts.some((post) => post.state === state)) ?? 'pending';

/** The commit statuses of a sandbox forge: all that were posted, and the newest of each name. */

/** A status as somebody posted it. */
export type ForgePost = {
  readonly commit: string;
  readonly context: string;
  /** Any word: Gitea takes what it does not know. */
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

/** Shape: the one that was posted last comes first. */
export function newestPosts(posts: readonly StoredPost[], project: string, commit: string): readonly StoredPost[] {
  const newest = new Map<string, StoredPost>();
  for (const post of posts.toReversed())
    if (post.project === project && post.commit === commit && !newest.has(post.context)) newest.set(post.context, post);
  return [...newest.values()];
}

/** What all of them together say. Source: Gitea, `CommitStatusStates.Combine`. */
export function combinedState(posts: readonly StoredPost[]): 'failure' | 'success' | 'pending' {
  if (posts.some(({ state }) => ['error', 'failure', 'warning'].includes(state))) return 'failure';
  const isGood = posts.length > 0 && posts.every(({ state }) => state === 'success' || state === 'skipped');
  return isGood ? 'success' : 'pending';
}

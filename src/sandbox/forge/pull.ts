/** A pull request of a sandbox forge, and the comments on it. */

export type Pull = {
  readonly number: number;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  /** The branch it goes to, and the one it comes from. */
  readonly base: string;
  readonly branch: string;
  /** Commits: the head as it was last seen, and what both had in common then. */
  readonly head: string;
  readonly mergeBase: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly state: PullState;
};

export type PullState =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly atMs: number }
  | { readonly kind: 'merged'; readonly atMs: number; readonly by: string; readonly commit: string };

export type PullComment = {
  readonly id: number;
  readonly pull: number;
  readonly author: string;
  readonly body: string;
  readonly createdMs: number;
  readonly updatedMs: number;
};

/** Source: Gitea, `repository.pull-request.WORK_IN_PROGRESS_PREFIXES`. */
export const isDraft = ({ title }: Pick<Pull, 'title'>): boolean => /^(?:WIP:|\[WIP\])/i.test(title);

/** What a person sees in the web and a program in events; what it points to is the forge's own business. */
export type PullAction = 'opened' | 'edited' | 'closed' | 'reopened' | 'synchronized';

export type ForgeEvent =
  | {
      readonly kind: 'push';
      readonly branch: string;
      /** Undefined: there was none, there is none any more. */
      readonly before: string | undefined;
      readonly after: string | undefined;
      readonly by: string;
    }
  | { readonly kind: 'pull'; readonly action: PullAction; readonly pull: Pull; readonly by: string };

/** Which move a pull request should show: the wish of now, a person's choice, or none. */
import type { CommitSha } from '../model/id.ts';
import type { StageFacts, Wish } from './decide.ts';
import type { Route } from './subject.ts';
import type { Trailer } from './trailer.ts';

/** The newest pull request of the stage's branch. */
export type Request = {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly head: CommitSha;
  /** Undefined when a person has written over it. */
  readonly trailer: Trailer | undefined;
  /** What it was merged as is part of what was read of the branch. Of one that is not merged: false. */
  readonly isMergeSeen: boolean;
};

export type Aim =
  | {
      readonly kind: 'show';
      readonly route: Route;
      readonly content: Trailer['content'];
      readonly isChosen: boolean;
      /** Why the stages before do not vouch for it, or not any more; undefined when they do. */
      readonly unproved: string | undefined;
      /** Why it goes back. */
      readonly failure: string | undefined;
    }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Decides what to show. Shape: pure; the same after a restart, since all that it knows is on the forge and in Git. */
export function aimOf(wish: Wish, request: Request | undefined, facts: StageFacts): Aim {
  const isOpen = request?.state === 'open';
  const trailer = request?.trailer;
  if (isOpen && trailer?.isChosen && wish.kind !== 'revert') {
    const chosen = shownAgain(trailer, facts);
    if (chosen !== undefined) return chosen;
  }
  switch (wish.kind) {
    case 'promote':
    case 'revert': {
      const settled = isOpen ? undefined : whySettled(wish, request, facts);
      if (settled !== undefined) return { kind: 'nothing', reason: settled };
      return {
        kind: 'show',
        route: { kind: wish.kind, from: facts.pin?.commit, to: stableTarget(wish, isOpen ? trailer : undefined) },
        content: wish.to.content,
        isChosen: false,
        unproved: undefined,
        failure: wish.kind === 'revert' ? wish.reason : undefined,
      };
    }
    case 'wait': {
      const kept = isOpen && trailer?.kind === 'promote' ? shownAgain(trailer, facts) : undefined;
      return kept ?? { kind: 'nothing', reason: wish.reason };
    }
    case 'rest':
      return { kind: 'nothing', reason: wish.reason };
  }
}

/** A commit that changes nothing of the Apps is no other target. */
function stableTarget(
  { kind, to }: Extract<Wish, { kind: 'promote' | 'revert' }>,
  trailer: Trailer | undefined,
): CommitSha {
  return trailer?.kind === kind && trailer.content === to.content ? trailer.to : to.commit;
}

/** What an open pull request is about, as long as it may be about it at all; gates say what is missing. */
function shownAgain(trailer: Trailer, facts: StageFacts): Aim | undefined {
  const { pin, candidates, quarantined } = facts;
  const { to, content, isChosen } = trailer;
  const isBad = quarantined.has(to) || quarantined.has(content);
  if (isBad || pin?.commit === to || pin?.content === content) return undefined;
  const known = candidates.find((each) => each.content === content);
  if (known === undefined && !isChosen) return undefined;
  // Nobody proposes what is held back: what is only perhaps was proposed when more was known.
  if (known?.heldBack === 'yes' && !isChosen) return undefined;
  const reason = known === undefined ? 'no stage before it runs this revision' : known.unproved;
  return {
    kind: 'show',
    route: { kind: 'promote', from: pin?.commit, to },
    content,
    isChosen,
    unproved: reason,
    failure: undefined,
  };
}

/** Why a move is not proposed though it is wished for: a person has had a say, or the say has not arrived yet. */
function whySettled(
  { kind, to }: Extract<Wish, { kind: 'promote' | 'revert' }>,
  request: Request | undefined,
  { pin }: StageFacts,
): string | undefined {
  const trailer = request?.trailer;
  if (request === undefined || trailer?.kind !== kind || trailer.content !== to.content) return undefined;
  if (request.state === 'closed')
    return trailer.isWithdrawn
      ? undefined
      : `a person has closed #${request.number}; open it again, or \`landfall promote\` does`;
  const isBehind = !request.isMergeSeen && trailer.from === pin?.commit;
  return isBehind ? `#${request.number} is merged, and the branch has not been read since` : undefined;
}

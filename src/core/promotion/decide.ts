/** What should become of a pinned stage: forward, back, or nothing. A function of evidence, and of nothing else. */
import type { CommitSha, Digest } from '../model/id.ts';

/** A commit, and what the Apps of the placement are at it. */
export type Revision = {
  readonly commit: CommitSha;
  /** Equal when all Apps of the placement are equal, whatever else the commit changes. */
  readonly content: Digest;
};

/** What the stages before want, or wanted since the pin: its first commit. */
export type Candidate = Revision & {
  /** Why they have not shown it to be good; undefined when all of them have. */
  readonly unproved: string | undefined;
  /**
   * A person moved the pin back from it, or from something newer, and did not say that it was bad. `perhaps`: nobody can say,
   * since it is older than the history that is looked at.
   */
  readonly heldBack: 'no' | 'perhaps' | 'yes';
};

/** Of so many commits is known what a folder held, and whether that was good. */
export const commitsBack = 60;

/** What moves when a stage goes on. */
export type Moves = 'fields' | 'pin';

export type StageFacts = {
  readonly moves: Moves;
  readonly policy: 'Newest' | 'Queue' | 'Pinned';
  /**
   * What the stage has. Undefined: there is no pin yet. Its content is not known when it cannot be read, and its commit when
   * it was written by hand, and not copied.
   */
  readonly pin: { readonly commit: CommitSha | undefined; readonly content: Digest | undefined } | undefined;
  /** Oldest first; the last is what the stages before want now. */
  readonly candidates: readonly Candidate[];
  /** Why there are none. */
  readonly noCandidate: string;
  /** By commit, and by what those commits hold. */
  readonly quarantined: ReadonlySet<CommitSha | Digest>;
  /** Why the stage stopped at what its pin names; undefined when it did not. */
  readonly failure: string | undefined;
  /** What was good in the stage before the pin came to what it names. */
  readonly good: Revision | undefined;
};

export type Wish =
  | { readonly kind: 'promote'; readonly to: Revision }
  | { readonly kind: 'revert'; readonly to: Revision; readonly reason: string }
  /** Something is there to be promoted, and may not be yet. */
  | { readonly kind: 'wait'; readonly to: Revision; readonly reason: string }
  | { readonly kind: 'rest'; readonly reason: string };

const said = {
  pin: {
    file: 'Pin',
    byHand: 'only a person moves its pin',
    isThere: 'its pin names what the stages before it run',
    isBack: 'a person has moved the pin back from it',
    mayBeBack: 'a person may have moved the pin back from it, longer ago than the history that is looked at',
    noWayBack: 'nothing that its pin named before was good here',
  },
  fields: {
    file: 'Placement',
    byHand: 'nothing is copied unless a person asks for it',
    isThere: 'its folder holds what is to be copied',
    isBack: 'a person has taken it out of the folder again',
    mayBeBack: 'a person may have taken it out of the folder again, longer ago than the history that is looked at',
    noWayBack: `in the last ${commitsBack} commits nothing else that was copied was good here`,
  },
} as const satisfies Readonly<Record<Moves, unknown>>;

/**
 * Decides for one stage.
 *
 * Shape: never a promotion to what the stages before have not shown to be good, to what is quarantined, or to what the pin
 *   names already, by whatever commit.
 */
export function decidePromotion(facts: StageFacts): Wish {
  const { policy, pin, candidates, failure } = facts;
  const words = said[facts.moves];
  if (failure !== undefined && pin !== undefined) return revertOf(facts, failure);
  if (policy === 'Pinned') return { kind: 'rest', reason: words.byHand };
  const open = candidates.filter((candidate) => !isThere(candidate, facts));
  const fit = open.filter((candidate) => whyNot(candidate, facts) === undefined);
  const next = policy === 'Queue' ? fit[0] : fit.at(-1);
  if (next !== undefined) return { kind: 'promote', to: revisionOf(next) };
  const newest = candidates.at(-1);
  if (newest === undefined) return { kind: 'rest', reason: facts.noCandidate };
  if (isThere(newest, facts)) return { kind: 'rest', reason: words.isThere };
  return { kind: 'wait', to: revisionOf(newest), reason: whyNot(newest, facts) ?? 'it is not known why' };
}

/** Why a revision may not be promoted to; undefined when it may. */
export function whyNot(
  candidate: Candidate,
  { quarantined, moves }: Pick<StageFacts, 'moves' | 'quarantined'>,
): string | undefined {
  const { commit, content, unproved, heldBack } = candidate;
  if (quarantined.has(commit) || quarantined.has(content))
    return `${commit.slice(0, 12)} is quarantined, until a person takes the mark out of the ${said[moves].file}`;
  if (heldBack !== 'no') {
    const { isBack, mayBeBack } = said[moves];
    return `${heldBack === 'yes' ? isBack : mayBeBack}; \`landfall promote\` goes there again`;
  }
  return unproved;
}

/** The same Apps by another commit are nothing new: else a promotion would feed itself. */
const isThere = ({ commit, content }: Revision, { pin }: Pick<StageFacts, 'pin'>): boolean =>
  pin !== undefined && (pin.commit === commit || pin.content === content);

const revisionOf = ({ commit, content }: Revision): Revision => ({ commit, content });

function revertOf({ good, quarantined, moves }: StageFacts, failure: string): Wish {
  const isGood = good !== undefined && !quarantined.has(good.commit) && !quarantined.has(good.content);
  if (isGood) return { kind: 'revert', to: revisionOf(good), reason: failure };
  return { kind: 'rest', reason: `${failure}; ${said[moves].noWayBack}` };
}

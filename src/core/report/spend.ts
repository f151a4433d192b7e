/** Which statuses are told when not all can be: failures always, what somebody waits for next, what repeats last. */
import type { CommitSha } from '../model/id.ts';
import { type Context, checkContext } from './context.ts';
import { isTerminal, type Status, type Told } from './status.ts';
import { saysNoChange } from './turn.ts';

/** One status that a forge is to be told. */
export type Telling = {
  readonly commit: CommitSha;
  readonly context: Context;
  readonly status: Status;
  /** What it was told of this commit under this name before. */
  readonly before: Told | undefined;
};

export type Spending = {
  /** Most important first. */
  readonly now: readonly Telling[];
  /** Still to be told, by whatever it is by then. */
  readonly later: readonly Telling[];
  /** Not worth the wait: a text that only counts on, and names under which a commit changes nothing. */
  readonly never: readonly Telling[];
  /** How many there must be left to tell the first of `later`; undefined when there is none. */
  readonly wanted: number | undefined;
};

type Rank = 'alarm' | 'check' | 'end' | 'beginning' | 'aside' | 'refresh';

/** How much of a full budget stays for what is more important; what is not told at once is kept, or is let go. */
const rules: Readonly<Record<Rank, { readonly order: number; readonly reserve: number; readonly isKept: boolean }>> = {
  alarm: { order: 0, reserve: 0, isKept: true },
  // One of each commit, and the first that somebody looks for.
  check: { order: 1, reserve: 0.1, isKept: true },
  end: { order: 2, reserve: 0.2, isKept: true },
  beginning: { order: 3, reserve: 0.5, isKept: true },
  aside: { order: 4, reserve: 0.5, isKept: false },
  refresh: { order: 5, reserve: 0.8, isKept: false },
};

/** Shape: of one rank in the order of `tellings`. `left` may be told at most; a full budget is `full`. */
export function spend(tellings: readonly Telling[], left: number, full: number): Spending {
  const ranked = tellings.map((telling) => ({ telling, rule: rules[rankOf(telling)] }));
  const [now, later, never]: [Telling[], Telling[], Telling[]] = [[], [], []];
  let wanted: number | undefined;
  for (const { telling, rule } of ranked.toSorted((a, b) => a.rule.order - b.rule.order)) {
    const needed = Math.floor(rule.reserve * full) + 1;
    if (left - now.length >= needed) now.push(telling);
    else if (!rule.isKept) never.push(telling);
    else {
      later.push(telling);
      wanted ??= needed;
    }
  }
  return { now, later, never, wanted };
}

function rankOf({ context, status, before }: Telling): Rank {
  if (context === checkContext && rankOfEnd(status) === 'end') return 'check';
  if (status.cause === 'superseded') return before === undefined ? 'aside' : 'end';
  if (before?.state === status.state) return status.state === 'pending' ? 'refresh' : rankOfEnd(status);
  if (!isTerminal(status)) return 'beginning';
  return before === undefined && saysNoChange(status) ? 'aside' : rankOfEnd(status);
}

const rankOfEnd = ({ state, cause }: Status): Rank =>
  state === 'failure' || (state === 'error' && cause !== 'superseded') ? 'alarm' : 'end';

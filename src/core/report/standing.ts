/** How one cell stands towards what a commit wants of it. */
import type { ClusterId } from '../model/id.ts';

/** How we are with a cluster. */
export type Contact =
  /** Not asked yet since the start. */
  | { readonly kind: 'none' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string }
  /** It does not accept us. */
  | { readonly kind: 'refused'; readonly reason: string };

/** All that counts for a cell, whatever part of the engine knows it. */
export type CellFacts = {
  readonly cluster: ClusterId;
  readonly contact: Contact;
  /** How long a cluster may be silent before it is counted apart: its stage's progress deadline. */
  readonly graceMs: number;
  readonly isSuspended: boolean;
  /** Why it cannot be said what is wanted; undefined when it can. */
  readonly unknown: string | undefined;
  /** A run has looked at it since the start, or since its cluster came back. */
  readonly isSeen: boolean;
  /** Its record names what is wanted, be all of that there already or not. */
  readonly isAtAim: boolean;
  /** All of what is wanted is there, seen, and healthy at that. */
  readonly isWell: boolean;
  /** Why trying again will not help, with the code of the fault where there is one. */
  readonly failure: string | undefined;
  /** Why it counts as failed at what is wanted, though it may still come right. */
  readonly lapse: string | undefined;
  /** When it will count as failed if it does not become healthy. */
  readonly lapsesAtMs: number | undefined;
  /** Digest of deletions that wait for a person. */
  readonly deletes: string | undefined;
  /** Why it may not change yet. */
  readonly waits: string | undefined;
  /** What was last said of it. */
  readonly message: string | undefined;
};

export type Standing =
  /** The manifests, or what owns the objects already, stand in the way: the author's turn. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The operator's turn, or ours. */
  | { readonly kind: 'stuck'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'acknowledge'; readonly reason: string; readonly deletes: string }
  | { readonly kind: 'moving'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'suspended'; readonly reason: string }
  | { readonly kind: 'well' };

export type StandingKind = Standing['kind'];

/** Shape: of several that hold, the one that somebody has to act on. */
export function standingOf(facts: CellFacts, nowMs: number): Standing {
  const { contact, message } = facts;
  if (facts.isSuspended) return { kind: 'suspended', reason: 'suspended' };
  if (contact.kind === 'refused') return { kind: 'stuck', reason: contact.reason };
  if (contact.kind === 'none') return { kind: 'unseen', reason: 'not connected yet' };
  if (contact.kind === 'lost') {
    const isLasting = nowMs >= contact.sinceMs + facts.graceMs;
    return { kind: isLasting ? 'unreachable' : 'unseen', reason: contact.reason };
  }
  if (facts.unknown !== undefined) return { kind: 'waiting', reason: facts.unknown };
  if (facts.failure !== undefined) return { kind: isOurs(facts.failure) ? 'stuck' : 'refused', reason: facts.failure };
  if (facts.isWell) return { kind: 'well' };
  if (facts.isAtAim && !facts.isSeen) return { kind: 'unseen', reason: message ?? 'not looked at yet' };
  if (facts.deletes !== undefined)
    return { kind: 'acknowledge', reason: message ?? 'deletions wait', deletes: facts.deletes };
  if (facts.lapse !== undefined) return { kind: 'failed', reason: facts.lapse };
  if (facts.waits !== undefined) return { kind: 'waiting', reason: facts.waits };
  return { kind: 'moving', reason: message ?? 'queued' };
}

/** Codes of faults are stable for ever and say whose turn it is: `O` the operator's, `B` ours. See `model/fault.ts`. */
const isOurs = (failure: string): boolean => /^[OB]\d{4}\b/.test(failure);

/** When time alone may change how it stands; undefined when it cannot. */
export function standingEndsAtMs({ contact, graceMs, lapsesAtMs }: CellFacts, nowMs: number): number | undefined {
  const times = [contact.kind === 'lost' ? contact.sinceMs + graceMs : undefined, lapsesAtMs];
  const ahead = times.filter((atMs) => atMs !== undefined && atMs > nowMs);
  return ahead.length === 0 ? undefined : Math.min(...ahead.map((atMs) => atMs ?? nowMs));
}

// First what somebody must act on, last what nobody has to.
const order: Readonly<Record<StandingKind, number>> = {
  refused: 0,
  stuck: 1,
  failed: 2,
  acknowledge: 3,
  moving: 4,
  waiting: 5,
  unseen: 6,
  unreachable: 7,
  suspended: 8,
  well: 9,
};

/** Worst first; those that stand equal keep their order. */
export const worstFirst = <T extends { readonly standing: Standing }>(all: readonly T[]): readonly T[] =>
  all.toSorted((a, b) => order[a.standing.kind] - order[b.standing.kind]);

/** What is known of a cell when it is decided whether it, or another, may move. */
import type { Freeze } from '../model/gate.ts';
import type { Health } from '../model/health.ts';
import type { CellId, ClusterId, CommitSha, Digest } from '../model/id.ts';
import type { Good } from '../model/record.ts';

export type Evidence = {
  readonly cell: CellId;
  readonly cluster: ClusterId;
  /** Its cluster answers. Cells that do not are counted apart, and catch up when they return. */
  readonly isReachable: boolean;
  readonly isSuspended: boolean;
  /** What it should hold, and the intent that this comes from; undefined when that cannot be said. */
  readonly aim: Good | undefined;
  /** Of the App: where the aim comes from. */
  readonly revision: CommitSha;
  /** What its record says it holds; undefined when it holds nothing yet. */
  readonly held: Good | undefined;
  /** All of the aim has been applied and seen. */
  readonly isApplied: boolean;
  readonly appliedAtMs: number | undefined;
  /** At the digest it holds, from an event at or after our own write; `Unknown` until it is looked at since it can be reached. */
  readonly health: Health;
  readonly healthySinceMs: number | undefined;
  readonly good: readonly Good[];
  /** Why the last attempt to bring it to its aim failed in a way that trying again will not mend. */
  readonly failure: string | undefined;
  /** Those that select its cluster, whenever they hold. */
  readonly freezes: readonly Freeze[];
  /** A cluster that is lost, or being emptied, leaves this to it. */
  readonly isFailover: boolean;
};

/** It holds its aim, and all of it. */
export const isCurrent = ({ aim, held, isApplied }: Evidence): boolean =>
  aim !== undefined && held !== undefined && aim.digest === held.digest && isApplied;

/** It has begun to change to its aim; a running change is never stopped. */
export const isMoving = (evidence: Evidence): boolean =>
  evidence.aim !== undefined && evidence.held?.digest === evidence.aim.digest && !isCurrent(evidence);

/** Counts towards evidence: it can be reached, and nobody has put it aside. */
export const isRequired = ({ isReachable, isSuspended }: Evidence): boolean => isReachable && !isSuspended;

/** What a person has suspended is as well as that person wants it. */
export const isHealthy = ({ health }: Evidence): boolean =>
  health.status === 'Healthy' || health.status === 'Suspended';

/** Healthy at what it holds, for so long. */
export function hasSoaked(evidence: Evidence, soakMs: number, nowMs: number): boolean {
  return isHealthy(evidence) && evidence.healthySinceMs !== undefined && nowMs - evidence.healthySinceMs >= soakMs;
}

/** It runs this intent well, or once did. */
export function hasProved(evidence: Evidence, intent: Digest, soakMs: number, nowMs: number): boolean {
  if (evidence.good.some((good) => good.intent === intent)) return true;
  return evidence.held?.intent === intent && evidence.isApplied && hasSoaked(evidence, soakMs, nowMs);
}

/** Was what it should hold once good here? Then it may return at once. */
export const isReturn = ({ aim, good }: Evidence): boolean =>
  aim !== undefined && good.some((earlier) => earlier.digest === aim.digest);

/** Why it counts as failed at its aim; undefined when it does not. */
export function failureOf(evidence: Evidence, progressDeadlineMs: number, nowMs: number): string | undefined {
  if (!isRequired(evidence)) return undefined;
  if (evidence.failure !== undefined) return evidence.failure;
  if (evidence.aim === undefined || evidence.held?.digest !== evidence.aim.digest) return undefined;
  const { health } = evidence;
  if (health.status === 'Degraded') return health.message ?? 'degraded';
  // That nobody has looked yet says nothing against it.
  const isLate =
    !isHealthy(evidence) &&
    health.status !== 'Unknown' &&
    evidence.appliedAtMs !== undefined &&
    nowMs - evidence.appliedAtMs > progressDeadlineMs;
  return isLate ? `not healthy ${Math.round(progressDeadlineMs / 1000)} s after it was applied` : undefined;
}

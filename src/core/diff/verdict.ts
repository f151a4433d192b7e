/** What to do about drift: heal it, leave it to an autoscaler, or stop fighting over it. */
import { type Blame, isAutoscaler } from './blame.ts';
import type { Owner } from './entries.ts';
import { type FieldPath, printPath } from './path.ts';

/** One time that we wrote our value over somebody else's. */
export type Revert = { readonly path: string; readonly atMs: number };

export type Verdict = {
  readonly kind: 'heal' | 'release' | 'contested';
  readonly path: FieldPath;
  readonly owners: readonly Owner[];
};

export type ContestLimits = { readonly revertsMax: number; readonly windowMs: number };

/** Three reverts of one path in ten minutes are a fight. */
export const contestLimits: ContestLimits = { revertsMax: 3, windowMs: 600_000 };

/**
 * Judges each drifted place by who owns it now and how often we have reverted it.
 *
 * Shape: in the order of `blames`. A place that an autoscaler owns is released, never fought over.
 */
export function judge(
  blames: readonly Blame[],
  reverts: readonly Revert[],
  nowMs: number,
  limits: ContestLimits = contestLimits,
): readonly Verdict[] {
  const counts = new Map<string, number>();
  for (const { path, atMs } of reverts) {
    if (nowMs - atMs < limits.windowMs) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return blames.map(({ path, owners }) => {
    if (owners.some(isAutoscaler)) return { kind: 'release', path, owners };
    const isContested = (counts.get(printPath(path)) ?? 0) >= limits.revertsMax;
    return { kind: isContested ? 'contested' : 'heal', path, owners };
  });
}

/** The reverts to remember after these paths were healed; those outside the window are forgotten. */
export function noteReverts(
  reverts: readonly Revert[],
  healed: readonly FieldPath[],
  nowMs: number,
  limits: ContestLimits = contestLimits,
): readonly Revert[] {
  return [
    ...reverts.filter(({ atMs }) => nowMs - atMs < limits.windowMs),
    ...healed.map((path) => ({ path: printPath(path), atMs: nowMs })),
  ];
}

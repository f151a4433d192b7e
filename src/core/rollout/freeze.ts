/** Freezes: what keeps a cluster as it is, and what happens all the same. */
import type { Bypass, Freeze } from '../model/gate.ts';
import { bypassAt } from './bypass.ts';

/** Clocks differ: a freeze begins so much earlier, and ends so much later. */
export const clockSkewMs = 60_000;

/** In force, by whatever clock is asked. */
export const isFrozen = ({ fromMs, untilMs }: Freeze, nowMs: number): boolean =>
  nowMs >= fromMs - clockSkewMs && nowMs < untilMs + clockSkewMs;

/** When a freeze begins or ends, as far as that is to come. */
export const freezeTimes = (freezes: readonly Freeze[], nowMs: number): readonly number[] =>
  freezes
    .flatMap(({ fromMs, untilMs }) => [fromMs - clockSkewMs, untilMs + clockSkewMs])
    .filter((atMs) => Number.isFinite(atMs) && atMs > nowMs);

export type Move = { readonly isReturn: boolean; readonly isFailover: boolean };

/** The first freeze that does not let a change pass. Shape: undefined when none holds it up. */
export function freezeFor(
  freezes: readonly Freeze[],
  move: Move,
  bypass: Bypass | undefined,
  nowMs: number,
): Freeze | undefined {
  const isBypassed = bypassAt(bypass, nowMs)?.gates.includes('Freeze') === true;
  return freezes.find(({ allow, ...freeze }) => {
    if (!isFrozen({ allow, ...freeze }, nowMs)) return false;
    if (isBypassed && allow.includes('Bypass')) return false;
    if (move.isReturn && allow.includes('Rollback')) return false;
    return !(move.isFailover && allow.includes('Failover'));
  });
}

/** A freeze in which not even drift is repaired. */
export const stillFor = (freezes: readonly Freeze[], nowMs: number): Freeze | undefined =>
  freezes.find((freeze) => isFrozen(freeze, nowMs) && !freeze.allow.includes('DriftRepair'));

export function describeFreeze({ name, untilMs, isBroken }: Freeze): string {
  if (isBroken) return `frozen: Freeze ${name} has errors, so nobody knows what it keeps still`;
  return `frozen until ${new Date(untilMs).toISOString()} by Freeze ${name}`;
}

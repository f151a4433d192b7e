/** The arithmetic of a rolling update: how large each generation of pods may be now. Source: kubernetes/pkg/controller/deployment/rolling.go. */
import { at, type Json, numberOf, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { replicasOf } from './templates.ts';

export type Bounds = {
  /** Pods above the wanted number. */
  readonly surge: number;
  /** Pods below it. */
  readonly unavailable: number;
};
export type Generation = {
  /** Pods it is told to have. */
  readonly size: number;
  readonly available: number;
};

/** A count, or a share of `total` such as `25%`. */
export function countOf(value: Json | undefined, total: number, isRoundedUp: boolean): number {
  const share = /^([0-9]+)%$/.exec(textOf(value) ?? '')?.[1];
  if (share === undefined) return numberOf(value) ?? 0;
  const exact = (Number(share) * total) / 100;
  return isRoundedUp ? Math.ceil(exact) : Math.floor(exact);
}

/** Never both zero, or nothing could move. */
export function boundsOf(deployment: KubeObject): Bounds {
  const replicas = replicasOf(deployment);
  const rolling = at(deployment, 'spec', 'strategy', 'rollingUpdate');
  const surge = countOf(at(rolling, 'maxSurge'), replicas, true);
  const unavailable = countOf(at(rolling, 'maxUnavailable'), replicas, false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** How many pods the newest generation may have while older ones are there. */
export function sizeOfNewest(
  replicas: number,
  newest: Generation,
  older: readonly Generation[],
  bounds: Bounds,
): number {
  const total = older.reduce((sum, { size }) => sum + size, newest.size);
  if (newest.size >= replicas) return replicas;
  const room = replicas + bounds.surge - total;
  return room <= 0 ? newest.size : Math.min(replicas, newest.size + room);
}

/**
 * How many pods the older generations may keep, in their order (oldest first).
 *
 * Pods that are not available go first: they keep nobody up.
 */
export function sizesOfOlder(
  replicas: number,
  newest: Generation,
  older: readonly Generation[],
  bounds: Bounds,
): readonly number[] {
  const total = older.reduce((sum, { size }) => sum + size, newest.size);
  let spare = total - (replicas - bounds.unavailable) - Math.max(0, newest.size - newest.available);
  if (spare <= 0) return older.map(({ size }) => size);
  const withoutSick = older.map(({ size, available }) => {
    const cut = Math.min(spare, Math.max(0, size - available));
    spare -= cut;
    return size - cut;
  });
  const available = newest.available + older.reduce((sum, each) => sum + each.available, 0);
  let more = available - (replicas - bounds.unavailable);
  return withoutSick.map((size) => {
    const cut = Math.max(0, Math.min(more, size));
    more -= cut;
    return size - cut;
  });
}

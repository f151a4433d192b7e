/** This cluster's share of the counts that several clusters share. */
import { at } from '../json/value.ts';
import type { ObjectKey } from '../model/id.ts';
import type { Target } from '../model/intent.ts';
import { type KubeObject, keyOf, kindOf } from '../model/object.ts';
import type { Piece } from './piece.ts';
import { type Bounds, boundsOf, isScalerOf, withBounds, withCount } from './replicas.ts';
import { isTarget } from './target.ts';

export type Division = {
  readonly target: Target;
  readonly total: number;
  /** This cluster's share of a total. */
  readonly shareOf: (total: number) => number;
  /** Of the object's spec. */
  readonly field: 'replicas' | 'parallelism' | 'completions';
  /** Equal where `shareOf` gives the same for every total, on whatever cluster. */
  readonly digest: string;
};

export type Divided = {
  readonly pieces: readonly Piece[];
  /** What was written, by the object that it was written into. */
  readonly replicas: ReadonlyMap<ObjectKey, number>;
};

/** An autoscaler's bounds are divided in place of the count of the workload that it scales. */
export function applyDivisions(pieces: readonly Piece[], divisions: readonly Division[]): Divided {
  const replicas = new Map<ObjectKey, number>();
  let result = pieces;
  for (const { target, total, shareOf, field } of divisions) {
    const workloads = new Set(result.filter((piece) => isDivided(target, piece.object)));
    if (workloads.size === 0) continue;
    const scalers = result.filter((piece) => boundsOf(piece.object) !== undefined);
    const divided = new Set(scalers.filter((scaler) => scalesAny(scaler, workloads)));
    const scaled = new Set([...workloads].filter((workload) => scalers.some((scaler) => scales(scaler, workload))));
    result = result.map((piece) => {
      const bounds = divided.has(piece) ? boundsOf(piece.object) : undefined;
      if (bounds !== undefined) return { ...piece, object: withBounds(piece.object, divideBounds(bounds, shareOf)) };
      if (!workloads.has(piece) || scaled.has(piece)) return piece;
      const count = shareOf(total);
      if (field !== 'completions') replicas.set(keyOf(piece.object), count);
      return { ...piece, object: withCount(piece.object, field, count) };
    });
  }
  return { pieces: result, replicas };
}

const scales = (scaler: Piece, workload: Piece): boolean => isScalerOf(scaler.object, workload.object);
const scalesAny = (scaler: Piece, workloads: ReadonlySet<Piece>): boolean =>
  [...workloads].some((workload) => scales(scaler, workload));

const scalable: ReadonlySet<string> = new Set([
  '/ReplicationController',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
]);

/** A target by name alone means the workload of that name, not the Service beside it. */
export function isDivided(target: Target, object: KubeObject): boolean {
  if (!isTarget(target, object)) return false;
  return target.kind !== undefined || scalable.has(kindOf(object)) || at(object, 'spec', 'replicas') !== undefined;
}

/** The server refuses a minimum of nothing and a maximum below the minimum. */
function divideBounds(bounds: Bounds, shareOf: Division['shareOf']): Bounds {
  const min = Math.max(1, shareOf(bounds.min));
  return { min, max: Math.max(min, shareOf(bounds.max)) };
}

/** This cluster's share of the counts that several clusters share. */
import type { ObjectKey } from '../model/id.ts';
import type { Target } from '../model/intent.ts';
import { keyOf } from '../model/object.ts';
import type { Piece } from './piece.ts';
import { type Bounds, boundsOf, isScalerOf, withBounds, withReplicas } from './replicas.ts';
import { isTarget } from './target.ts';

export type Division = {
  readonly target: Target;
  readonly total: number;
  /** This cluster's share of a total. */
  readonly shareOf: (total: number) => number;
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
  for (const { target, total, shareOf } of divisions) {
    const workloads = result.filter((piece) => isTarget(target, piece.object));
    const isScaler = (piece: Piece): boolean => workloads.some((workload) => isScalerOf(piece.object, workload.object));
    const isScaled = (piece: Piece): boolean => result.some((other) => isScalerOf(other.object, piece.object));
    result = result.map((piece) => {
      const bounds = isScaler(piece) ? boundsOf(piece.object) : undefined;
      if (bounds !== undefined) return { ...piece, object: withBounds(piece.object, divideBounds(bounds, shareOf)) };
      if (!workloads.includes(piece) || isScaled(piece)) return piece;
      const count = shareOf(total);
      replicas.set(keyOf(piece.object), count);
      return { ...piece, object: withReplicas(piece.object, count) };
    });
  }
  return { pieces: result, replicas };
}

/** The server refuses a minimum of nothing and a maximum below the minimum. */
function divideBounds(bounds: Bounds, shareOf: Division['shareOf']): Bounds {
  const min = Math.max(1, shareOf(bounds.min));
  return { min, max: Math.max(min, shareOf(bounds.max)) };
}

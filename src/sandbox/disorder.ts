/** What goes wrong in a cluster, as often as it is told to: shares of requests, drawn from the cluster's own chance. */
import type { Rng } from '../seam/rng.ts';

/** Shares are from 0 to 1. Absent means never. */
export type Disorder = {
  /** Nothing listens. */
  readonly isDown?: boolean;
  /** Takes requests and never answers; running watches fall silent. */
  readonly isBlackHole?: boolean;
  /** Before anything is done. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** 409 on writes, nothing done. */
  readonly conflictShare?: number;
  /** 429, nothing done. */
  readonly throttleShare?: number;
  readonly retryAfterSeconds?: number;
  /** 503, nothing done. */
  readonly errorShare?: number;
  /** The write is done, the answer is 500. */
  readonly errorAfterShare?: number;
  /** The write is done, the connection is cut. */
  readonly lostAnswerShare?: number;
  /** Each chunk of a watch: cut in the middle of a line. */
  readonly cutWatchShare?: number;
  /** A watch from a version, or a next page: 410. */
  readonly goneShare?: number;
  /** A list is as it was some versions ago. */
  readonly staleListShare?: number;
  readonly staleVersions?: number;
  /** A captive portal answers 200 in HTML. */
  readonly htmlShare?: number;
  /** A list is empty, though objects are there. */
  readonly emptyListShare?: number;
};

export type Mishap =
  | 'none'
  | 'conflict'
  | 'throttle'
  | 'error'
  | 'errorAfter'
  | 'lostAnswer'
  | 'gone'
  | 'staleList'
  | 'html'
  | 'emptyList';

type Subject = { readonly isWrite: boolean; readonly isList: boolean; readonly isResumed: boolean };

/** At most one mishap to a request. One draw for each share that is set, so that one seed gives one story. */
export function mishapOf(disorder: Disorder, subject: Subject, rng: Rng): Mishap {
  const { isWrite, isList, isResumed } = subject;
  const chances: readonly (readonly [Mishap, number | undefined, boolean])[] = [
    ['html', disorder.htmlShare, true],
    ['throttle', disorder.throttleShare, true],
    ['error', disorder.errorShare, true],
    ['conflict', disorder.conflictShare, isWrite],
    ['errorAfter', disorder.errorAfterShare, isWrite],
    ['lostAnswer', disorder.lostAnswerShare, isWrite],
    ['gone', disorder.goneShare, isResumed],
    ['staleList', disorder.staleListShare, isList],
    ['emptyList', disorder.emptyListShare, isList],
  ];
  let found: Mishap = 'none';
  for (const [mishap, share = 0, applies] of chances) {
    if (share <= 0) continue;
    const isStruck = rng.next() < share;
    if (isStruck && applies && found === 'none') found = mishap;
  }
  return found;
}

export const latencyOf = ({ latencyMs }: Disorder, rng: Rng): number =>
  latencyMs === undefined ? 0 : latencyMs.min + (latencyMs.max - latencyMs.min) * rng.next();

/** The disorder of one cluster, as it is now. */
export type DisorderControl = {
  readonly now: () => Disorder;
  /** Takes the place of all that was set before; running watches feel it at once. */
  readonly set: (disorder: Disorder) => void;
  /** Calls back once, when the cluster goes down; the result stops it. */
  readonly onDown: (listener: () => void) => () => void;
};

export function disorderControl(first: Disorder): DisorderControl {
  let current = first;
  const listeners = new Set<() => void>();
  return {
    now: () => current,
    set: (disorder) => {
      current = disorder;
      if (disorder.isDown !== true) return;
      const told = [...listeners];
      listeners.clear();
      for (const listener of told) listener();
    },
    onDown: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

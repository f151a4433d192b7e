/** A moment of a simulation: how every cell is, and what was done at it. */
import type { Fleet } from '../model/fleet.ts';
import type { AppId, CellId, ClusterId, ObjectKey } from '../model/id.ts';

/** One App on one cluster, as somebody who looks at the fleet would see it. */
export type CellNow = {
  readonly id: CellId;
  readonly app: AppId;
  readonly cluster: ClusterId;
  /** It holds something. */
  readonly isThere: boolean;
  /** Its cluster answers. */
  readonly isReachable: boolean;
  /** Of what it holds that counts replicas; undefined when nothing of it does. */
  readonly replicas: number | undefined;
  /** Ready ones; none where the cluster does not answer. */
  readonly ready: number;
  /** A change was begun and is not well yet. */
  readonly isChanging: boolean;
  /** It answers, and all that it holds is well, or as well as before a change that keeps some of it running. */
  readonly isServing: boolean;
  /** It is as it is wanted, and healthy. */
  readonly isSettled: boolean;
  /** Why it is not as it is wanted; undefined while there is nothing to wait for. */
  readonly waits: string | undefined;
};

/** Something was done to a cell. */
export type Move = {
  readonly atMs: number;
  /** Which step it came from, from 0. */
  readonly step: number;
  readonly app: AppId;
  readonly cluster: ClusterId;
  readonly kind: 'arrives' | 'changes' | 'scales' | 'leaves';
  readonly replicas: { readonly before: number | undefined; readonly after: number | undefined };
  readonly created: number;
  readonly updated: number;
  readonly released: number;
  readonly deleted: readonly ObjectKey[];
};

export type Moment = {
  readonly atMs: number;
  readonly step: number;
  readonly fleet: Fleet;
  readonly cells: readonly CellNow[];
  readonly moves: readonly Move[];
};

/** What a cluster holds, reduced to what decisions need. */
import type { Health } from './health.ts';
import type { ObjectKey } from './id.ts';

export type LiveObject = {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Of our Apply entry; undefined when we have none. */
  readonly fingerprint: string | undefined;
  /** The record id that its label names, when that label is in our Apply entry. */
  readonly partOf: string | undefined;
  /** Another object controls it, so it is none of ours whatever its labels say: children inherit labels. */
  readonly isControlled: boolean;
  readonly isDeleting: boolean;
  /** It says that it is to stay when it is no longer wanted; see `keepAnnotation`. */
  readonly isKept: boolean;
  readonly health: Health;
};

export type LiveObjects = ReadonlyMap<ObjectKey, LiveObject>;

/** What one run knows of the cluster: what is watched, and what it has looked at beside. */
export type LiveLookup = Pick<LiveObjects, 'get' | 'has'>;

/** What is to be done to one cell, decided before anything is touched. */
import type { Pointer } from '../json/pointer.ts';
import type { DesiredObject } from './cell.ts';
import type { Digest, ObjectKey } from './id.ts';
import type { LiveObject } from './live.ts';
import type { KubeObject } from './object.ts';
import type { OwnedObject } from './record.ts';

/** An object as it is sent: the desired one with our labels, without the fields that are left to others. */
export type Manifest = {
  readonly desired: DesiredObject;
  readonly body: KubeObject;
  /** Sealed; what the inventory remembers of it. */
  readonly digest: Digest;
};

/** Why an object is applied again. */
export type UpdateCause =
  /** Git says something else than before. */
  | 'changed'
  /** Somebody changed a value that we own. */
  | 'drifted'
  /** It belonged to another cell of ours. */
  | 'moved';

export type Action =
  | {
      readonly kind: 'create';
      readonly key: ObjectKey;
      readonly manifest: Manifest;
      readonly owned: OwnedObject | undefined;
    }
  | {
      readonly kind: 'update';
      readonly key: ObjectKey;
      readonly cause: UpdateCause;
      readonly manifest: Manifest;
      readonly live: LiveObject;
      /** Fields that we own now and leave to others from here on: their live value is handed over first. */
      readonly handOver: readonly Pointer[];
    }
  | {
      readonly kind: 'delete';
      readonly key: ObjectKey;
      readonly owned: OwnedObject | undefined;
      readonly live: LiveObject | undefined;
    }
  /** Stays on the cluster and is no longer ours. */
  | {
      readonly kind: 'release';
      readonly key: ObjectKey;
      readonly owned: OwnedObject | undefined;
      readonly live: LiveObject | undefined;
    }
  /** Leaves the inventory without a request: another cell of the cluster takes it over. */
  | { readonly kind: 'forget'; readonly key: ObjectKey }
  | {
      readonly kind: 'keep';
      readonly key: ObjectKey;
      readonly reason: KeepReason;
      readonly owned: OwnedObject | undefined;
    }
  /** Ours by the record, gone from the watch, and not to be deleted now: is it there at all? */
  | { readonly kind: 'look'; readonly key: ObjectKey; readonly owned: OwnedObject }
  /** Must happen, and cannot yet. */
  | { readonly kind: 'wait'; readonly key: ObjectKey; readonly reason: string }
  | { readonly kind: 'refuse'; readonly key: ObjectKey; readonly reason: string };

export type KeepReason = 'inSync' | 'readOnly' | 'contested' | 'notPruning' | 'beingDeleted';

/** About what is no longer wanted: its turn comes when all that is wanted is there. */
export const isAboutUnwanted = ({ kind }: Action): boolean =>
  kind === 'delete' || kind === 'release' || kind === 'look';

/** Does carrying it out send anything to the cluster? */
export const isWrite = ({ kind }: Action): boolean =>
  kind === 'create' || kind === 'update' || kind === 'delete' || kind === 'release';

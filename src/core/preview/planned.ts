/** What would happen to the fleet, as plans tell it: to terminals, to programs, and on pull requests. */
import type { Json } from '../json/value.ts';
import type { VanishReason } from '../model/cell.ts';
import type { AppId, CellId, ClusterId, RepositoryId } from '../model/id.ts';

export type Verb = 'create' | 'update' | 'delete' | 'release' | 'keep' | 'refuse';

export type PlannedObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

export type FieldChange = {
  /** `.spec.template.spec.containers[name="web"].image` */
  readonly path: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
};

export type FieldValue =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: Json }
  /** There, and nobody's business. Whether two of them are equal is all that is ever told. */
  | { readonly kind: 'hidden' };

export type PlannedAction = {
  readonly verb: Verb;
  readonly object: PlannedObject;
  readonly reason: string | undefined;
  /** The API server has tried it, and says that it would do it. */
  readonly isVerified: boolean;
  readonly changes: readonly FieldChange[];
  /** Of what would be written, so that equal plans write equal things; empty where it could give a Secret away. */
  readonly seal: string;
};

export type PlannedCell = {
  readonly cell: CellId;
  readonly app: AppId;
  readonly cluster: ClusterId;
  readonly stage: string;
  /** Why none of it happens yet: its stage, a suspension, a cluster that does not answer. */
  readonly wait: string | undefined;
  /** It is to be emptied. */
  readonly isRemoval: boolean;
  /** Without those that are in sync. Empty: nothing would change. */
  readonly actions: readonly PlannedAction[];
};

/** An App that leaves clusters and comes to others. */
export type Move = {
  readonly app: AppId;
  readonly from: readonly { readonly cluster: ClusterId; readonly reason: VanishReason }[];
  readonly to: readonly ClusterId[];
};

/** Deletions that wait for a person, by repository. */
export type HeldDeletes = {
  readonly repository: RepositoryId;
  /** What an Acknowledgement has to name. */
  readonly deletes: string;
  readonly cells: readonly { readonly cell: CellId; readonly objects: number; readonly reason: string }[];
};

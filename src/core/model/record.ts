/** What was done to one cell, as the record in its cluster says it. The only state Landfall has besides Git. */
import type { AppId, CellId, ClusterId, CommitSha, Digest, InstallationId, ObjectKey, RepositoryId } from './id.ts';

/** One object that we own on the cluster. */
export type OwnedObject = {
  readonly key: ObjectKey;
  /** Group and version it was last applied at. */
  readonly apiVersion: string;
  readonly uid: string;
  /** Of what we last applied. */
  readonly digest: Digest;
  /** Of our entry in its managedFields just after; see `core/diff/fingerprint.ts`. */
  readonly fingerprint: string;
};

export type Inventory = ReadonlyMap<ObjectKey, OwnedObject>;

export type CellRecord = {
  readonly cell: CellId;
  readonly app: AppId;
  readonly cluster: ClusterId;
  readonly installation: InstallationId;
  readonly repository: RepositoryId;
  readonly placement: string;
  readonly stage: string;
  /** Of the manifest that declared the intent: a bad file there stops its deletion. */
  readonly source: string;
  /** How the placement came to this cluster: a changed label must not delete, a changed list may. */
  readonly chosenBy: 'names' | 'selector';
  readonly onDelete: 'Delete' | 'Orphan';
  /** The commit that last changed the digest, and the revision of the App that it ran there. */
  readonly commit: CommitSha;
  readonly revision: CommitSha;
  /** Of all objects that the cell should hold; what is being applied when `inventory` is ahead of it. */
  readonly digest: Digest;
  /** Of the intent it was rendered from. */
  readonly intent: Digest;
  readonly appliedAtMs: number;
  /** Since when it is healthy at this digest; undefined while it is not. */
  readonly healthySinceMs: number | undefined;
  /** What was healthy here for its stage's soak: a return to it needs no new evidence. Newest first. */
  readonly good: readonly Good[];
  /** Deletions that a person has agreed to, on the way to one digest of this cell. */
  readonly acknowledged: Acknowledged | undefined;
  /** Replicas that division gave this cell, by target object. */
  readonly replicas: ReadonlyMap<ObjectKey, number>;
  readonly inventory: Inventory;
};

export type Good = { readonly digest: Digest; readonly intent: Digest };

/** `deletes` is the digest that `plan` printed; `aim` the cell's digest, or undefined when it was to go whole. */
export type Acknowledged = { readonly deletes: string; readonly aim: Digest | undefined };

/** How many good digests a record remembers. */
export const goodMax = 10;

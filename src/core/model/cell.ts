/** The unit of work: one intent on one cluster, and what that cluster should hold of it. */

import type { Pointer } from '../json/pointer.ts';
import type { Json } from '../json/value.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { AppId, CellId, ClusterId, CommitSha, Digest, ObjectKey, RepositoryId } from './id.ts';
import type { KubeObject } from './object.ts';
import type { CellRecord } from './record.ts';
import type { Origin } from './source.ts';

/** One object as one cluster should hold it, without our ownership labels. */
export type DesiredObject = {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  /** Fields that the App leaves to others; not in `object`. An apply that drops one we own hands it over first. */
  readonly released: readonly Pointer[];
  /** What an object that is not there yet is made with, of the fields released. */
  readonly initial: readonly InitialValue[];
  readonly origin: Origin;
  /** Plain: never leaves the process unsealed, since a Secret's content could be guessed from it. */
  readonly digest: Digest;
  readonly part: string;
  /** Place in the order of kinds: namespaces first, webhooks last; see `order.ts`. */
  readonly rank: number;
  /** It is looked at, and nothing more; see `readOnlyAnnotation`. */
  readonly isReadOnly?: true;
  /** None of its values is shown to anybody. */
  readonly isSecret?: true;
};

/** Objects that the cell is to own. */
export const writtenOf = ({ objects }: Rendering): readonly DesiredObject[] =>
  objects.filter(({ isReadOnly }) => isReadOnly !== true);

export type InitialValue = { readonly path: Pointer; readonly value: Json };

/** Objects up to this rank wait for nothing: namespaces, and definitions, which must be established before what they define. */
export const definitionRank = 1;

/** All that a cell should hold. Shared by cells that should hold the same. */
export type Rendering = {
  /** In order of rank, then as written. */
  readonly objects: readonly DesiredObject[];
  /** For each part the parts that must be healthy first; parts that need none are left out. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Why some of the objects are not known: sources of copies that cannot be read, or are gone. Then nothing is pruned. */
  readonly missing: readonly string[];
  /** Parts of the App that have no cluster to be on, as a person would say it. Then nothing is pruned either. */
  readonly unplaced: readonly string[];
  /** Namespaces to make when they are not there; never owned, never deleted. */
  readonly namespaces: readonly string[];
  /** Of all keys and digests of `objects`. */
  readonly digest: Digest;
  /** Replicas that division gave, by target object. */
  readonly replicas: ReadonlyMap<ObjectKey, number>;
};

/** Why nothing is pruned, whatever is no longer among the objects; undefined when what is there is all there is to know. */
export const whyKept = (rendering: Rendering | undefined): string | undefined =>
  rendering?.missing[0] ?? rendering?.unplaced[0];

export type Cell = {
  readonly id: CellId;
  readonly app: AppId;
  readonly cluster: ClusterId;
  readonly repository: RepositoryId;
  readonly placement: string;
  readonly stage: string;
  readonly chosenBy: 'names' | 'selector';
  readonly onDelete: 'Delete' | 'Orphan';
  /** Path of the manifest that declares the intent. */
  readonly source: string;
  /** The head it was compiled from, and the revision of the App it should run. */
  readonly commit: CommitSha;
  readonly revision: CommitSha;
  readonly isSuspended: boolean;
  /** Tools whose objects it may take over. */
  readonly adopt: readonly string[];
  /** Cells that it was before; what their records own becomes this one's. */
  readonly movedFrom: readonly CellId[];
  readonly aim: Aim;
};

/** What is wanted of a cell. */
export type Aim =
  | {
      readonly kind: 'hold';
      readonly intent: Digest;
      readonly rendering: Rendering;
      readonly warnings: readonly Diagnostic[];
    }
  /** It cannot be said what is wanted: what runs is kept, nothing is changed. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly diagnostics: readonly Diagnostic[] }
  /** A pinned stage without a pin runs nothing yet. */
  | { readonly kind: 'nothingYet'; readonly reason: string };

/** Why a cell that has a record is no longer wanted. */
export type VanishReason =
  /** Its manifest is gone. */
  | 'appRemoved'
  | 'placementRemoved'
  /** The placement no longer names the App, or the cluster. */
  | 'unlisted'
  /** A selector or a label changed: too easily by mistake, so it waits for a person. */
  | 'unselected'
  /** The spread chose another cluster. */
  | 'respread'
  /** The cluster is being emptied. */
  | 'drained';

/** A cell that has a record and no intent. */
export type Vanished = { readonly record: CellRecord; readonly reason: VanishReason };

/** Which deletions wait for a person. */
import { longDigestOfText } from '../json/digest.ts';
import { type CellId, type Digest, type GroupKind, groupKindOf, type RepositoryId } from '../model/id.ts';
import type { Acknowledgement } from '../model/placement.ts';
import type { Acknowledged } from '../model/record.ts';
import type { PendingDelete } from './deletes.ts';

export type GuardInput = {
  readonly pending: readonly PendingDelete[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** Cells with a record, by repository. */
  readonly cellCounts: ReadonlyMap<RepositoryId, number>;
  /** Cells that went by the same state of Git already, without anybody having been asked. */
  readonly goneCounts: ReadonlyMap<RepositoryId, number>;
  /** Repositories that declare no App at their head. */
  readonly withoutApps: ReadonlySet<RepositoryId>;
  /** Objects in all inventories. */
  readonly ownedObjects: number;
  /** What each cell is on its way to; undefined when it is to go. */
  readonly aimOf: (cell: CellId) => Digest | undefined;
  /** What its record says of an earlier yes. */
  readonly acknowledgedOf: (cell: CellId) => Acknowledged | undefined;
};

export type Verdict = {
  /** Deletions that wait, and what would release them. */
  readonly waiting: ReadonlyMap<CellId, { readonly reason: string; readonly deletes: string }>;
  /** Deletions that a person has agreed to just now: to be written into the record before the first of them. */
  readonly acknowledged: ReadonlyMap<CellId, Acknowledged>;
  /** By repository: what an Acknowledgement has to name. */
  readonly deletes: ReadonlyMap<RepositoryId, string>;
};

/** Kinds whose deletion takes others' data along. */
const precious: ReadonlySet<string> = new Set<string>([
  '/Namespace',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/**
 * Judges all deletions that one state of Git asks for.
 *
 * Shape: counted over all cells of a repository, never per cell or round, what has gone by the same state included. Limits: one cell or 20 % of the repository's,
 *   five objects or 5 % of the fleet's, whichever is more. The digest covers what waits, so it does not change while
 *   other deletions go on; a yes stays with the cell's record until the cell has arrived.
 */
export function guardDeletes(input: GuardInput): Verdict {
  const waiting = new Map<CellId, { reason: string; deletes: string }>();
  const acknowledged = new Map<CellId, Acknowledged>();
  const deletes = new Map<RepositoryId, string>();
  const objects = input.pending.reduce((sum, { keys }) => sum + keys.length, 0);
  for (const [repository, pending] of Map.groupBy(input.pending, (each) => each.repository)) {
    const reasons = new Map(pending.flatMap((each) => waitReason(each, { repository, pending, objects }, input)));
    const held = pending.filter((each) => reasons.has(each.cell));
    const digest = digestOfDeletes(held.filter(({ cell }) => !isReleased(cell, repository, input)));
    const isAgreed = isAcknowledged(digest, repository, input);
    for (const { cell } of held) {
      if (isReleased(cell, repository, input)) continue;
      if (isAgreed) acknowledged.set(cell, { deletes: digest, aim: input.aimOf(cell) });
      else waiting.set(cell, { reason: reasons.get(cell) ?? '', deletes: digest });
    }
    if (!isAgreed && waiting.size > 0) deletes.set(repository, digest);
  }
  return { waiting, acknowledged, deletes };
}

type Whole = {
  readonly repository: RepositoryId;
  readonly pending: readonly PendingDelete[];
  readonly objects: number;
};

function waitReason(each: PendingDelete, whole: Whole, input: GuardInput): readonly (readonly [CellId, string])[] {
  const removed = whole.pending.filter(({ cause }) => cause !== 'dropped');
  // Clusters that come back one by one must not each be the first.
  const gone = input.goneCounts.get(whole.repository) ?? 0;
  const cells = (input.cellCounts.get(whole.repository) ?? 0) + gone;
  const going = removed.length + gone;
  const cellsMax = Math.max(1, Math.floor(cells * 0.2));
  const objectsMax = Math.max(5, Math.floor(input.ownedObjects * 0.05));
  const kinds = new Set(each.keys.map(groupKindOf).filter((kind) => precious.has(kind)));
  const reason = (): string | undefined => {
    if (each.cause === 'unselected') return 'the cluster is no longer selected: a changed selector or label';
    if (each.cause !== 'dropped' && input.withoutApps.has(whole.repository))
      return `repository ${whole.repository} declares no App any more`;
    if (each.cause !== 'dropped' && going > cellsMax)
      return `${going} of ${cells} cells would go${gone === 0 ? '' : `, ${gone} of which ${gone === 1 ? 'has' : 'have'}`}, more than ${cellsMax}`;
    if (whole.objects > objectsMax && each.keys.length > 0)
      return `${whole.objects} of ${input.ownedObjects} objects would be deleted, more than ${objectsMax}`;
    if (kinds.size > 0) return `${[...kinds].map(nameOf).join(', ')} would be deleted`;
    return undefined;
  };
  const found = reason();
  return found === undefined ? [] : [[each.cell, found]];
}

const nameOf = (kind: GroupKind): string => kind.slice(kind.indexOf('/') + 1);

/** An earlier yes holds for this cell, while it is still in Git and the cell is on the way to the same digest. */
function isReleased(cell: CellId, repository: RepositoryId, input: GuardInput): boolean {
  const earlier = input.acknowledgedOf(cell);
  if (earlier === undefined || earlier.aim !== input.aimOf(cell)) return false;
  return isAcknowledged(earlier.deletes, repository, input);
}

function isAcknowledged(digest: string, repository: RepositoryId, { acknowledgements }: GuardInput): boolean {
  return acknowledgements.some((each) => each.repository === repository && each.deletes === digest);
}

/** Equal for equal sets of objects on equal cells, in any order. */
function digestOfDeletes(pending: readonly PendingDelete[]): string {
  const lines = pending.flatMap(({ cell, keys }) => [cell, ...keys.map((key) => `${cell} ${key}`)]);
  return longDigestOfText(lines.toSorted().join('\n'));
}

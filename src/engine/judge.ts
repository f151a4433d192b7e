/** Which deletions wait for a person, over the whole fleet. */
import { appsOf, type Compiled } from '../core/compile/compile.ts';
import { type PendingDelete, pendingDeletes } from '../core/guard/deletes.ts';
import { guardDeletes, type Verdict } from '../core/guard/guard.ts';
import type { WantedObjects } from '../core/guard/wanted.ts';
import type { CellId, RepositoryId } from '../core/model/id.ts';
import type { Acknowledged, CellRecord } from '../core/model/record.ts';
import type { JudgedMembers } from './members.ts';
import { aimDigest } from './steer.ts';

export type Judgement = Verdict & { readonly pending: readonly PendingDelete[] };

/** What is known of deletions since the start; records hold what was said before. */
export type Past = {
  /** What a person has said yes to. */
  readonly agreed: ReadonlyMap<CellId, Acknowledged>;
  readonly goneCounts: ReadonlyMap<RepositoryId, number>;
};

/** For whoever only looks. */
export const noPast: Past = { agreed: new Map(), goneCounts: new Map() };

export function judge(
  compiled: Compiled,
  records: ReadonlyMap<CellId, CellRecord>,
  members: JudgedMembers,
  wanted: WantedObjects,
  { agreed, goneCounts }: Past,
): Judgement {
  const pending = pendingDeletes(compiled.cells, compiled.vanished, records, wanted);
  const repositories = new Set([...records.values()].map(({ repository }) => repository));
  const counts = [...Map.groupBy(records.values(), ({ repository }) => repository)].map(
    ([id, group]): [RepositoryId, number] => [id, group.length],
  );
  const verdict = guardDeletes({
    pending,
    acknowledgements: compiled.gathered.acknowledgements,
    cellCounts: new Map(counts),
    goneCounts,
    withoutApps: new Set([...repositories].filter((id) => appsOf(compiled, id).length === 0)),
    ownedObjects: [...records.values()].reduce((sum, { inventory }) => sum + inventory.size, 0),
    aimOf: (id) => {
      const cell = compiled.cells.get(id);
      return cell === undefined ? undefined : aimDigest(cell, members);
    },
    acknowledgedOf: (id) => agreed.get(id) ?? records.get(id)?.acknowledged,
  });
  return { ...verdict, pending };
}

/** As a cell's status says it. */
export const describeWait = ({ reason, deletes }: { readonly reason: string; readonly deletes: string }): string =>
  `${reason}; an Acknowledgement of ${deletes} releases it`;

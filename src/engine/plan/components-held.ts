/** Which components of an App a cluster has by now, and how many replicas of each. */
import type { Cell } from '../../core/model/cell.ts';
import { writtenOf } from '../../core/model/cell.ts';
import type { CellRecord } from '../../core/model/record.ts';
import { countsOf } from '../../core/plan/make-first.ts';

export type HeldComponent = {
  readonly name: string;
  /** Of all its workloads that say how many; undefined when none does. */
  readonly replicas: number | undefined;
};

/**
 * Shape: in the order written, those of which every object has been applied; a count that is to go down has not, until all
 *   is applied. None while it is not known what the cell should hold.
 */
export function componentsHeld({ aim }: Cell, record: CellRecord | undefined): readonly HeldComponent[] {
  if (aim.kind !== 'hold' || record === undefined) return [];
  const counts = countsOf(aim.rendering);
  const parts = Map.groupBy(writtenOf(aim.rendering), ({ part }) => part);
  return [...parts].flatMap(([name, objects]): readonly HeldComponent[] => {
    if (!objects.every(({ key }) => record.inventory.has(key))) return [];
    const counted = objects.filter(({ key }) => counts.has(key));
    const sum = counted.reduce((total, { key }) => total + (record.replicas.get(key) ?? counts.get(key) ?? 0), 0);
    return [{ name, replicas: counted.length === 0 ? undefined : sum }];
  });
}

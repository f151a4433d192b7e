/** Whom news of a cell concerns beside its own App: those that wait for it. */
import type { Gathered } from '../core/compile/gather.ts';
import type { Cell } from '../core/model/cell.ts';
import { type AppId, type CellId, cellId, partsOfCell } from '../core/model/id.ts';
import type { Intent } from '../core/model/intent.ts';

type Place = Pick<Cell, 'app' | 'cluster'>;

export type Waiters = (cell: Place) => readonly AppId[];

export type WaitersInput = {
  readonly cells: ReadonlyMap<CellId, Place>;
  readonly intents: ReadonlyMap<CellId, Pick<Intent, 'dependsOn'>>;
  readonly gathered: Pick<Gathered, 'fleet' | 'placements'>;
};

/**
 * Shape: Apps that depend on the cell's App, and, where it is an add-on of a joining cluster, all that come after add-ons
 *   there. Cost: one pass over the cells, then a look-up each.
 */
export function waitersIn({ intents, cells, gathered }: WaitersInput): Waiters {
  const dependents = new Map<AppId, Set<AppId>>();
  const afterAddOns = new Map<CellId, readonly AppId[]>();
  for (const [id, { dependsOn }] of intents) {
    const dependent = partsOfCell(id).app;
    for (const { app } of dependsOn) dependents.set(app, (dependents.get(app) ?? new Set()).add(dependent));
  }
  const addOns = new Set(gathered.placements.filter(({ isAddOn }) => isAddOn).flatMap(({ apps }) => apps));
  const isJoining = ({ cluster }: Place): boolean => gathered.fleet.get(cluster)?.lifecycle === 'Joining';
  const joining = addOns.size === 0 ? [] : [...cells.values()].filter(isJoining);
  for (const [cluster, there] of Map.groupBy(joining, (cell) => cell.cluster)) {
    const others = there.map(({ app }) => app).filter((app) => !addOns.has(app));
    for (const { app } of there) if (addOns.has(app)) afterAddOns.set(cellId(app, cluster), others);
  }
  return ({ app, cluster }) => [...(dependents.get(app) ?? []), ...(afterAddOns.get(cellId(app, cluster)) ?? [])];
}

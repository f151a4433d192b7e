/** What a cell's record says that the cell owns, before and after a run. */
import { digest, type ObjectKey } from '../core/model/id.ts';
import type { Action } from '../core/model/plan.ts';
import type { CellRecord, Inventory, OwnedObject } from '../core/model/record.ts';
import type { ActionResult } from './execute/context.ts';

/** A cell's own inventory with those of the cells that it was before; its own word counts first. */
export function joinInventories(own: Inventory, former: readonly CellRecord[]): Inventory {
  if (former.length === 0) return own;
  return new Map([...former.flatMap((record) => [...record.inventory]), ...own]);
}

/** Will the cell own, or has it been found to own, anything that its record does not name? */
export function outgrows(actions: readonly Action[], record: CellRecord | undefined): boolean {
  if (record === undefined) return true;
  return actions.some((action) => (action.kind === 'create' || isRemoval(action)) && !record.inventory.has(action.key));
}

const isRemoval = ({ kind }: Action): boolean => kind === 'delete' || kind === 'release';

/** Everything that is owned or may be by the time the run is killed. */
export function inventoryAhead(before: Inventory, actions: readonly Action[]): Inventory {
  const ahead = new Map(before);
  for (const action of actions) {
    if (ahead.has(action.key)) continue;
    if (action.kind === 'create') ahead.set(action.key, unconfirmed(action.key, action.manifest.body.apiVersion, ''));
    if (action.kind === 'delete' || action.kind === 'release')
      ahead.set(action.key, unconfirmed(action.key, '', action.live?.uid ?? ''));
  }
  return ahead;
}

/** What is owned now, as far as the results tell. What was to be made stays named, made or not: it will be tried again. */
export function inventoryAfter(
  before: Inventory,
  actions: readonly Action[],
  results: readonly ActionResult[],
): Inventory {
  const created = new Map(
    actions.flatMap((action) =>
      action.kind === 'create' ? [[action.key, action.manifest.body.apiVersion] as const] : [],
    ),
  );
  const after = new Map(before);
  for (const result of results) {
    const owned = 'owned' in result ? result.owned : undefined;
    if (owned !== undefined) after.set(result.key, owned);
    else if (result.kind !== 'gone' && created.has(result.key))
      after.set(result.key, unconfirmed(result.key, created.get(result.key) ?? '', ''));
    else after.delete(result.key);
  }
  return after;
}

/** Named, with nothing known of it: no digest is equal to this one. */
function unconfirmed(key: ObjectKey, apiVersion: string, uid: string): OwnedObject {
  return { key, apiVersion, uid, digest: digest(''), fingerprint: '' };
}

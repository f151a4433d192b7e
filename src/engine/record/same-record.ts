/** When two records, or two inventories, say the same. */
import type { CellRecord, Good, Inventory } from '../../core/model/record.ts';

/** Is there anything to write? */
export function isSameRecord(a: CellRecord | undefined, b: CellRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const { inventory: inventoryA, replicas: replicasA, good: goodA, acknowledged: acknowledgedA, ...restA } = a;
  const { inventory: inventoryB, replicas: replicasB, good: goodB, acknowledged: acknowledgedB, ...restB } = b;
  const parts = (
    record: typeof restA,
    good: readonly Good[],
    replicas: CellRecord['replicas'],
    acknowledged: CellRecord['acknowledged'],
  ): string => JSON.stringify([Object.entries(record).toSorted(), good, [...replicas].toSorted(), acknowledged]);
  return (
    parts(restA, goodA, replicasA, acknowledgedA) === parts(restB, goodB, replicasB, acknowledgedB) &&
    sameInventory(inventoryA, inventoryB)
  );
}

export function sameInventory(a: Inventory, b: Inventory): boolean {
  if (a.size !== b.size) return false;
  for (const [key, owned] of a) {
    const other = b.get(key);
    if (other === undefined) return false;
    if (
      other.uid !== owned.uid ||
      other.digest !== owned.digest ||
      other.fingerprint !== owned.fingerprint ||
      other.apiVersion !== owned.apiVersion
    )
      return false;
  }
  return true;
}

/** Which cells of a cluster want an object; asked only when one cell drops or meets what may be another's. */
import { type Cell, writtenOf } from '../model/cell.ts';
import { type CellId, type ClusterId, type ObjectKey, partsOfCell } from '../model/id.ts';

export class WantedObjects {
  readonly #cells: ReadonlyMap<CellId, Cell>;
  readonly #byCluster = new Map<ClusterId, ReadonlyMap<ObjectKey, CellId>>();

  constructor(cells: ReadonlyMap<CellId, Cell>) {
    this.#cells = cells;
  }

  isWantedElsewhere(key: ObjectKey, cell: CellId): boolean {
    const owner = this.#ownersOn(partsOfCell(cell).cluster).get(key);
    return owner !== undefined && owner !== cell;
  }

  #ownersOn(cluster: ClusterId): ReadonlyMap<ObjectKey, CellId> {
    const known = this.#byCluster.get(cluster);
    if (known !== undefined) return known;
    const owners = new Map<ObjectKey, CellId>();
    for (const cell of this.#cells.values()) {
      if (cell.cluster !== cluster || cell.aim.kind !== 'hold') continue;
      for (const { key } of writtenOf(cell.aim.rendering)) owners.set(key, cell.id);
    }
    this.#byCluster.set(cluster, owners);
    return owners;
  }
}

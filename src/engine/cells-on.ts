/** All cells of one cluster, those that are to go among them. */
import type { Compiled } from '../core/compile/compile.ts';
import type { Cell } from '../core/model/cell.ts';
import type { ClusterId } from '../core/model/id.ts';

type CellName = Pick<Cell, 'app' | 'cluster' | 'id'>;

export function cellsOn(cluster: ClusterId, compiled: Compiled | undefined): readonly CellName[] {
  if (compiled === undefined) return [];
  const gone = compiled.vanished.map(({ record }): CellName => ({ ...record, id: record.cell }));
  return [...compiled.cells.values(), ...gone].filter((cell) => cell.cluster === cluster);
}

/** Two intents that render the same object on one cluster: both are refused, and both are named. */
import { type Cell, type DesiredObject, type Rendering, writtenOf } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { CellId, ObjectKey } from '../model/id.ts';
import type { CompiledCell } from './cells.ts';

/** Shape: for each cell that meets another, why. Cost: linear in objects; clusters that hold the same are looked at once. */
export function collisionsOf(cells: readonly CompiledCell[]): ReadonlyMap<CellId, readonly Diagnostic[]> {
  const found = new Map<CellId, Diagnostic[]>();
  const numbers = new Map<Rendering, number>();
  const seen = new Map<string, readonly Pair[]>();
  for (const group of Map.groupBy(cells.filter(isHolding), ({ cell }) => cell.cluster).values()) {
    const renderings = group.flatMap(({ cell }) => (cell.aim.kind === 'hold' ? [cell.aim.rendering] : []));
    const signature = renderings.map((rendering) => numberOf(rendering, numbers)).join(',');
    const pairs = seen.get(signature) ?? pairsOf(renderings);
    seen.set(signature, pairs);
    for (const { first, second, objects } of pairs) {
      const [a, b] = [group[first]?.cell, group[second]?.cell];
      if (a === undefined || b === undefined) continue;
      report(a, b, objects[0], objects[1], found);
      report(b, a, objects[1], objects[0], found);
    }
  }
  return found;
}

/** Two renderings, by their place in the list, and the object that both have. */
type Pair = {
  readonly first: number;
  readonly second: number;
  readonly objects: readonly [DesiredObject, DesiredObject];
};

const isHolding = ({ cell }: CompiledCell): boolean => cell.aim.kind === 'hold';

function numberOf(rendering: Rendering, numbers: Map<Rendering, number>): number {
  const number = numbers.get(rendering) ?? numbers.size;
  numbers.set(rendering, number);
  return number;
}

function pairsOf(renderings: readonly Rendering[]): readonly Pair[] {
  const holders = new Map<ObjectKey, { readonly index: number; readonly object: DesiredObject }>();
  const pairs: Pair[] = [];
  for (const [index, rendering] of renderings.entries()) {
    for (const object of writtenOf(rendering)) {
      const holder = holders.get(object.key);
      if (holder === undefined) holders.set(object.key, { index, object });
      else if (holder.index !== index)
        pairs.push({ first: holder.index, second: index, objects: [holder.object, object] });
    }
  }
  return pairs;
}

function report(
  cell: Cell,
  other: Cell,
  own: DesiredObject,
  theirs: DesiredObject,
  found: Map<CellId, Diagnostic[]>,
): void {
  const { kind, metadata } = own.object;
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const where = `${theirs.origin.path}:${theirs.origin.line}`;
  const message = `${kind} ${name} is also wanted by App ${other.app} (${where})`;
  const list = found.get(cell.id) ?? [];
  list.push({
    code: 'A1501',
    severity: 'error',
    origin: own.origin,
    message,
    hint: 'one object belongs to one App; rename one or remove one',
  });
  found.set(cell.id, list);
}

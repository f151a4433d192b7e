/** Equal things told once: clusters on which an App would fare the same. */
import type { AppId, ClusterId } from '../model/id.ts';

export type Fold<Cell> = {
  readonly app: AppId;
  /** In the order in which they came. */
  readonly clusters: readonly ClusterId[];
  /** One of those that are alike. */
  readonly first: Cell;
  /** What all of them are told by. */
  readonly body: readonly string[];
};

type Foldable = { readonly app: AppId; readonly cluster: ClusterId; readonly isRemoval: boolean };

/** Shape: in the order of the first of each; cells are alike when they are of one App and are told by the same lines. */
export function foldCells<Cell extends Foldable>(
  cells: readonly Cell[],
  bodyOf: (cell: Cell) => readonly string[],
): readonly Fold<Cell>[] {
  const told = cells.map((cell) => ({ cell, body: bodyOf(cell) }));
  const groups = Map.groupBy(told, ({ cell, body }) => [cell.app, cell.isRemoval, ...body].join('\n'));
  return [...groups.values()].flatMap((group): readonly Fold<Cell>[] => {
    const [first] = group;
    if (first === undefined) return [];
    const clusters = group.map(({ cell }) => cell.cluster);
    return [{ app: first.cell.app, clusters, first: first.cell, body: first.body }];
  });
}

const namesMax = 12;

/** The first of them, and how many more there are. */
export function namesOf(names: readonly string[], max = namesMax): string {
  if (names.length <= max) return names.join(', ');
  return `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
}

/** Apps by clusters, small enough to be looked at: equal clusters are one column, whatever the size of the fleet. */
import { type LabelSelector, selects } from '../../core/model/selector.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isWell } from './cell-answer.ts';
import type { ClusterAnswer } from './cluster-answer.ts';

export type MatrixQuery = {
  /** Part of the name of an App or of a cluster; empty: all. */
  readonly text: string;
  /** Of clusters. */
  readonly labels: LabelSelector;
  /** Only rows and columns in which something is not well. */
  readonly isTroubleOnly: boolean;
  /** One column for each value of this label, instead of one for each cluster. */
  readonly groupBy: string | undefined;
};

/** Of equal clusters, the state that all of them are in; of a group, the worst one. */
export type Mark = {
  readonly state: CellStatus['state'];
  readonly health: CellStatus['health'];
  readonly cells: number;
  readonly well: number;
};

export type Column = {
  /** Of a group: the value of its label; empty for clusters without it. */
  readonly value?: string;
  readonly clusters: readonly string[];
  /** Cells in it that are not well. */
  readonly trouble: number;
};

export type Row = {
  readonly app: string;
  readonly cells: number;
  readonly well: number;
  /** One for each column; null where the App is not on it. */
  readonly marks: readonly (Mark | null)[];
};

export type MatrixAnswer = {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What the rows and columns left out, since there were too many: the worst are shown. */
  readonly hidden: { readonly rows: number; readonly columns: number; readonly clusters: number };
  /** Of the whole fleet, whatever was asked for. */
  readonly fleet: { readonly apps: number; readonly clusters: number; readonly cells: number; readonly well: number };
  /** Cells shown, by state; those that are synced and not well are `Unhealthy`. */
  readonly counts: Readonly<Record<string, number>>;
};

/** A screen holds no more, and nobody reads more. */
export const matrixLimits = { columnsMax: 48, rowsMax: 200, unfoldedMax: 24 } as const;

type Place = { readonly cluster: ClusterAnswer; readonly cells: (CellStatus | undefined)[] };

/** Shape: rows in order of App; columns as clusters come, the worst only when there are too many. Cost: linear in cells. */
export function matrixOf(
  cells: Iterable<CellStatus>,
  clusters: readonly ClusterAnswer[],
  query: MatrixQuery,
): MatrixAnswer {
  const all = [...cells];
  const apps = [...new Set(all.map(({ app }) => app as string))].toSorted();
  const text = query.text.trim().toLowerCase();
  const has = (name: string): boolean => name.toLowerCase().includes(text);
  // What is typed names Apps, clusters, or both: whatever it names nothing of is left whole.
  const [namedApps, namedClusters] = [apps.filter(has), clusters.filter(({ name }) => has(name))];
  const isNone = namedApps.length === 0 && namedClusters.length === 0;
  const rowsAsked = namedApps.length > 0 || isNone ? namedApps : apps;
  const columnsAsked = namedClusters.length > 0 || isNone ? namedClusters : clusters;
  const index = new Map(rowsAsked.map((app, at) => [app, at]));
  const places = new Map<string, Place>(
    columnsAsked
      .filter(({ labels }) => selects(query.labels, labels))
      .map((cluster) => [cluster.name, { cluster, cells: new Array(rowsAsked.length) }]),
  );
  for (const cell of all) {
    const place = places.get(cell.cluster);
    const at = index.get(cell.app);
    if (place !== undefined && at !== undefined) place.cells[at] = cell;
  }
  const shown = query.isTroubleOnly ? [...places.values()].filter(hasTrouble) : [...places.values()];
  const groups = query.groupBy === undefined ? folded(shown) : grouped(shown, query.groupBy);
  const columns = worstOf(groups, matrixLimits.columnsMax, (group) => troubleIn(group.places));
  const rows = rowsOf(rowsAsked, shown, columns, query.isTroubleOnly);
  const kept = worstOf(rows, matrixLimits.rowsMax, ({ cells: count, well }) => count - well);
  const hiddenColumns = groups.filter((group) => !columns.includes(group));
  return {
    columns: columns.map((group) => ({
      ...(group.value === undefined ? {} : { value: group.value }),
      clusters: group.places.map(({ cluster }) => cluster.name),
      trouble: troubleIn(group.places),
    })),
    rows: kept,
    hidden: {
      rows: rows.length - kept.length,
      columns: hiddenColumns.length,
      clusters: hiddenColumns.reduce((sum, group) => sum + group.places.length, 0),
    },
    fleet: { apps: apps.length, clusters: clusters.length, cells: all.length, well: all.filter(isWell).length },
    counts: countsOf(shown),
  };
}

type Group = { readonly value: string | undefined; readonly places: readonly Place[] };

/** Clusters that look the same in every row are one column, unless all of them fit. */
function folded(places: readonly Place[]): readonly Group[] {
  if (places.length <= matrixLimits.unfoldedMax) return places.map((place) => ({ value: undefined, places: [place] }));
  const alike = Map.groupBy(places, ({ cells }) =>
    cells.length === 0 ? '' : Array.from(cells, (cell) => (cell ? `${cell.state} ${cell.health}` : '')).join('|'),
  );
  return [...alike.values()].map((group) => ({ value: undefined, places: group }));
}

function grouped(places: readonly Place[], label: string): readonly Group[] {
  const byValue = Map.groupBy(places, ({ cluster: { labels } }) =>
    Object.hasOwn(labels, label) ? (labels[label] ?? '') : '',
  );
  return [...byValue]
    .map(([value, group]) => ({ value, places: group }))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function rowsOf(
  apps: readonly string[],
  shown: readonly Place[],
  columns: readonly Group[],
  isTroubleOnly: boolean,
): readonly Row[] {
  const rows = apps.map((app, at): Row => {
    const here = shown.flatMap(({ cells }) => cells[at] ?? []);
    return {
      app,
      cells: here.length,
      well: here.filter(isWell).length,
      marks: columns.map(({ places }) => markOf(places.flatMap(({ cells }) => cells[at] ?? []))),
    };
  });
  return rows.filter(({ cells, well }) => cells > 0 && (!isTroubleOnly || well < cells));
}

function markOf(cells: readonly CellStatus[]): Mark | null {
  const [first] = cells;
  if (first === undefined) return null;
  const worst = cells.reduce((a, b) => (badness(b) > badness(a) ? b : a), first);
  return { state: worst.state, health: worst.health, cells: cells.length, well: cells.filter(isWell).length };
}

const states: readonly CellStatus['state'][] = [
  'Synced',
  'Progressing',
  'OutOfSync',
  'Unreachable',
  'Contested',
  'Blocked',
  'Failed',
];
const healths: readonly CellStatus['health'][] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Unknown',
  'Missing',
  'Degraded',
];
const badness = ({ state, health }: CellStatus): number => states.indexOf(state) * 10 + healths.indexOf(health);

const hasTrouble = ({ cells }: Place): boolean => cells.some((cell) => cell !== undefined && !isWell(cell));

const troubleIn = (places: readonly Place[]): number =>
  places.reduce((sum, { cells }) => sum + cells.filter((cell) => cell !== undefined && !isWell(cell)).length, 0);

/** In the order they came in, those with the most to look at when there are too many. */
function worstOf<T>(all: readonly T[], max: number, troubleOf: (item: T) => number): readonly T[] {
  if (all.length <= max) return all;
  const trouble = new Map(all.map((item) => [item, troubleOf(item)]));
  const worst = new Set(all.toSorted((a, b) => (trouble.get(b) ?? 0) - (trouble.get(a) ?? 0)).slice(0, max));
  return all.filter((item) => worst.has(item));
}

function countsOf(places: readonly Place[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { cells } of places)
    for (const cell of cells) {
      if (cell === undefined) continue;
      const word = cell.state === 'Synced' && !isWell(cell) ? 'Unhealthy' : cell.state;
      counts[word] = (counts[word] ?? 0) + 1;
    }
  return counts;
}

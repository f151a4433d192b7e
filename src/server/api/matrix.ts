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
  const apps = [...new Set(Array.from(all, ({ app }) => app as string))].toSorted();
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
  const alike = Map.groupBy(places, ({ cells }) => {
    let signature = '';
    // A character for each row: there may be a hundred thousand cells.
    for (let at = 0; at < cells.length; at += 1) {
      const cell = cells[at];
      signature += cell === undefined ? ' ' : String.fromCharCode(64 + badness(cell));
    }
    return signature;
  });
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
    const whole = markOf(shown, at);
    const marks = columns.map(({ places }) => markOf(places, at));
    return { app, cells: whole?.cells ?? 0, well: whole?.well ?? 0, marks };
  });
  return rows.filter(({ cells, well }) => cells > 0 && (!isTroubleOnly || well < cells));
}

/** The cells of one row in some clusters, as one. Shape: null when there is none. */
function markOf(places: readonly Place[], at: number): Mark | null {
  let worst: CellStatus | undefined;
  let [count, well] = [0, 0];
  for (const { cells } of places) {
    const cell = cells[at];
    if (cell === undefined) continue;
    count += 1;
    if (isWell(cell)) well += 1;
    if (worst === undefined || badness(cell) > badness(worst)) worst = cell;
  }
  return worst === undefined ? null : { state: worst.state, health: worst.health, cells: count, well };
}

const stateRanks: Readonly<Record<CellStatus['state'], number>> = {
  Synced: 0,
  Progressing: 10,
  OutOfSync: 20,
  Unreachable: 30,
  Contested: 40,
  Blocked: 50,
  Failed: 60,
};
const healthRanks: Readonly<Record<CellStatus['health'], number>> = {
  Healthy: 0,
  Suspended: 1,
  Progressing: 2,
  Unknown: 3,
  Missing: 4,
  Degraded: 5,
};
/** Another for each state and health; more is worse. */
const badness = ({ state, health }: CellStatus): number => stateRanks[state] + healthRanks[health];

const hasTrouble = ({ cells }: Place): boolean => cells.some((cell) => cell !== undefined && !isWell(cell));

function troubleIn(places: readonly Place[]): number {
  let trouble = 0;
  for (const { cells } of places) for (const cell of cells) if (cell !== undefined && !isWell(cell)) trouble += 1;
  return trouble;
}

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

/** The state of cells, as a table of Apps by clusters for people. */
import { cellLook, cellLooks, type Look, type Tone, unhealthyLook } from '../../core/model/look.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { isWell } from '../../server/api/cell-answer.ts';
import type { Terminal } from '../surroundings.ts';
import { type Paint, paintFor, type Style } from './paint.ts';
import { printTable } from './table.ts';
import { counted, oneLine, padded, widthOf } from './text.ts';

export type StyledLook = { readonly mark: string; readonly style: Style; readonly word: string };

const styles: Readonly<Record<Tone, Style>> = {
  good: 'green',
  busy: 'cyan',
  warn: 'yellow',
  bad: 'red',
  odd: 'magenta',
  mute: 'dim',
};

const styled = ({ mark, word, tone }: Look): StyledLook => ({ mark, word, style: styles[tone] });

export const lookOf = (status: CellStatus): StyledLook => styled(cellLook(status.state, isWell(status)));

/** Shape: Apps by clusters where that fits the terminal, else a count of each state for each App; then what is not well. */
export function printCells(
  cells: readonly CellStatus[],
  terminal: Terminal,
  rowsMax = Number.POSITIVE_INFINITY,
): string {
  if (cells.length === 0) return 'there are no cells: no App is placed on any cluster\n';
  const paint = paintFor(terminal);
  const apps = [...new Set(cells.map(({ app }) => app))].toSorted();
  const clusters = [...new Set(cells.map(({ cluster }) => cluster))].toSorted();
  const width = Math.max(...apps.map(widthOf)) + clusters.reduce((sum, cluster) => sum + widthOf(cluster) + 2, 2);
  const isMatrix = width <= (terminal.isTerminal ? terminal.columns() : 160);
  const shownApps = apps.slice(0, rowsMax);
  const rest = apps.length > shownApps.length ? `… and ${apps.length - shownApps.length} more Apps\n` : '';
  const table = isMatrix ? matrix(shownApps, clusters, cells, paint) : counts(shownApps, cells, paint);
  return `${table}${rest}${legend(cells, paint)}`;
}

function matrix(
  apps: readonly string[],
  clusters: readonly string[],
  cells: readonly CellStatus[],
  paint: Paint,
): string {
  const byPlace = new Map(cells.map((cell) => [`${cell.app}@${cell.cluster}`, cell]));
  const rows = apps.map((app) => [
    app,
    ...clusters.map((cluster) => {
      const cell = byPlace.get(`${app}@${cluster}`);
      return cell === undefined ? paint('dim', '·') : paint(lookOf(cell).style, lookOf(cell).mark);
    }),
    '',
  ]);
  return printTable(['APP', ...clusters, ''], rows, { paint });
}

function counts(apps: readonly string[], cells: readonly CellStatus[], paint: Paint): string {
  const byApp = Map.groupBy(cells, ({ app }): string => app);
  const rows = apps.map((app) => {
    const group = byApp.get(app) ?? [];
    return [
      app,
      String(group.length),
      String(group.filter(isWell).length),
      countedLooks(group.filter((cell) => !isWell(cell))),
    ];
  });
  return printTable(['APP', 'CELLS', 'WELL', 'OTHERS'], rows, { paint });
}

const countedLooks = (cells: readonly CellStatus[]): string =>
  [...Map.groupBy(cells, (cell) => lookOf(cell).word)].map(([word, group]) => `${group.length} ${word}`).join(', ');

/** Only marks that are there. */
function legend(cells: readonly CellStatus[], paint: Paint): string {
  const present = new Map(cells.map((cell) => [lookOf(cell).mark, lookOf(cell)]));
  const order = [...Object.values(cellLooks), unhealthyLook].map(styled);
  const parts = order
    .filter(({ mark }) => present.has(mark))
    .map(({ mark, style, word }) => {
      const count = cells.filter((cell) => lookOf(cell).mark === mark).length;
      return `${paint(style, mark)} ${count} ${word}`;
    });
  return `\n${parts.join('   ')}\n`;
}

/** What is not as it should be, and why. Shape: equal ones of one App are told once. */
export function printReasons(cells: readonly CellStatus[], terminal: Terminal, rowsMax = 50): string {
  const paint = paintFor(terminal);
  const groups = [
    ...Map.groupBy(
      cells.filter((cell) => !isWell(cell)),
      ({ app, state, health, message }) => `${app} ${state} ${health} ${message}`,
    ).values(),
  ];
  if (groups.length === 0) return '';
  const lines = groups.slice(0, rowsMax).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const where = group.length > 3 ? counted(group.length, 'cluster') : group.map(({ cluster }) => cluster).join(', ');
    const { style, mark } = lookOf(first);
    const health = first.health === 'Healthy' ? '' : ` ${paint('dim', first.health)}`;
    const head = `${paint(style, mark)} ${paint('bold', first.app)} on ${where}: ${first.state}${health}`;
    return [head, ...(first.message === undefined ? [] : [`${padded('', 4)}${oneLine(first.message)}`])];
  });
  const rest = groups.length > rowsMax ? [`… and ${groups.length - rowsMax} more`] : [];
  return `\n${[...lines, ...rest].join('\n')}\n`;
}

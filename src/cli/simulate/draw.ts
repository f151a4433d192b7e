/** A simulation as somebody at a terminal reads it: where everything ends up, what moved and in which order, what broke. */
import { durationParts } from '../../core/model/duration.ts';
import type { Violation } from '../../core/simulation/judge-policy.ts';
import type { CellNow, Moment, Move } from '../../core/simulation/moment.ts';
import { type Paint, paintFor } from '../output/paint.ts';
import { printTable } from '../output/table.ts';
import { counted, oneLine, padded, widthOf } from '../output/text.ts';
import type { Terminal } from '../surroundings.ts';
import type { Played, PlayedStep } from './play.ts';

export function drawPlayed(played: Played, terminal: Terminal): string {
  const paint = paintFor(terminal);
  return [
    drawMatrix(played, terminal, paint),
    ...played.steps.map((step, index) => drawStep(step, index, played, terminal, paint)),
    drawSummary(played, paint),
  ].join('');
}

/** `+0s`, `+1h30m`; in whole seconds. */
export const sinceText = (durationMs: number): string =>
  `+${durationParts(Math.round(durationMs / 1000) * 1000).join('') || '0s'}`;

const nothing = '·';

/** Shape: Apps by clusters where that fits the terminal, else those cells alone that are not as before. */
function drawMatrix({ before, after }: Played, terminal: Terminal, paint: Paint): string {
  const cells = [...before.cells, ...after.cells].filter(({ isThere }) => isThere);
  if (cells.length === 0) return 'nothing runs on any cluster\n';
  const apps = [...new Set(cells.map(({ app }) => app))].toSorted();
  const clusters = [...new Set([...before.fleet.keys(), ...after.fleet.keys()])].toSorted();
  const [then, now] = [placesIn(before), placesIn(after)];
  const rows = apps.map((app) => [
    app,
    ...clusters.map((cluster) => drawCell(then.get(`${app}@${cluster}`), now.get(`${app}@${cluster}`), paint)),
    drawReady(app, before, after, paint),
  ]);
  const heads = ['APP', ...clusters, 'READY'];
  const isWide =
    widthOf(printTable(heads, rows.slice(0, 1), { paint }).split('\n')[0] ?? '') > widthOfTerminal(terminal);
  const table = isWide ? drawDifferences(apps, clusters, then, now, paint) : printTable(heads, rows, { paint });
  return `${table}${legend(cells, after, paint)}\n`;
}

/** Only marks that are there. */
function legend(held: readonly CellNow[], { cells }: Moment, paint: Paint): string {
  const parts = [
    ...(held.some(({ replicas }) => replicas === undefined) ? ['● is there, and counts no replicas'] : []),
    ...(cells.some((cell) => isMarked(cell)) ? [`${paint('yellow', '!')} not as it is wanted`] : []),
    ...(cells.some(({ isThere, isReachable }) => isThere && !isReachable)
      ? [`${paint('red', '✗')} its cluster does not answer`]
      : []),
  ];
  return parts.length === 0 ? '' : `\n${parts.join('   ')}\n`;
}

const isMarked = ({ isSettled, isReachable, isThere }: CellNow): boolean => isThere && isReachable && !isSettled;

const widthOfTerminal = (terminal: Terminal): number => (terminal.isTerminal ? terminal.columns() : 160);

type Places = ReadonlyMap<string, CellNow>;

const placesIn = ({ cells }: Moment): Places => new Map(cells.map((cell) => [`${cell.app}@${cell.cluster}`, cell]));

const countText = (cell: CellNow | undefined): string => {
  if (cell === undefined || !cell.isThere) return nothing;
  return cell.replicas === undefined ? '●' : String(cell.replicas);
};

/** `3`, `3→5`, `·→2`; one that is lost or waits says so. */
function drawCell(then: CellNow | undefined, now: CellNow | undefined, paint: Paint): string {
  const [was, is] = [countText(then), countText(now)];
  if (now?.isThere && !now.isReachable) return paint('red', `✗${is === '●' ? '' : is}`);
  const mark = now !== undefined && isMarked(now) ? '!' : '';
  if (was === is) return mark === '' ? (is === nothing ? paint('dim', is) : is) : paint('yellow', `${is}${mark}`);
  const style = mark !== '' ? 'yellow' : is === nothing ? 'red' : was === nothing ? 'green' : 'cyan';
  return paint(style, `${was}→${is}${mark}`);
}

function drawReady(app: string, before: Moment, after: Moment, paint: Paint): string {
  const sum = ({ cells }: Moment) =>
    cells.filter((cell) => cell.app === app).reduce((all, { ready }) => all + ready, 0);
  const isCounted = [...before.cells, ...after.cells].some((cell) => cell.app === app && cell.replicas !== undefined);
  if (!isCounted) return '';
  const [then, now] = [sum(before), sum(after)];
  if (then === now) return String(now);
  return paint(now < then ? 'red' : 'green', `${then}→${now}`);
}

/** Far too many clusters for one line each. */
const differencesMax = 60;

function drawDifferences(
  apps: readonly string[],
  clusters: readonly string[],
  then: Places,
  now: Places,
  paint: Paint,
): string {
  const rows = apps.flatMap((app) =>
    clusters.flatMap((cluster) => {
      const [was, is] = [then.get(`${app}@${cluster}`), now.get(`${app}@${cluster}`)];
      const isSame = countText(was) === countText(is) && is?.isReachable !== false && is?.waits === undefined;
      return isSame ? [] : [[app, cluster, drawCell(was, is, paint)]];
    }),
  );
  const cells = [...now.values()].filter(({ isThere }) => isThere).length;
  const head = `${counted(apps.length, 'App')} on ${counted(clusters.length, 'cluster')}, ${counted(cells, 'cell')}`;
  if (rows.length === 0) return `${head}; all as before\n`;
  const rest = rows.length > differencesMax ? `… and ${rows.length - differencesMax} more\n` : '';
  return `${head}; not as before:\n\n${printTable(['APP', 'CLUSTER', 'REPLICAS'], rows.slice(0, differencesMax), { paint })}${rest}`;
}

function drawStep(
  { name, startMs, endMs, end: ending }: PlayedStep,
  index: number,
  { moves, startMs: zeroMs }: Played,
  terminal: Terminal,
  paint: Paint,
): string {
  const here = moves.filter((move) => move.step === index);
  const head = `${paint('bold', `${index + 1}  ${oneLine(name)}`)} ${paint('dim', `at ${sinceText(startMs - zeroMs)}`)}\n`;
  const waits = indented(drawWaits(ending, paint));
  if (here.length === 0) return `${head}   ${paint('dim', 'nothing moves')}\n${waits}\n`;
  const groups = Map.groupBy(here, (move) => `${move.atMs} ${move.app} ${whatText(move)}`);
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const clusters = group.map(({ cluster }) => cluster);
    const shown =
      clusters.length > 6 ? `${clusters.slice(0, 5).join(', ')} and ${clusters.length - 5} more` : clusters.join(', ');
    return [[sinceText(first.atMs - startMs), first.app, shown, whatText(first)]];
  });
  const isWatched = terminal.isTerminal;
  const table = printTable(['AFTER', 'APP', 'CLUSTERS', 'WHAT'], rows, {
    paint,
    columns: isWatched ? terminal.columns() - 3 : undefined,
  });
  const end = `   ${paint('dim', `at rest ${sinceText(endMs - startMs)}`)}\n`;
  return `${head}${indented(table)}${end}${waits}\n`;
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '   ');

/** `3 → 5 replicas`, `new version: 2 objects`, `leaves: 4 objects deleted`. */
export function whatText({ kind, replicas, created, updated, released, deleted }: Move): string {
  const { before, after } = replicas;
  const counts = before === after ? '' : `${before ?? 0}→${after ?? 0} replicas`;
  const parts = [
    ...(created === 0 ? [] : [`${created} created`]),
    ...(updated === 0 ? [] : [`${updated} updated`]),
    ...(deleted.length === 0 ? [] : [`${deleted.length} deleted`]),
    ...(released === 0 ? [] : [`${released} let go`]),
  ].join(', ');
  return [kind, counts, kind === 'scales' ? '' : parts].filter((part) => part !== '').join(', ');
}

/** Of one step. */
const waitsMax = 8;

/** What does not come about by itself, and why. Shape: equal ones of one App once. */
function drawWaits({ cells }: Moment, paint: Paint): string {
  const open = cells.filter(({ isReachable, isSettled, waits }) => isReachable && !isSettled && waits !== undefined);
  const groups = [...Map.groupBy(open, ({ app, waits }) => `${app} ${waits}`).values()];
  const lines = groups.slice(0, waitsMax).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const where = group.length > 4 ? counted(group.length, 'cluster') : group.map(({ cluster }) => cluster).join(', ');
    return [
      `${paint('yellow', '!')} ${paint('bold', first.app)} on ${where} waits`,
      `${padded('', 4)}${oneLine(first.waits ?? '')}`,
    ];
  });
  const rest = groups.length > waitsMax ? [`… and ${groups.length - waitsMax} more`] : [];
  return lines.length === 0 ? '' : `${[...lines, ...rest].join('\n')}\n`;
}

function drawSummary({ moves, violations, steps }: Played, paint: Paint): string {
  const deleted = moves.reduce((sum, move) => sum + move.deleted.length, 0);
  const parts = [
    counted(steps.length, 'step'),
    counted(moves.length, 'move'),
    deleted === 0 ? 'no object deleted' : paint('red', `${counted(deleted, 'object')} deleted`),
    violations.length === 0
      ? paint('green', 'no policy broken')
      : paint('red', counted(violations.length, 'policy broken', 'policies broken')),
  ];
  return `${parts.join(', ')}\n`;
}

/** As the message of a diagnostic says it. */
export function violationText({ message, policy, atMs, step }: Violation, { startMs, steps }: Played): string {
  const name = steps[step]?.name;
  const where = name === undefined ? '' : `, in step ${step + 1} (${name})`;
  return `${policy.rule.kind}: ${message}, at ${sinceText(atMs - startMs)}${where}`;
}

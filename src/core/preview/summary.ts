/** The part of a preview's comment that is always there: counts, what is wrong, in which order, what waits. */
import { type Diagnostic, isError } from '../model/diagnostic.ts';
import { count } from '../model/line.ts';
import { cellCode, code, html, type Markup, table, yamlBlock } from '../model/markdown.ts';
import type { AppPart } from './app-part.ts';
import { namesOf } from './fold.ts';
import { gateLines } from './gate-part.ts';
import type { HeldDeletes, Move } from './planned.ts';
import type { AppTurns, Preview, StageTurn } from './preview.ts';
import { cellsSeen, headlineOf } from './tally.ts';
import { acknowledgementOf, moveReasons } from './words.ts';

export type Parts = readonly string[];

/** Rows of each list; what is more is counted. A shorter comment asks for fewer. */
export function summaryOf(preview: Preview, parts: readonly AppPart[], rowsMax: number): Parts {
  return [
    `### Landfall: ${headlineOf(preview)}`,
    ...unreadPart(preview, rowsMax),
    ...problemsPart(preview.diagnostics, rowsMax),
    ...appsPart(parts, rowsMax),
    ...turnsPart(preview.turns, rowsMax),
    ...gatesPart(preview, rowsMax),
    ...movesPart(preview.moves, rowsMax),
    ...leavingPart(preview),
    ...preview.held.map((held) => heldPart(held, preview, rowsMax)),
  ];
}

/** Shape: the last says how many are not shown. */
function listed(lines: readonly string[], rowsMax: number): string {
  const rest = lines.length > rowsMax ? [`- … and ${lines.length - rowsMax} more`] : [];
  return [...lines.slice(0, rowsMax).map((line) => `- ${line}`), ...rest].join('\n');
}

function unreadPart({ unread, cells }: Preview, rowsMax: number): Parts {
  if (unread.size === 0) return [];
  const lines = [...unread].map(([cluster, reason]) => {
    const apps = new Set(cells.filter((cell) => cell.cluster === cluster).map(({ app }) => app));
    return `${code(cluster)}, where it touches ${count(apps.size, 'App')}: ${code(reason)}`;
  });
  const what = `**This plan is not whole**: ${count(unread.size, 'cluster')} could not be looked at.`;
  return [`${what}\n\n${listed(lines, rowsMax)}`];
}

function problemsPart(diagnostics: readonly Diagnostic[], rowsMax: number): Parts {
  if (diagnostics.length === 0) return [];
  const errors = diagnostics.filter(isError);
  const warnings = diagnostics.filter((each) => !isError(each));
  const lines = [...errors, ...warnings].map(({ code: number, severity, origin, message, hint }) => {
    const place = code(`${origin.path}:${origin.line}:${origin.column}`);
    return `${severity} ${number} in ${place}: ${code(message)}${hint === undefined ? '' : ` (${code(hint)})`}`;
  });
  const counts = [...(errors.length > 0 ? [count(errors.length, 'error')] : [])];
  if (warnings.length > 0) counts.push(count(warnings.length, 'warning'));
  return [`**${counts.join(', ')}** that ${diagnostics.length === 1 ? 'is' : 'are'} new:\n\n${listed(lines, rowsMax)}`];
}

const titlesMax = 3;

function appsPart(parts: readonly AppPart[], rowsMax: number): Parts {
  if (parts.length === 0) return [];
  const rows = [...Map.groupBy(parts, ({ app }) => app)].map(([app, group]) => {
    const rest = group.length > titlesMax ? [`and ${group.length - titlesMax} more that differ`] : [];
    return [cellCode(app), [...group.slice(0, titlesMax).map(({ title }) => title), ...rest].join('; ')];
  });
  const more = rows.length > rowsMax ? `\n\n… and ${count(rows.length - rowsMax, 'more App')}` : '';
  return [`${table(['App', 'What changes'], rows.slice(0, rowsMax))}${more}`];
}

function turnsPart(turns: readonly AppTurns[], rowsMax: number): Parts {
  const lines = turns.flatMap(({ app, stages }) => {
    const moving = stages.filter(({ isPinned, clusters }) => isPinned || clusters.length > 0);
    const isPlain = moving.every(({ isPinned, isAtOnce }) => !isPinned && isAtOnce);
    if (moving.length === 0 || (moving.length === 1 && isPlain)) return [];
    return [`${code(app)}: ${moving.map((stage, index) => turnText(stage, moving[index - 1])).join('; then ')}`];
  });
  return lines.length === 0 ? [] : [`**In this order**\n\n${listed(lines, rowsMax)}`];
}

function gatesPart({ gates }: Preview, rowsMax: number): Parts {
  const lines = gateLines(gates);
  return lines.length === 0 ? [] : [`**Gates on the way**, as they stood for this plan\n\n${listed(lines, rowsMax)}`];
}

function turnText({ stage, clusters, isPinned, isAtOnce }: StageTurn, before: StageTurn | undefined): string {
  const name = stage === '' ? '' : `${code(stage)}`;
  if (isPinned && clusters.length === 0) return `${name} when it is promoted`;
  const where = clusters.length > 3 ? count(clusters.length, 'cluster') : clusters.map(code).join(', ');
  const lead =
    before === undefined && !isAtOnce && clusters.length > 1 ? `, ${code(clusters[0] ?? '')} alone first` : '';
  const soak = before === undefined || before.soakMs === 0 ? '' : `, ${duration(before.soakMs)} after that is well`;
  return `${name === '' ? where : `${name} (${where})`}${lead}${soak}`;
}

function duration(durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000);
  if (minutes === 0) return `${Math.round(durationMs / 1000)}s`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function movesPart(moves: readonly Move[], rowsMax: number): Parts {
  if (moves.length === 0) return [];
  const lines = moves.map(({ app, from, to }) => {
    const leaves = from.map(({ cluster, reason }) => `${code(cluster)} (${moveReasons[reason]})`);
    return `${code(app)}: ${namesOf(leaves)} → ${namesOf(to.map(code))}`;
  });
  return [`**Moves**\n\n${listed(lines, rowsMax)}`];
}

function leavingPart({ leaving }: Preview): Parts {
  if (leaving.length === 0) return [];
  const names = namesOf(leaving.map(code));
  return [`**Clusters that leave the inventory**: ${names}. What they hold stays there, and is looked after no more.`];
}

function heldPart(held: HeldDeletes, { head }: Preview, rowsMax: number): string {
  const { cells } = held;
  const objects = cells.reduce((sum, cell) => sum + cell.objects, 0);
  const lines = cells.map(({ cell, objects: number, reason }) => `${code(cell)}: ${number} (${code(reason)})`);
  return [
    `**${count(objects, 'deletion')} would wait for a person**`,
    listed(lines, rowsMax),
    'To let them go, add this to the pull request, or commit it afterwards:',
    yamlBlock(acknowledgementOf(held, head)),
  ].join('\n\n');
}

/** What was looked at, and that it was only looked at. */
export function footOf(preview: Preview, markup: Markup, pageURL?: string): string {
  const clusters = new Set(cellsSeen(preview).map(({ cluster }) => cluster)).size;
  const tried = clusters === 0 ? '' : `, tried by dry run on ${count(clusters, 'cluster')}`;
  const shown = markup === 'html' ? html : code;
  const more = pageURL === undefined ? '' : `, [as a page](${pageURL})`;
  const foot = `${shown(preview.head.slice(0, 12))} merged into ${shown(preview.branch)}${tried}; nothing has been done. Plan ${shown(preview.digest)}${more}`;
  return markup === 'html' ? `<sub>${foot}</sub>` : foot;
}

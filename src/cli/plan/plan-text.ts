/** A plan as people read it: equal changes told once, for all clusters that they are for. */
import { isError } from '../../core/model/diagnostic.ts';
import type { CommitSha } from '../../core/model/id.ts';
import { foldCells, namesOf } from '../../core/preview/fold.ts';
import type { HeldDeletes, Move, PlannedAction, Verb } from '../../core/preview/planned.ts';
import {
  acknowledgementOf,
  moveReasons,
  objectName,
  ownReason,
  verbMarks,
  verbs,
  verbWords,
} from '../../core/preview/words.ts';
import type { FleetPlan, PlannedCell } from '../../engine/plan/fleet-plan.ts';
import { type Paint, paintFor, type Style } from '../output/paint.ts';
import { counted, oneLine, padded } from '../output/text.ts';
import { printChange } from '../output/value-diff.ts';
import type { Terminal } from '../surroundings.ts';

export function planText(plan: FleetPlan, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const parts = [
    ...cellParts(plan.cells, paint),
    ...movePart(plan.moves, paint),
    ...plan.held.map((held) => heldPart(held, plan.commit, paint)),
    ...unreadPart(plan, paint),
    summary(plan, paint),
  ];
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

type Lines = readonly string[];

/** Cells of one App that would fare the same are one part. */
function cellParts(cells: readonly PlannedCell[], paint: Paint): readonly Lines[] {
  return foldCells(cells.filter(isWorthTelling), (cell) => bodyOf(cell, paint)).map((fold) => [
    titleOf(fold.first, fold.clusters, paint),
    ...fold.body,
  ]);
}

const isWorthTelling = ({ actions, wait, status }: PlannedCell): boolean =>
  actions.length > 0 || (wait !== undefined && status?.isApplied !== true);

function titleOf({ app, isRemoval }: PlannedCell, clusters: readonly string[], paint: Paint): string {
  const where = clusters.length === 1 ? `on ${clusters[0]}` : `on ${clusters.length} clusters: ${namesOf(clusters)}`;
  return `${paint('bold', app)} ${where}${isRemoval ? paint('red', '  (leaves)') : ''}`;
}

function bodyOf({ wait, actions }: PlannedCell, paint: Paint): Lines {
  const waits = wait === undefined ? [] : [`  ${paint('yellow', 'not yet:')} ${oneLine(wait)}`];
  const names = actions.map(({ object }) => oneLine(objectName(object)));
  const width = Math.min(48, Math.max(0, ...names.map((name) => name.length)));
  return [
    ...waits,
    ...actions.flatMap((action, index) => actionLines(action, padded(names[index] ?? '', width), wait, paint)),
  ];
}

const styles: Readonly<Record<Verb, Style>> = {
  create: 'green',
  update: 'yellow',
  delete: 'red',
  release: 'magenta',
  keep: 'blue',
  refuse: 'red',
};

const wordWidth = Math.max(...verbs.map((verb) => verbWords[verb].length));
const heldMax = 12;

function actionLines(action: PlannedAction, name: string, wait: string | undefined, paint: Paint): Lines {
  const { verb, changes } = action;
  const own = ownReason(action, wait);
  const word = paint(styles[verb], `${verbMarks[verb]} ${padded(verbWords[verb], wordWidth)}`);
  const head = `  ${word} ${name}${own === undefined ? '' : `  ${paint('dim', oneLine(own))}`}`;
  return [head.trimEnd(), ...changes.flatMap((change) => printChange(change, paint)).map((line) => `      ${line}`)];
}

function movePart(moves: readonly Move[], paint: Paint): readonly Lines[] {
  if (moves.length === 0) return [];
  const lines = moves.map(({ app, from, to }) => {
    const leaves = from.map(({ cluster, reason }) => `${cluster} (${moveReasons[reason]})`).join(', ');
    return `  ${app}  ${leaves} ${paint('dim', '→')} ${to.join(', ')}`;
  });
  return [[paint('bold', 'Moves'), ...lines]];
}

function heldPart(held: HeldDeletes, commit: CommitSha, paint: Paint): Lines {
  const { repository, cells } = held;
  const objects = cells.reduce((sum, cell) => sum + cell.objects, 0);
  return [
    `${paint('bold', 'Deletions that wait for a person')}  ${counted(objects, 'object')} of ${counted(cells.length, 'cell')} of repository ${repository}`,
    ...cells.slice(0, heldMax).map(({ cell, reason }) => `  ${cell}  ${paint('dim', oneLine(reason))}`),
    ...(cells.length > heldMax ? [`  … and ${cells.length - heldMax} more`] : []),
    '  To let them go, commit this to that repository:',
    ...acknowledgementOf(held, commit).map((line) => `    ${paint('cyan', line)}`),
  ];
}

function unreadPart({ unreachable, unread }: FleetPlan, paint: Paint): readonly Lines[] {
  const lines = [
    ...[...unread].map(([repository, reason]) => `  repository ${repository}  ${paint('dim', oneLine(reason))}`),
    ...[...unreachable].map(([cluster, reason]) => `  cluster ${cluster}  ${paint('dim', oneLine(reason))}`),
  ];
  return lines.length === 0 ? [] : [[paint('bold', 'Could not be read'), ...lines]];
}

function summary({ cells, digest, commit, diagnostics }: FleetPlan, paint: Paint): Lines {
  const actions = cells.flatMap((cell) => cell.actions);
  const count = (verb: Verb): number => actions.filter((action) => action.verb === verb).length;
  const told = verbs
    .filter((verb) => count(verb) > 0)
    .map((verb) => paint(styles[verb], `${count(verb)} to ${verbWords[verb]}`));
  const fine = cells.filter(({ actions: none, wait }) => none.length === 0 && wait === undefined).length;
  const changes = told.length === 0 ? paint('green', 'Nothing would change') : told.join(', ');
  const rest = fine === 0 ? '' : `; ${counted(fine, 'cell is', 'cells are')} as wanted`;
  const errors = diagnostics.filter(isError).length;
  const blocked = `${counted(errors, 'error')} in the manifests: what ${errors === 1 ? 'it is' : 'they are'} about stays as it is`;
  return [
    `${changes}${rest}`,
    ...(errors === 0 ? [] : [paint('red', blocked)]),
    paint('dim', `commit ${commit}`),
    paint('dim', `digest ${digest}`),
  ];
}

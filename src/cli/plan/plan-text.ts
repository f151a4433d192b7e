/** A plan as people read it: equal changes told once, for all clusters that they are for. */
import type { FleetPlan, HeldDeletes, Move, PlannedCell } from '../../engine/plan/fleet-plan.ts';
import type { PlannedAction, Verb } from '../../engine/plan/planned-action.ts';
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
  const bodies = cells.filter(isWorthTelling).map((cell) => ({ cell, body: bodyOf(cell, paint) }));
  const groups = Map.groupBy(bodies, ({ cell, body }) => [cell.app, cell.isRemoval, ...body].join('\n'));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      [
        titleOf(
          first.cell,
          group.map(({ cell }) => cell.cluster),
          paint,
        ),
        ...first.body,
      ],
    ];
  });
}

const isWorthTelling = ({ actions, wait, status }: PlannedCell): boolean =>
  actions.length > 0 || (wait !== undefined && status?.isApplied !== true);

function titleOf({ app, isRemoval }: PlannedCell, clusters: readonly string[], paint: Paint): string {
  const where = clusters.length === 1 ? `on ${clusters[0]}` : `on ${clusters.length} clusters: ${namesOf(clusters)}`;
  return `${paint('bold', app)} ${where}${isRemoval ? paint('red', '  (leaves)') : ''}`;
}

const namesMax = 12;

function namesOf(names: readonly string[]): string {
  if (names.length <= namesMax) return names.join(', ');
  return `${names.slice(0, namesMax).join(', ')} and ${names.length - namesMax} more`;
}

function bodyOf({ wait, actions }: PlannedCell, paint: Paint): Lines {
  const waits = wait === undefined ? [] : [`  ${paint('yellow', 'not yet:')} ${oneLine(wait)}`];
  const names = actions.map(({ object }) => objectName(object));
  const width = Math.min(48, Math.max(0, ...names.map((name) => name.length)));
  return [
    ...waits,
    ...actions.flatMap((action, index) => actionLines(action, padded(names[index] ?? '', width), wait, paint)),
  ];
}

const marks: Readonly<Record<Verb, readonly [mark: string, style: Style, word: string]>> = {
  create: ['+', 'green', 'create '],
  update: ['~', 'yellow', 'update '],
  delete: ['-', 'red', 'delete '],
  release: ['>', 'magenta', 'release'],
  keep: ['=', 'blue', 'keep   '],
  refuse: ['!', 'red', 'refuse '],
};

function actionLines(
  { verb, object: _, reason, changes }: PlannedAction,
  name: string,
  wait: string | undefined,
  paint: Paint,
): Lines {
  const [mark, style, word] = marks[verb];
  const own = ownReason(reason, wait);
  const head = `  ${paint(style, `${mark} ${word}`)} ${name}${own === undefined ? '' : `  ${paint('dim', oneLine(own))}`}`;
  return [head.trimEnd(), ...changes.flatMap((change) => printChange(change, paint)).map((line) => `      ${line}`)];
}

/** What the whole cell waits for is told once, above. */
function ownReason(reason: string | undefined, wait: string | undefined): string | undefined {
  if (reason === undefined || wait === undefined || !reason.startsWith(wait)) return reason;
  const rest = reason.slice(wait.length).replace(/^; /, '');
  return rest === '' ? undefined : rest;
}

const objectName = ({ kind, namespace, name }: PlannedAction['object']): string =>
  oneLine(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);

const moveReasons: Readonly<Record<Move['from'][number]['reason'], string>> = {
  appRemoved: 'the App is gone',
  placementRemoved: 'its Placement is gone',
  unlisted: 'no longer listed',
  unselected: 'no longer selected',
  respread: 'the spread chose another',
  drained: 'the cluster is being emptied',
};

function movePart(moves: readonly Move[], paint: Paint): readonly Lines[] {
  if (moves.length === 0) return [];
  const lines = moves.map(({ app, from, to }) => {
    const leaves = from.map(({ cluster, reason }) => `${cluster} (${moveReasons[reason]})`).join(', ');
    return `  ${app}  ${leaves} ${paint('dim', '→')} ${to.join(', ')}`;
  });
  return [[paint('bold', 'Moves'), ...lines]];
}

function heldPart({ repository, deletes, cells }: HeldDeletes, commit: string, paint: Paint): Lines {
  const objects = cells.reduce((sum, cell) => sum + cell.objects, 0);
  return [
    `${paint('bold', 'Deletions that wait for a person')}  ${counted(objects, 'object')} of ${counted(cells.length, 'cell')} of repository ${repository}`,
    ...cells.slice(0, namesMax).map(({ cell, reason }) => `  ${cell}  ${paint('dim', oneLine(reason))}`),
    ...(cells.length > namesMax ? [`  … and ${cells.length - namesMax} more`] : []),
    '  To let them go, commit this to that repository:',
    ...[
      'apiVersion: landfall.dev/v1alpha1',
      'kind: Acknowledgement',
      `metadata: {name: deletions-${deletes.slice('sha256:'.length, 'sha256:'.length + 8)}}`,
      `spec: {commit: ${commit}, deletes: "${deletes}"}`,
    ].map((line) => `    ${paint('cyan', line)}`),
  ];
}

function unreadPart({ unreachable, unread }: FleetPlan, paint: Paint): readonly Lines[] {
  const lines = [
    ...[...unread].map(([repository, reason]) => `  repository ${repository}  ${paint('dim', oneLine(reason))}`),
    ...[...unreachable].map(([cluster, reason]) => `  cluster ${cluster}  ${paint('dim', oneLine(reason))}`),
  ];
  return lines.length === 0 ? [] : [[paint('bold', 'Could not be read'), ...lines]];
}

function summary({ cells, digest, commit }: FleetPlan, paint: Paint): Lines {
  const actions = cells.flatMap((cell) => cell.actions);
  const count = (verb: Verb): number => actions.filter((action) => action.verb === verb).length;
  const told = (['create', 'update', 'delete', 'release', 'keep', 'refuse'] as const)
    .filter((verb) => count(verb) > 0)
    .map((verb) => paint(marks[verb][1], `${count(verb)} to ${verb}`));
  const fine = cells.filter(({ actions: none, wait }) => none.length === 0 && wait === undefined).length;
  const changes = told.length === 0 ? paint('green', 'Nothing would change') : told.join(', ');
  const rest = fine === 0 ? '' : `; ${counted(fine, 'cell is', 'cells are')} as wanted`;
  return [`${changes}${rest}`, paint('dim', `commit ${commit}`), paint('dim', `digest ${digest}`)];
}

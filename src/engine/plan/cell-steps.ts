/** Steps of one cell: placed, rendered, decided, applied, well; and of what is to go. */
import type { Cell } from '../../core/model/cell.ts';
import type { CellId } from '../../core/model/id.ts';
import type { HeldDeletes } from '../../core/preview/planned.ts';
import type { Decision } from '../../core/rollout/stage.ts';
import { aimDigest } from '../steer.ts';
import type { Explainable, ExplainedCell, ExplainedOutlook } from './explainable.ts';
import { type Step, short, step } from './step.ts';

export function cellSteps(
  planned: ExplainedCell,
  isHead: boolean,
  before: ReadonlyMap<CellId, Cell> | undefined,
  survey: Explainable,
  outlook: ExplainedOutlook,
): readonly Step[] {
  const cell = survey.revision.compiled.cells.get(planned.cell);
  if (cell === undefined) return [];
  const how = cell.chosenBy === 'names' ? 'chosen by name' : 'chosen by its labels';
  const steps = [step('place', cell.id, 'good', `stage ${cell.stage}`, { reason: how }), renderStep(cell, before)];
  if (cell.aim.kind !== 'hold') return steps;
  const isHeld = holdsAim(cell, survey);
  if (isHeld === undefined) return [...steps, step('apply', cell.id, 'bad', 'unknown', { reason: planned.wait })];
  if (isHeld) return [...steps, ...heldSteps(cell, planned, survey)];
  if (!isHead)
    return [...steps, step('decide', cell.id, 'waiting', 'superseded', { reason: 'a later commit is what counts' })];
  return [...steps, decideStep(cell, outlook.decisions.get(cell.id), planned), ...openStep(cell, planned)];
}

function renderStep(cell: Cell, before: ReadonlyMap<CellId, Cell> | undefined): Step {
  const { aim } = cell;
  if (aim.kind === 'unknown')
    return step('render', cell.id, 'bad', 'not known', { reason: aim.diagnostics[0]?.message ?? aim.reason });
  if (aim.kind === 'nothingYet') return step('render', cell.id, 'waiting', 'nothing yet', { reason: aim.reason });
  const { length } = aim.rendering.objects;
  const objects = length === 1 ? '1 object' : `${length} objects`;
  if (before === undefined) return step('render', cell.id, 'good', 'rendered', { reason: objects });
  const earlier = before.get(cell.id);
  if (earlier === undefined) return step('render', cell.id, 'good', 'new', { reason: objects });
  const isSame = earlier.aim.kind === 'hold' && earlier.aim.rendering.digest === aim.rendering.digest;
  return step('render', cell.id, 'good', isSame ? 'unchanged' : 'changed', { reason: objects });
}

/** Does the record say that the cell holds just this? Undefined while its cluster cannot be read. */
function holdsAim(cell: Cell, { members }: Explainable): boolean | undefined {
  const digest = aimDigest(cell, members);
  if (digest === undefined) return undefined;
  return members.get(cell.cluster)?.records.of(cell.app)?.record?.digest === digest;
}

function decideStep(cell: Cell, decision: Decision | undefined, { wait }: ExplainedCell): Step {
  if (decision?.kind === 'wait') return step('decide', cell.id, 'waiting', 'wait', { reason: decision.reason });
  return step('decide', cell.id, wait === undefined ? 'good' : 'waiting', wait === undefined ? 'go' : 'wait', {
    reason: wait,
  });
}

/** It may change and has not yet, or cannot. */
function openStep(cell: Cell, { actions, wait, status }: ExplainedCell): readonly Step[] {
  if (wait !== undefined) return [];
  const refused = actions?.find(({ verb }) => verb === 'refuse');
  if (refused !== undefined) return [step('apply', cell.id, 'bad', 'refused', { reason: refused.reason })];
  const bad = status?.state === 'Failed' || status?.state === 'Blocked';
  return [
    step('apply', cell.id, bad ? 'bad' : 'waiting', 'not yet', {
      reason: bad || actions === undefined ? status?.message : `${actions.length} objects to change`,
    }),
  ];
}

function heldSteps(cell: Cell, { actions, status }: ExplainedCell, { members }: Explainable): readonly Step[] {
  const record = members.get(cell.cluster)?.records.of(cell.app)?.record;
  if (record === undefined) return [];
  const same = record.commit === cell.commit ? undefined : `the same as at commit ${short(record.commit)}`;
  const open = actions?.filter(({ verb }) => verb !== 'keep') ?? openIn(status);
  const applied =
    open.length === 0
      ? step('apply', cell.id, 'good', 'applied', { atMs: record.appliedAtMs, reason: same })
      : step('apply', cell.id, open.some(({ verb }) => verb === 'refuse') ? 'bad' : 'waiting', 'in part', {
          atMs: record.appliedAtMs,
          reason: open[0]?.reason ?? `${open.length} objects to change`,
        });
  const health = status?.health ?? 'Unknown';
  const isWell = health === 'Healthy' || health === 'Suspended';
  const tone = isWell ? 'good' : health === 'Progressing' ? 'waiting' : 'bad';
  return [
    applied,
    step('health', cell.id, tone, health, {
      atMs: record.healthySinceMs,
      reason: isWell ? undefined : status?.message,
    }),
  ];
}

/** For who watched KubeFed's status before: the word that stood there. */
export function toldSteps(cell: ExplainedCell, { wordOf }: ExplainedOutlook): readonly Step[] {
  const word = wordOf?.(cell) ?? '';
  return word === '' ? [] : [step('told', cell.cell, 'waiting', word, { reason: 'as KubeFed would say it' })];
}

/** What nobody has tried is open until a run has seen all of it. */
const openIn = (status: ExplainedCell['status']): NonNullable<ExplainedCell['actions']> =>
  status?.isApplied === true
    ? []
    : [{ verb: status?.state === 'Blocked' ? 'refuse' : 'update', reason: status?.message ?? 'not looked at yet' }];

export function removalStep({ cell, actions, wait, status }: ExplainedCell): Step {
  if (actions === undefined) return step('delete', cell, 'waiting', 'not yet', { reason: wait ?? status?.message });
  const deletes = actions.filter(({ verb }) => verb === 'delete').length;
  if (wait !== undefined) return step('delete', cell, 'waiting', 'wait', { reason: wait });
  return step('delete', cell, 'waiting', 'not yet', { reason: `${deletes} objects to delete` });
}

export const heldStep = ({ cell, reason }: HeldDeletes['cells'][number], deletes: string): Step =>
  step('delete', cell, 'waiting', 'held', { reason: `${reason}; an Acknowledgement of ${deletes} releases it` });

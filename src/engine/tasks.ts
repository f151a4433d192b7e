/** What a cell is asked to do, from all that has been decided about it. */
import type { Compiled } from '../core/compile/compile.ts';
import type { Cell, Rendering, Vanished } from '../core/model/cell.ts';
import { type CellId, type ClusterId, partsOfCell } from '../core/model/id.ts';
import { unreachable } from '../core/model/invariant.ts';
import type { Acknowledged, CellRecord } from '../core/model/record.ts';
import type { Decision } from '../core/rollout/stage.ts';
import { cellOf } from './cell-facts.ts';
import { describeWait, type Judgement } from './judge.ts';
import type { JudgedMembers } from './members.ts';
import { aimDigest } from './steer.ts';
import type { Task } from './task.ts';

export type TaskInput = {
  readonly compiled: Compiled;
  readonly members: JudgedMembers;
  readonly judgement: Judgement;
  readonly agreed: ReadonlyMap<CellId, Acknowledged>;
  readonly decisionOf: (cell: CellId) => Decision | undefined;
  /** What a waiting cell holds, when it can still be made. */
  readonly heldOf: (cell: Cell) => Rendering | undefined;
  /** Why nothing is deleted yet at all: until the fleet has been read, nobody knows how much a commit would delete. */
  readonly surveying: string | undefined;
  /** Why nothing is removed from a cluster, by a move or for good. */
  readonly frozen: (cluster: ClusterId, isMove: boolean) => string | undefined;
  readonly hasTakenOver: (vanished: Vanished) => boolean;
  /** Why what a cell no longer holds stays until another cluster has it. */
  readonly whyStays: (cell: Cell) => string | undefined;
};

/** Shape: undefined when nothing is to be done, not even looked after. */
export function taskFor(id: CellId, input: TaskInput): Task | undefined {
  const cell = input.compiled.cells.get(id);
  if (cell !== undefined) return taskOfCell(cell, input);
  const vanished = input.compiled.vanished.find(({ record }) => record.cell === id);
  return vanished === undefined ? undefined : removal(vanished, input);
}

/** What was not asked for may still be waited for: it is looked after, and neither changed nor healed. */
export function unlessDeselected(
  task: Task | undefined,
  isSelected: ((cell: CellId) => boolean) | undefined,
): Task | undefined {
  if (task === undefined || isSelected?.(cellOf(task)) !== false) return task;
  if (task.kind === 'remove') return undefined;
  return { kind: 'keep', cell: task.cell, rendering: undefined, reason: 'was not asked for', isWaiting: true };
}

function taskOfCell(cell: Cell, input: TaskInput): Task | undefined {
  const { aim } = cell;
  const keep = (reason: string, rendering: Rendering | undefined, isWaiting: boolean): Task => ({
    kind: 'keep',
    cell,
    rendering,
    reason,
    isWaiting,
  });
  switch (aim.kind) {
    case 'unknown':
      return keep(aim.diagnostics[0]?.message ?? aim.reason, undefined, false);
    case 'nothingYet':
      return keep(aim.reason, undefined, true);
    case 'hold': {
      if (cell.isSuspended) return keep('suspended: nothing is written', undefined, true);
      const [missing] = aim.rendering.missing;
      const hasRecord = input.members.get(cell.cluster)?.records.of(cell.app)?.record !== undefined;
      if (missing !== undefined && !hasRecord) return keep(`waits for what it copies: ${missing}`, undefined, false);
      const decision = input.decisionOf(cell.id);
      if (decision === undefined) return keep('it is being decided', input.heldOf(cell), true);
      if (decision.kind === 'wait' && decision.isStill === true) return stillTask(cell, decision.reason, input);
      if (decision.kind === 'wait') return keep(decision.reason, input.heldOf(cell), true);
      return holdTask(cell, aim.rendering, input) ?? keep('its cluster has not been read yet', undefined, true);
    }
    default:
      return unreachable(aim);
  }
}

/** Left alone as it is: what already is as it should be waits for nothing. */
function stillTask(cell: Cell, reason: string, { members }: TaskInput): Task {
  const record = members.get(cell.cluster)?.records.of(cell.app)?.record;
  const isAtAim = record !== undefined && record.digest === aimDigest(cell, members);
  return { kind: 'keep', cell, rendering: undefined, reason, isWaiting: true, ...(isAtAim ? { isAtAim } : {}) };
}

/** What the cell would be asked if nothing kept it from changing. Shape: undefined while its cluster is unread. */
export function holdTask(
  cell: Cell,
  rendering: Rendering,
  input: Omit<TaskInput, 'decisionOf' | 'frozen' | 'hasTakenOver' | 'heldOf'>,
): Task | undefined {
  const digest = aimDigest(cell, input.members);
  if (digest === undefined || cell.aim.kind !== 'hold') return undefined;
  const wait = input.judgement.waiting.get(cell.id);
  const placement = input.compiled.gathered.placements.find(({ id }) => id === cell.placement);
  const stage = placement?.stages.find(({ name }) => name === cell.stage);
  return {
    kind: 'hold',
    cell,
    rendering,
    intent: cell.aim.intent,
    digest,
    soakMs: stage?.soakMs ?? 0,
    pruneWaits: input.surveying ?? (wait === undefined ? undefined : describeWait(wait)),
    leaveWaits: input.whyStays(cell),
    isMakingFirst: placement?.isMakingFirst === true,
    acknowledged: input.agreed.get(cell.id),
    former: formerOf(cell, input),
  };
}

/** Records of what this cell was before, on the same cluster. A cluster's new name leaves its records where they are. */
function formerOf({ app, cluster, movedFrom }: Cell, { members }: Pick<TaskInput, 'members'>): readonly CellRecord[] {
  const records = members.get(cluster)?.records;
  const apps = new Set(movedFrom.map((former) => partsOfCell(former).app).filter((former) => former !== app));
  return [...apps].flatMap((former) => records?.of(former)?.record ?? []);
}

function removal(vanished: Vanished, input: TaskInput): Task {
  const { record, reason } = vanished;
  const wait = input.judgement.waiting.get(record.cell);
  const placement = input.compiled.gathered.placements.find(({ apps }) => apps.includes(record.app));
  const isMove =
    reason === 'drained' || reason === 'respread' || (reason === 'unlisted' && placement?.isMakingFirst === true);
  const waits =
    input.surveying ??
    input.frozen(record.cluster, isMove) ??
    (wait !== undefined
      ? describeWait(wait)
      : isMove && !input.hasTakenOver(vanished)
        ? 'waits until the App is well elsewhere'
        : undefined);
  return {
    kind: 'remove',
    record,
    isOrphaning: record.onDelete === 'Orphan',
    waits,
    acknowledged: input.agreed.get(record.cell),
  };
}

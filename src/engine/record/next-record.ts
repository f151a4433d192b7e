/** The record of a cell after a run, or ahead of one. */
import type { Health } from '../../core/model/health.ts';
import type { InstallationId } from '../../core/model/id.ts';
import { type CellRecord, type Good, goodMax, type Inventory } from '../../core/model/record.ts';
import { countsHeld } from '../../core/plan/make-first.ts';
import type { Task } from '../task.ts';

export type RunState = {
  readonly installation: InstallationId;
  /** As the record was when the run began. */
  readonly before: CellRecord | undefined;
  readonly inventory: Inventory;
  /** All of the aim is there, and nothing else of the cell. */
  readonly isApplied: boolean;
  readonly health: Health;
  readonly nowMs: number;
};

/** Shape: undefined when the cell holds nothing and is to hold nothing: then it has no record. */
export function nextRecord(task: Task, state: RunState): CellRecord | undefined {
  const { before, inventory } = state;
  if (task.kind === 'hold') return holding(task, state);
  if (task.kind === 'keep')
    return before === undefined
      ? undefined
      : { ...before, inventory, healthySinceMs: healthySince(state, before.healthySinceMs) };
  const acknowledged = task.acknowledged ?? task.record.acknowledged;
  return inventory.size === 0 ? undefined : { ...(before ?? task.record), inventory, acknowledged };
}

function holding(task: Extract<Task, { kind: 'hold' }>, state: RunState): CellRecord {
  const { cell, digest } = task;
  const { before, nowMs } = state;
  const isSame = before?.digest === digest;
  return {
    cell: cell.id,
    app: cell.app,
    cluster: cell.cluster,
    installation: state.installation,
    repository: cell.repository,
    placement: cell.placement,
    stage: cell.stage,
    source: cell.source,
    chosenBy: cell.chosenBy,
    onDelete: cell.onDelete,
    // No commit that leaves the digest alone is written down: an unrelated push writes nothing.
    commit: isSame ? before.commit : cell.commit,
    revision: isSame ? before.revision : cell.revision,
    digest,
    intent: task.intent,
    appliedAtMs: isSame ? before.appliedAtMs : nowMs,
    healthySinceMs: healthySince(state, isSame ? before.healthySinceMs : undefined),
    good: isSame || before === undefined ? (before?.good ?? []) : goodAfter(before, task.soakMs, nowMs),
    acknowledged: task.acknowledged ?? (before?.acknowledged?.aim === digest ? before.acknowledged : undefined),
    replicas: task.isMakingFirst
      ? countsHeld(before?.replicas ?? new Map(), task.rendering, state.isApplied)
      : task.rendering.replicas,
    inventory: state.inventory,
  };
}

function healthySince({ isApplied, health, nowMs }: RunState, before: number | undefined): number | undefined {
  const isWell = isApplied && (health.status === 'Healthy' || health.status === 'Suspended');
  return isWell ? (before ?? nowMs) : undefined;
}

/** What it held, if it was well for long enough, may return here without new evidence. */
function goodAfter(before: CellRecord, soakMs: number, nowMs: number): readonly Good[] {
  const others = before.good.filter(({ digest }) => digest !== before.digest);
  if (before.healthySinceMs === undefined || nowMs - before.healthySinceMs < soakMs) return before.good;
  return [{ digest: before.digest, intent: before.intent }, ...others].slice(0, goodMax);
}

/** How a cell is after a run: in one state, one health and one line. */
import { type Rendering, whyKept, writtenOf } from '../core/model/cell.ts';
import { faultRules } from '../core/model/fault.ts';
import { type Health, worstHealth } from '../core/model/health.ts';
import { type ObjectKey, partsOf } from '../core/model/id.ts';
import type { LiveLookup } from '../core/model/live.ts';
import type { Inventory } from '../core/model/record.ts';
import type { ActionResult } from './execute/context.ts';
import { describeFault } from './fault-text.ts';
import type { CellState, CellStatus, Failure } from './ledger.ts';
import type { Task } from './task.ts';

export type RunResult = {
  readonly results: readonly ActionResult[];
  readonly rendering: Rendering | undefined;
  readonly inventory: Inventory;
  readonly live: LiveLookup;
  readonly nowMs: number;
};

export type Settled = { readonly status: CellStatus; readonly health: Health };

export function settle(task: Task, run: RunResult): Settled {
  const wanted = wantedIn(run);
  const health = isEmpty(task, wanted) ? nothingThere : healthOfCell(wanted, run.live);
  const isApplied = isAllApplied(task, run);
  const { state, message } = stateOf(task, run, isApplied);
  const cell = task.kind === 'remove' ? { ...task.record, id: task.record.cell } : task.cell;
  const failed = run.results.filter(({ kind }) => kind === 'failed' || kind === 'refused');
  const status: CellStatus = {
    cell: cell.id,
    app: cell.app,
    stage: cell.stage,
    cluster: cell.cluster,
    commit: cell.commit,
    state,
    health: health.status,
    message: message ?? health.message ?? noteOf(run),
    objects: {
      desired: task.kind === 'remove' ? 0 : wanted.length,
      live: wanted.filter((key) => run.live.has(key)).length,
      failed: failed.length,
    },
    updatedAtMs: run.nowMs,
    failure: failureOf(task, run.results),
    isApplied,
  };
  return { status, health };
}

/** What is kept because nobody knows what is wanted instead is wanted: else a cell that is ill would seem to be well. */
function wantedIn({ rendering, inventory }: RunResult): readonly ObjectKey[] {
  if (rendering === undefined) return [...inventory.keys()];
  const known = rendering.objects.map(({ key }) => key);
  return whyKept(rendering) === undefined ? known : [...new Set([...known, ...inventory.keys()])];
}

const nothingThere: Health = { status: 'Missing' };

/** It is to hold something and holds nothing yet. */
const isEmpty = (task: Task, wanted: readonly ObjectKey[]): boolean => task.kind === 'keep' && wanted.length === 0;

/**
 * The worst of its objects; one that is not there is missing.
 *
 * Shape: `Unknown` is a cell that nobody has looked at; one with an object that tells nothing of itself is not there yet.
 */
function healthOfCell(wanted: readonly ObjectKey[], live: LiveLookup): Health {
  const all = wanted.map((key): Health => {
    const object = live.get(key);
    const { kind, name } = partsOf(key);
    if (object === undefined) return { status: 'Missing', message: `${kind} ${name} is not there` };
    const { status, message } = object.health;
    return status === 'Healthy' ? { status } : { status, message: `${kind} ${name}: ${message ?? status}` };
  });
  const worst = worstHealth(all);
  return worst.status === 'Unknown' ? { ...worst, status: 'Progressing' } : worst;
}

function isAllApplied(task: Task, { results, inventory, rendering }: RunResult): boolean {
  if (task.kind === 'remove') return false;
  if (task.kind === 'keep') return results.every(({ kind }) => kind === 'kept' || kind === 'applied');
  if (!results.every(({ kind }) => kind === 'applied' || kind === 'kept' || kind === 'gone')) return false;
  // Objects that are to go and have not yet. What another cluster has to take first hinders nobody.
  return (
    whyKept(rendering) !== undefined ||
    task.leaveWaits !== undefined ||
    inventory.size === (rendering === undefined ? 0 : writtenOf(rendering).length)
  );
}

type State = { readonly state: CellState; readonly message: string | undefined };

function stateOf(task: Task, run: RunResult, isApplied: boolean): State {
  const failed = run.results.flatMap((result) => (result.kind === 'failed' ? [result] : []));
  const hard = failed.find(({ fault }) => faultRules[fault.kind].actor !== 'nobody');
  if (hard !== undefined) return { state: 'Failed', message: describeFault(hard.fault) };
  const refused = run.results.find((result) => result.kind === 'refused');
  if (refused?.kind === 'refused') return { state: 'Blocked', message: refused.reason };
  if (failed[0] !== undefined) return { state: 'OutOfSync', message: `tries again: ${describeFault(failed[0].fault)}` };
  const contested = run.results.find((result) => result.kind === 'contested');
  if (contested?.kind === 'contested') return { state: 'Contested', message: contested.reason };
  if (task.kind === 'keep' && task.isAtAim === true) return { state: 'Synced', message: task.reason };
  if (task.kind === 'keep') return { state: task.isWaiting ? 'OutOfSync' : 'Blocked', message: task.reason };
  const waits = task.kind === 'hold' ? task.pruneWaits : task.waits;
  if (waits !== undefined && !isApplied) return { state: 'Blocked', message: waits };
  const pending = run.results.find((result) => result.kind === 'pending');
  if (pending?.kind === 'pending') return { state: 'Progressing', message: pending.reason };
  if (task.kind === 'remove') return { state: 'Progressing', message: 'being removed' };
  if (task.leaveWaits !== undefined) return { state: 'Progressing', message: task.leaveWaits };
  const kept = whyKept(task.rendering);
  if (kept !== undefined) return { state: 'OutOfSync', message: `kept as it was: ${kept}` };
  return { state: isApplied ? 'Synced' : 'Progressing', message: isApplied ? undefined : 'waits for deletions to end' };
}

function noteOf({ results }: RunResult): string | undefined {
  const noted = results.find((result) => result.kind === 'applied' && result.note !== undefined);
  return noted?.kind === 'applied' ? noted.note : undefined;
}

/** What trying again will not mend counts against the stage. */
function failureOf(task: Task, results: readonly ActionResult[]): Failure | undefined {
  if (task.kind !== 'hold') return undefined;
  const reasons = results.flatMap((result) => {
    if (result.kind === 'refused') return [result.reason];
    return result.kind === 'failed' && faultRules[result.fault.kind].actor !== 'nobody'
      ? [describeFault(result.fault)]
      : [];
  });
  return reasons[0] === undefined ? undefined : { aim: task.digest, reason: reasons[0] };
}

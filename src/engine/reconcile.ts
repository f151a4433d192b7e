/** One cell, once: read what is, decide, act, write down, and say what happened. */
import { FaultError } from '../core/model/fault.ts';
import type { CellId, ObjectKey } from '../core/model/id.ts';
import { isWrite } from '../core/model/plan.ts';
import type { CellRecord, Inventory } from '../core/model/record.ts';
import { planCell } from '../core/plan/cell-plan.ts';
import { applySetIdOf, recordNameOf, systemNamespace } from '../core/plan/record-id.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import type { Clock } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import { applyInOrder } from './apply-order.ts';
import type { Audit } from './audit.ts';
import type { Contests } from './contests.ts';
import type { ActionResult, ExecuteContext } from './execute/context.ts';
import { execute } from './execute/execute.ts';
import { inventoryAfter, inventoryAhead, joinInventories, outgrows } from './inventory.ts';
import type { CellStatus } from './ledger.ts';
import type { Member } from './member/member.ts';
import { forEach } from './pool.ts';
import { isSameRecord, nextRecord, type RunState } from './record/next-record.ts';
import type { Run } from './run.ts';
import { settle } from './settle.ts';
import type { Task } from './task.ts';

export type ReconcileDeps = {
  readonly member: Member;
  /** As the tenant of the cell's repository, or as ourselves. */
  readonly client: KubeClient;
  readonly contests: Contests;
  readonly audit: Audit;
  /** Another cell of the same cluster wants this object. */
  readonly isWantedElsewhere: (key: ObjectKey, cell: CellId) => boolean;
  readonly writesMax: number;
  readonly clock: Clock;
  readonly log: Log;
};

export type Reconciled = {
  readonly status: CellStatus;
  /** `now`: something was learnt that changes the plan. `later`: something is to be tried again. */
  readonly again: 'now' | 'later' | undefined;
  readonly retryAfterMs: number | undefined;
  /** Nothing is left of it, and nothing wanted. */
  readonly isGone: boolean;
};

/**
 * Brings one cell a step further.
 *
 * Shape: nothing is sent where nothing differs. The order is fixed: write down what is about to be owned, apply rank by
 *   rank, delete only when all of that went well, write down what is owned now. Killed anywhere, the next run goes on.
 * Errors: FaultError when the member cannot be worked on at all; faults of single objects are in the status.
 */
export async function reconcile(task: Task, deps: ReconcileDeps, signal: AbortSignal): Promise<Reconciled> {
  const run = await begin(task, deps, signal);
  if (run.actions.some(isWrite) && mustWriteAhead(task, run)) await writeAhead(task, run, deps, signal);
  const results = await applyInOrder(run, signal);
  const removals = run.actions.filter(({ kind }) => kind === 'delete' || kind === 'release');
  const isClean = results.every(({ kind }) => kind === 'applied' || kind === 'kept' || kind === 'gone');
  await forEach(removals, deps.writesMax, async (action) => {
    const owned = run.inventory.get(action.key);
    results.push(
      isClean ? await execute(action, owned, run.context, signal) : { kind: 'kept', key: action.key, owned },
    );
  });
  return writeDown(task, run, results, deps, signal);
}

async function begin(task: Task, deps: ReconcileDeps, signal: AbortSignal): Promise<Run> {
  const { member } = deps;
  const { session } = member;
  const held = member.records.of(appOf(task));
  if (held !== undefined && held.record === undefined) {
    const detail = `record ${systemNamespace}/${held.name} is damaged: restore it, or remove it by hand`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
  const inventory = joinInventories(held?.record?.inventory ?? new Map(), formerOf(task));
  const rendering = task.kind === 'remove' ? undefined : task.rendering;
  await session.follow([...inventory.keys(), ...(rendering?.objects ?? []).map(({ key }) => key)], signal);
  const context = contextOf(task, deps);
  const planned = planCell({
    rendering,
    inventory,
    live: member.live.objects,
    swept: [context.owner.recordId, ...context.formerIds].flatMap((id) => [...member.live.partsOf(id)]),
    owner: context.owner,
    seal: session.seal,
    isPruning: isPruning(task),
    isOrphaning: task.kind === 'remove' && task.isOrphaning,
    autoscaled: (key) => member.autoscalers.fieldsOf(key),
    isContested: (key) => deps.contests.of(key) !== undefined,
    isSuspect: (key) => deps.audit.isSuspect(key),
    isWantedElsewhere: context.isWantedElsewhere,
  });
  return { record: held?.record, inventory, rendering, actions: planned, context };
}

const appOf = (task: Task) => (task.kind === 'remove' ? task.record.app : task.cell.app);
const formerOf = (task: Task): readonly CellRecord[] => (task.kind === 'hold' ? task.former : []);

/** Of a cell that is only kept, nothing goes: what it should hold may not even be known. */
function isPruning(task: Task): boolean {
  if (task.kind === 'keep') return false;
  return (task.kind === 'hold' ? task.pruneWaits : task.waits) === undefined;
}

function contextOf(task: Task, deps: ReconcileDeps): ExecuteContext {
  const { member, contests, audit, clock, log, client, writesMax } = deps;
  const { installation, session, live, autoscalers, manager } = member;
  const cell = task.kind === 'remove' ? task.record.cell : task.cell.id;
  return {
    session,
    client,
    live,
    autoscalers,
    contests,
    audit,
    manager,
    owner: { installation, recordId: applySetIdOf(recordNameOf(installation, appOf(task))) },
    formerIds: new Set(formerOf(task).map((record) => applySetIdOf(recordNameOf(record.installation, record.app)))),
    adopt: task.kind === 'remove' ? [] : task.cell.adopt,
    writesMax,
    isWantedElsewhere: (key) => deps.isWantedElsewhere(key, cell),
    clock,
    log,
  };
}

/** The set of what is owned will change, or a person's yes has to be on record before it is acted on. */
function mustWriteAhead(task: Task, { actions, record }: Run): boolean {
  const isNewYes =
    task.kind !== 'keep' &&
    task.acknowledged !== undefined &&
    task.acknowledged.deletes !== record?.acknowledged?.deletes;
  return outgrows(actions, record) || isNewYes;
}

async function writeAhead(task: Task, run: Run, deps: ReconcileDeps, signal: AbortSignal): Promise<void> {
  const inventory = inventoryAhead(run.inventory, run.actions);
  const state = stateOf(run, deps, inventory, false, { status: 'Unknown' });
  const record = nextRecord(task, state);
  if (record !== undefined) await deps.member.records.write(record, deps.member.session.client, signal);
}

async function writeDown(
  task: Task,
  run: Run,
  results: readonly ActionResult[],
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Reconciled> {
  const { member, clock } = deps;
  const { client } = member.session;
  const inventory = inventoryAfter(run.inventory, run.actions, results);
  const nowMs = clock.nowMs();
  const { status, health } = settle(task, {
    results,
    rendering: run.rendering,
    inventory,
    live: member.live.objects,
    nowMs,
  });
  const record = nextRecord(task, stateOf(run, deps, inventory, status.isApplied, health));
  const held = member.records.of(appOf(task));
  if (record === undefined && held !== undefined && task.kind === 'remove')
    await member.records.remove(held, client, signal);
  if (record !== undefined && !isSameRecord(record, held?.record)) await member.records.write(record, client, signal);
  for (const former of formerOf(task)) {
    const old = member.records.of(former.app);
    if (old !== undefined) await member.records.remove(old, client, signal);
  }
  return {
    status,
    again: againAfter(results),
    retryAfterMs: waitAfter(results),
    isGone: task.kind === 'remove' && record === undefined,
  };
}

function stateOf(
  run: Run,
  deps: ReconcileDeps,
  inventory: Inventory,
  isApplied: boolean,
  health: RunState['health'],
): RunState {
  return {
    installation: deps.member.installation,
    before: run.record,
    inventory,
    isApplied,
    health,
    nowMs: deps.clock.nowMs(),
  };
}

function againAfter(results: readonly ActionResult[]): Reconciled['again'] {
  if (results.some((result) => result.kind === 'pending' && result.isSoon)) return 'now';
  return results.some(({ kind }) => kind === 'failed' || kind === 'refused') ? 'later' : undefined;
}

function waitAfter(results: readonly ActionResult[]): number | undefined {
  const waits = results.flatMap((result) => (result.kind === 'failed' ? (result.fault.retryAfterMs ?? []) : []));
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** One cell, once: read what is, decide, act, write down, and say what happened. */
import type { CellId, ObjectKey } from '../core/model/id.ts';
import type { KubeObject } from '../core/model/object.ts';
import { isAboutUnwanted, isWrite } from '../core/model/plan.ts';
import type { Inventory } from '../core/model/record.ts';
import { planCell } from '../core/plan/cell-plan.ts';
import { applySetIdOf, recordNameOf } from '../core/plan/record-id.ts';
import type { KubeClient } from '../edge/kube/client.ts';
import type { Clock } from '../seam/clock.ts';
import type { Log } from '../seam/log.ts';
import { applyInOrder } from './apply-order.ts';
import type { Audit } from './audit.ts';
import {
  appOf,
  cellOf,
  factsOf,
  formerIdsOf,
  formerOf,
  inventoryOf,
  keysOf,
  recordIn,
  renderingOf,
} from './cell-facts.ts';
import type { Contests } from './contests.ts';
import type { ActionResult, ExecuteContext } from './execute/context.ts';
import { execute } from './execute/execute.ts';
import { inventoryAfter, inventoryAhead, outgrows } from './inventory.ts';
import type { CellStatus } from './ledger.ts';
import { lookAgainMs, lookAt, withLooked } from './looked.ts';
import type { Member } from './member/member.ts';
import { forEach } from './pool.ts';
import { nextRecord, type RunState } from './record/next-record.ts';
import { isSameRecord } from './record/same-record.ts';
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
  /** When to look again at what no watch tells of. */
  readonly lookAgainMs: number | undefined;
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
  const removals = run.actions.filter(isAboutUnwanted);
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
  const record = recordIn(member.records.of(appOf(task)));
  const inventory = inventoryOf(task, record);
  await session.follow(keysOf(task, inventory), deps.client, signal);
  const context = contextOf(task, deps);
  const rendering = renderingOf(task);
  const kindOf = ({ apiVersion, kind }: KubeObject) => session.kindOf(apiVersion, kind, signal);
  const looked = await lookAt(rendering, { client: deps.client, kindOf, manager: member.manager }, signal);
  const facts = factsOf(task, inventory, record?.replicas, {
    installation: member.installation,
    session,
    live: member.live,
    looked,
    autoscalers: member.autoscalers,
    isContested: (key) => deps.contests.of(key) !== undefined,
    isSuspect: (key) => deps.audit.isSuspect(key),
    isWantedElsewhere: context.isWantedElsewhere,
  });
  return { record, inventory, rendering, actions: planCell(facts), looked, context };
}

function contextOf(task: Task, deps: ReconcileDeps): ExecuteContext {
  const { member, contests, audit, clock, log, client, writesMax } = deps;
  const { installation, session, live, autoscalers, manager } = member;
  return {
    session,
    client,
    live,
    autoscalers,
    contests,
    audit,
    manager,
    owner: { installation, recordId: applySetIdOf(recordNameOf(installation, appOf(task))) },
    formerIds: formerIdsOf(task),
    adopt: task.kind === 'remove' ? [] : task.cell.adopt,
    writesMax,
    isWantedElsewhere: (key) => deps.isWantedElsewhere(key, cellOf(task)),
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
    live: withLooked(member.live.objects, run.looked),
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
    lookAgainMs: run.looked.size === 0 ? undefined : lookAgainMs,
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

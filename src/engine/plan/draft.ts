/** One cell as it would be planned now, and how its objects would fare. */
import type { Rendering } from '../../core/model/cell.ts';
import type { Fault } from '../../core/model/fault.ts';
import type { ObjectKey } from '../../core/model/id.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Action } from '../../core/model/plan.ts';
import type { CellRecord, Inventory } from '../../core/model/record.ts';
import { type CellFacts, planCell } from '../../core/plan/cell-plan.ts';
import { appOf, cellOf, factsOf, inventoryOf, keysOf, recordIn, renderingOf } from '../cell-facts.ts';
import type { ActionResult } from '../execute/context.ts';
import { faultOf } from '../fault-text.ts';
import type { CellStatus } from '../ledger.ts';
import { lookAt } from '../looked.ts';
import { settle } from '../settle.ts';
import type { Task } from '../task.ts';
import type { Outcome } from './dry-run.ts';
import type { Survey } from './survey.ts';
import type { SurveyMember } from './survey-member.ts';

export type Draft = {
  readonly task: Task;
  readonly record: CellRecord | undefined;
  readonly inventory: Inventory;
  readonly rendering: Rendering | undefined;
  readonly facts: CellFacts;
  readonly actions: readonly Action[];
};

/** A cell that cannot be planned: its record is damaged, or one of its kinds may not be listed. */
export type Undrafted = { readonly task: Task; readonly fault: Fault };

export const isDraft = (draft: Draft | Undrafted): draft is Draft => 'actions' in draft;

/** Plans a task with what reconciling it would plan with. Shape: fights and audits are not known to who only looks. */
export async function draftOf(
  task: Task,
  member: SurveyMember,
  { wanted, clients, focus }: Pick<Survey, 'clients' | 'focus' | 'wanted'>,
  signal: AbortSignal,
): Promise<Draft | Undrafted> {
  try {
    const record = recordIn(member.records.of(appOf(task)));
    const inventory = inventoryOf(task, record);
    const { session } = member;
    const repository = task.kind === 'remove' ? task.record.repository : task.cell.repository;
    const client = clients.actAs(session.client, repository);
    await session.follow(keysOf(task, inventory), client, signal);
    const kindOf = async ({ apiVersion, kind }: KubeObject) => session.kinds.at(apiVersion, kind);
    const looked = await lookAt(renderingOf(task), { client, kindOf, manager: member.manager }, signal);
    const shown = focus === undefined ? withoutOrder(task) : withoutWaits(task);
    const facts = factsOf(shown, inventory, record?.replicas, {
      installation: member.installation,
      session,
      live: member.live,
      looked,
      autoscalers: member.autoscalers,
      isContested: () => false,
      isSuspect: () => false,
      isWantedElsewhere: (key) => wanted.isWantedElsewhere(key, cellOf(task)),
    });
    const planned = planCell(facts).filter(({ key }) => focus?.hasObject(cellOf(task), key) !== false);
    return { task, record, inventory, rendering: renderingOf(task), facts, actions: planned };
  } catch (error) {
    signal.throwIfAborted();
    return { task, fault: faultOf(error) };
  }
}

/** Where it leads, not what waits for what on the way. */
const withoutOrder = (task: Task): Task => (task.kind === 'hold' ? { ...task, isMakingFirst: false } : task);

/** What is told of an intention is told of all that comes of it; what it waits for stands beside it. */
function withoutWaits(task: Task): Task {
  if (task.kind === 'remove') return { ...task, waits: undefined };
  return task.kind === 'hold' ? { ...task, isMakingFirst: false, pruneWaits: undefined, leaveWaits: undefined } : task;
}

/** How the cell is: as `reconcile` would say it, had it done nothing yet. */
export function statusOf(draft: Draft, outcomes: ReadonlyMap<ObjectKey, Outcome>, nowMs: number): CellStatus {
  const { task, actions, rendering, inventory, facts } = draft;
  const results = actions.map((action) => resultOf(action, outcomes.get(action.key), inventory));
  return settle(task, { results, rendering, inventory, live: facts.live, nowMs }).status;
}

function resultOf(action: Action, outcome: Outcome | undefined, inventory: Inventory): ActionResult {
  const { key } = action;
  const owned = inventory.get(key);
  const pending = (reason: string): ActionResult => ({ kind: 'pending', key, reason, owned, isSoon: false });
  if (outcome?.kind === 'refused') return { kind: 'refused', key, reason: outcome.reason, owned };
  if (outcome?.kind === 'failed') return { kind: 'failed', key, fault: outcome.fault, owned };
  switch (action.kind) {
    case 'create':
      return pending('to be created');
    case 'update':
      return pending(action.cause === 'drifted' ? 'changed by somebody else' : 'to be changed');
    case 'delete':
      return pending('to be deleted');
    case 'release':
      return pending('to be let go');
    case 'keep':
    case 'look':
      return { kind: 'kept', key, owned };
    case 'forget':
      return { kind: 'gone', key };
    case 'wait':
      return pending(action.reason);
    case 'refuse':
      return { kind: 'refused', key, reason: action.reason, owned };
  }
}

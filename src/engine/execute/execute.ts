/** Carries out one action and says how it went. The only place where a fault of a write becomes data. */
import { unreachable } from '../../core/model/invariant.ts';
import type { Action } from '../../core/model/plan.ts';
import type { OwnedObject } from '../../core/model/record.ts';
import { faultOf } from '../fault-text.ts';
import type { ActionResult, ExecuteContext } from './context.ts';
import { create } from './create.ts';
import { look } from './look.ts';
import { remove } from './remove.ts';
import { update } from './update.ts';

/** Errors: none but bugs, and the signal's reason. `owned` is what the inventory has of the object now. */
export async function execute(
  action: Action,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  try {
    return await perform(action, owned, context, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'failed', key: action.key, fault: faultOf(error), owned };
  }
}

function perform(
  action: Action,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  switch (action.kind) {
    case 'create':
      return create(action, context, signal);
    case 'update':
      return update(action, owned, context, signal);
    case 'delete':
    case 'release':
      return remove(action, context, signal);
    case 'look':
      return look(action, context, signal);
    default:
      return Promise.resolve(unsent(action, owned, context));
  }
}

/** Actions that send nothing. */
function unsent(
  action: Exclude<Action, { kind: 'create' | 'update' | 'delete' | 'release' | 'look' }>,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
): ActionResult {
  const { key } = action;
  switch (action.kind) {
    case 'keep': {
      const contest = action.reason === 'contested' ? context.contests.of(key) : undefined;
      if (contest === undefined) return { kind: 'kept', key, owned };
      return {
        kind: 'contested',
        key,
        reason: `${contest.path} is changed back again and again by ${contest.who}`,
        owned,
      };
    }
    case 'forget':
      return { kind: 'gone', key };
    case 'wait':
      return { kind: 'pending', key, reason: action.reason, owned, isSoon: false };
    case 'refuse':
      return { kind: 'refused', key, reason: action.reason, owned };
    default:
      return unreachable(action);
  }
}

/** All of a cell's objects, in the order in which they may be applied. */
import type { Fault } from '../core/model/fault.ts';
import { type Action, isAboutUnwanted } from '../core/model/plan.ts';
import type { ActionResult } from './execute/context.ts';
import { execute } from './execute/execute.ts';
import { faultOf } from './fault-text.ts';
import { ensureNamespace } from './member/system.ts';
import { forEach } from './pool.ts';
import type { Run } from './run.ts';

type Apply = Extract<Action, { kind: 'create' | 'update' }>;

const isApply = (action: Action): action is Apply => action.kind === 'create' || action.kind === 'update';

/** Namespaces first, then rank by rank. Shape: results of all actions on what is wanted; a failure keeps later ranks waiting. */
export async function applyInOrder(run: Run, signal: AbortSignal): Promise<ActionResult[]> {
  const { actions, inventory, context } = run;
  const results: ActionResult[] = [];
  for (const action of actions) {
    if (!isApply(action) && !isAboutUnwanted(action))
      results.push(await execute(action, inventory.get(action.key), context, signal));
  }
  const applies = actions.filter(isApply);
  const fault = applies.length === 0 ? undefined : await ensureNamespaces(run, signal);
  let waits: string | undefined;
  for (const sameRank of Map.groupBy(applies, ({ manifest }) => manifest.desired.rank).values()) {
    const before = waits;
    await forEach(sameRank, context.writesMax, async (action) => {
      const result = await applyOne(action, before, fault, run, signal);
      if (result.kind === 'failed' && result.fault.kind === 'missing') context.session.namespaces.clear();
      if (result.kind === 'failed' || result.kind === 'refused') waits ??= 'waits for what comes before it';
      results.push(result);
    });
  }
  return results;
}

function applyOne(
  action: Apply,
  waits: string | undefined,
  fault: Fault | undefined,
  run: Run,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { key } = action;
  const owned = run.inventory.get(key);
  if (waits !== undefined) return Promise.resolve({ kind: 'pending', key, reason: waits, owned, isSoon: false });
  if (fault !== undefined) return Promise.resolve({ kind: 'failed', key, fault, owned });
  return execute(action, owned, run.context, signal);
}

/** Shape: why none can be made, or undefined when all are there. */
async function ensureNamespaces({ rendering, context }: Run, signal: AbortSignal): Promise<Fault | undefined> {
  const { session, client, manager } = context;
  try {
    for (const name of rendering?.namespaces ?? []) {
      await session.namespaces.ensure(name, () =>
        ensureNamespace(name, { reader: session.client, client, manager }, signal),
      );
    }
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return faultOf(error);
  }
}

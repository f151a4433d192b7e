/** Changing an object that is ours. */
import { ourSetOf } from '../../core/diff/entries.ts';
import { hasPath } from '../../core/diff/fields.ts';
import { fieldPath } from '../../core/diff/path.ts';
import { releasedManager } from '../../core/diff/release.ts';
import { valueAt } from '../../core/json/pointer.ts';
import type { Json } from '../../core/json/value.ts';
import { withValueAt } from '../../core/json/with-value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { asKubeObject, type KubeObject } from '../../core/model/object.ts';
import type { Action } from '../../core/model/plan.ts';
import type { OwnedObject } from '../../core/model/record.ts';
import { type ActionResult, type ExecuteContext, kindOfObject, refTo, writeDeadline } from './context.ts';
import { create } from './create.ts';
import { settle } from './heal.ts';
import { applied, send } from './send.ts';

type Update = Extract<Action, { kind: 'update' }>;

/** Shape: one request where nobody else has touched it; otherwise it is read first, and then healed. */
export async function update(
  action: Update,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { manifest, live, cause } = action;
  if (cause !== 'drifted' && action.handOver.length === 0) {
    try {
      const answer = await send(
        manifest,
        { precondition: { kind: 'same', uid: live.uid }, isForced: false },
        context,
        signal,
      );
      return await applied(manifest, answer, context, signal);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.kind !== 'conflict') throw error;
    }
  }
  const kind = await kindOfObject(manifest.body, context, signal);
  const before = await context.client.get(refTo(action.key, kind), signal);
  if (before === undefined) return create({ kind: 'create', key: action.key, manifest, owned }, context, signal);
  await handOver(action, before, context, signal);
  return settle(manifest, before, owned, context, signal);
}

/**
 * Gives fields that we own to nobody in particular, with the values they have.
 *
 * To leave them out of the next apply would remove them: a Deployment without `replicas` falls to one.
 */
async function handOver(
  action: Update,
  before: KubeObject,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<void> {
  const ours = ourSetOf(before, context.manager);
  const given = action.handOver.filter((pointer) => ours !== undefined && hasPath(ours, fieldPath(...pointer)));
  const values = given.flatMap((pointer) => {
    const value = valueAt(before, pointer);
    return value === undefined ? [] : [[pointer, value] as const];
  });
  if (values.length === 0) return;
  using deadline = writeDeadline(context, signal);
  const kind = await kindOfObject(before, context, deadline.signal);
  const { name, namespace } = before.metadata;
  const identity: Json = {
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
  };
  const fields = values.reduce<Json>((object, [pointer, value]) => withValueAt(object, pointer, value), identity);
  await context.client.apply(asKubeObject(fields), { kind, manager: releasedManager, force: true }, deadline.signal);
}

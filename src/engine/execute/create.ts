/** Making an object that is not there; and what to do when it is. */
import type { Adoption } from '../../core/diff/adoption.ts';
import type { Json } from '../../core/json/value.ts';
import { withValueAt } from '../../core/json/with-value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { asKubeObject, describeObject, type KubeObject } from '../../core/model/object.ts';
import type { Action, Manifest } from '../../core/model/plan.ts';
import { type ActionResult, type ExecuteContext, kindOfObject, refTo, writeDeadline } from './context.ts';
import { settle } from './heal.ts';
import { meetingOf } from './meeting.ts';
import { applied, send } from './send.ts';

type Create = Extract<Action, { kind: 'create' }>;

/** Creates it in one request that fails when it is there already: an equal object would be adopted without a word. */
export async function create(action: Create, context: ExecuteContext, signal: AbortSignal): Promise<ActionResult> {
  const { manifest } = action;
  try {
    const first = withInitial(manifest);
    const answer = await send(first, { precondition: { kind: 'absent' }, isForced: false }, context, signal);
    return await applied(first, answer, context, signal);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'exists') throw error;
  }
  const kind = await kindOfObject(manifest.body, context, signal);
  const found = await context.client.get(refTo(action.key, kind), signal);
  if (found === undefined)
    throw new FaultError({ kind: 'stale', detail: `${describeObject(manifest.body)} came and went` });
  return meet(action, found, context, signal);
}

/** With what is left to others afterwards. */
function withInitial(manifest: Manifest): Manifest {
  const { initial } = manifest.desired;
  if (initial.length === 0) return manifest;
  const body = initial.reduce<Json>((whole, { path, value }) => withValueAt(whole, path, value), manifest.body);
  return { ...manifest, body: asKubeObject(body) };
}

/** It is there. Whose is it? */
async function meet(
  { key, manifest, owned }: Create,
  found: KubeObject,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const meeting = meetingOf(manifest.desired, found, owned, context);
  switch (meeting.kind) {
    case 'wait':
      return { kind: 'pending', key, reason: meeting.reason, owned, isSoon: false };
    case 'refuse':
      return { kind: 'refused', key, reason: meeting.reason, owned };
    case 'ours':
      return settle(manifest, found, owned, context, signal);
    case 'adopt': {
      const current = await takeOver(manifest, found, meeting.adoption, context, signal);
      context.log.info('object adopted', { object: key, from: meeting.from });
      return settle(manifest, current, undefined, context, signal);
    }
  }
}

/** Makes the entries of the old managers ours, so that they keep no field alive that leaves Git. */
async function takeOver(
  manifest: Manifest,
  found: KubeObject,
  adoption: Adoption | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<KubeObject> {
  if (adoption === undefined) return found;
  using deadline = writeDeadline(context, signal);
  const kind = await kindOfObject(found, context, deadline.signal);
  const ref = refTo(manifest.desired.key, kind);
  return context.client.patchJson(ref, adoption.patch, { manager: context.manager }, deadline.signal);
}

/** Taking an object away, or letting go of it: only what is ours at this very moment. */
import { ownedLabel } from '../../core/diff/entries.ts';
import { releasePatch } from '../../core/diff/release.ts';
import { textOf } from '../../core/json/value.ts';
import { deleteOptionsOf, deletionAnnotation } from '../../core/model/delete-options.ts';
import { describeObject, isKept, type KubeObject } from '../../core/model/object.ts';
import type { Action } from '../../core/model/plan.ts';
import { installationLabel, partOfLabel } from '../../core/plan/manifest.ts';
import type { RemoveOptions } from '../../edge/kube/remove.ts';
import { type ActionResult, confirmedKind, type ExecuteContext, refTo, writeDeadline } from './context.ts';

type Remove = Extract<Action, { kind: 'delete' | 'release' }>;

/** Reads it first, and acts on exactly the version that was read. */
export async function remove(action: Remove, context: ExecuteContext, signal: AbortSignal): Promise<ActionResult> {
  const { key, owned } = action;
  const kind = await confirmedKind(key, context, signal);
  // With its definition gone the object is gone too: the server itself says that it serves no such kind.
  if (kind === 'notServed') return gone(action, context);
  if (kind === 'unknown') return { kind: 'kept', key, owned };
  const ref = refTo(key, kind);
  const found = await context.client.get(ref, signal, { isMetadataOnly: action.kind === 'delete' });
  if (found === undefined) return gone(action, context);
  if (!isOurs(found, action, context)) {
    context.log.warn('not deleted: no longer ours', { object: key });
    return gone(action, context);
  }
  using deadline = writeDeadline(context, signal);
  if (action.kind === 'release' || isKept(found)) {
    const patch = releasePatch(found, context.manager, [installationLabel, partOfLabel]);
    await context.client.patchJson(ref, patch, { manager: context.manager }, deadline.signal);
    return gone(action, context);
  }
  const wish = wishOf(found);
  if (wish.kind === 'stay') return { kind: 'refused', key, reason: wish.reason, owned };
  const removal = await context.client.remove(ref, wish.options, deadline.signal);
  context.log.info('object deleted', { object: key });
  return removal === 'gone' ? gone(action, context) : { kind: 'kept', key, owned };
}

type Wish =
  | { readonly kind: 'go'; readonly options: RemoveOptions }
  | { readonly kind: 'stay'; readonly reason: string };

/** What the object says of its own deletion, on top of what was read being what goes. */
function wishOf(found: KubeObject): Wish {
  const stay = (why: string): Wish => ({
    kind: 'stay',
    reason: `${describeObject(found)} is not deleted: its annotation ${deletionAnnotation} ${why}`,
  });
  const options = deleteOptionsOf(found);
  if (options === 'unreadable') return stay('cannot be understood');
  const { propagationPolicy: propagation = 'Background', gracePeriodSeconds, preconditions } = options;
  const uid = textOf(found.metadata.uid) ?? '';
  const resourceVersion = textOf(found.metadata.resourceVersion) ?? '';
  if ((preconditions?.uid ?? uid) !== uid) return stay('is for an object of another uid');
  if ((preconditions?.resourceVersion ?? resourceVersion) !== resourceVersion)
    return stay('is for another version of it');
  return { kind: 'go', options: { uid, resourceVersion, propagation, gracePeriodSeconds } };
}

function gone({ key }: Remove, { live, contests }: ExecuteContext): ActionResult {
  live.delete(key);
  contests.forget(key);
  return { kind: 'gone', key };
}

/** By uid as recorded, and by a label that our own entry holds: children inherit labels, and people copy them. */
function isOurs(found: KubeObject, { owned, live }: Remove, context: ExecuteContext): boolean {
  const uid = textOf(found.metadata.uid);
  const isKnown = (owned !== undefined && owned.uid !== '' && owned.uid === uid) || live?.uid === uid;
  const partOf = ownedLabel(found, context.manager, partOfLabel);
  return isKnown && partOf !== undefined && (partOf === context.owner.recordId || context.formerIds.has(partOf));
}

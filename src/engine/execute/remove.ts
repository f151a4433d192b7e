/** Taking an object away, or letting go of it: only what is ours at this very moment. */
import { ownedLabel } from '../../core/diff/entries.ts';
import { releasePatch } from '../../core/diff/release.ts';
import { textOf } from '../../core/json/value.ts';
import { isKept, type KubeObject } from '../../core/model/object.ts';
import type { Action } from '../../core/model/plan.ts';
import { installationLabel, partOfLabel } from '../../core/plan/manifest.ts';
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
  const [uid, resourceVersion] = [textOf(found.metadata.uid) ?? '', textOf(found.metadata.resourceVersion) ?? ''];
  const removal = await context.client.remove(
    ref,
    { uid, resourceVersion, propagation: 'Background' },
    deadline.signal,
  );
  context.log.info('object deleted', { object: key });
  return removal === 'gone' ? gone(action, context) : { kind: 'kept', key, owned };
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

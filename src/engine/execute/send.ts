/** One server-side apply of one object, and what its answer tells. */
import { mutationsOf } from '../../core/diff/drift.ts';
import { ourSetOf } from '../../core/diff/entries.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Manifest } from '../../core/model/plan.ts';
import type { ApplyPrecondition } from '../../edge/kube/write.ts';
import { printPaths } from '../contests.ts';
import { liveObjectOf } from '../member/live-cache.ts';
import { type ActionResult, type ExecuteContext, inventoryEntry, kindOfObject, writeDeadline } from './context.ts';

export type SendOptions = { readonly precondition: ApplyPrecondition; readonly isForced: boolean };

/** Errors: as `KubeClient.apply`. Shape: the whole answer, since metadata alone would hide what admission did. */
export async function send(
  manifest: Manifest,
  options: SendOptions,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<KubeObject> {
  using deadline = writeDeadline(context, signal);
  const kind = await kindOfObject(manifest.body, context, deadline.signal);
  const { precondition, isForced } = options;
  const { manager, client, live } = context;
  const { isSecret = false } = manifest.desired;
  context.audit.noteSent(manifest.desired.key);
  const applying = { kind, manager, force: isForced, precondition, isSecret };
  const answer = await client.apply(manifest.body, applying, deadline.signal);
  live.set(liveObjectOf(answer, kind, manager));
  return answer;
}

/** What the inventory keeps of an applied object, and what admission made of our values. */
export async function applied(
  manifest: Manifest,
  answer: KubeObject,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { key } = manifest.desired;
  const kind = await kindOfObject(answer, context, signal);
  const owned = inventoryEntry(liveObjectOf(answer, kind, context.manager), manifest.body.apiVersion, manifest.digest);
  const ours = ourSetOf(answer, context.manager);
  const mutated = ours === undefined ? [] : printPaths(mutationsOf(manifest.body, answer, ours));
  context.audit.noteApplied(key, mutated);
  const note =
    mutated.length === 0
      ? undefined
      : `admission changed ${mutated.slice(0, 3).join(', ')} of ${manifest.body.kind} ${manifest.body.metadata.name}`;
  return { kind: 'applied', key, owned, note };
}

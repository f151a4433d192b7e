/** Making an object that is not there; and what to do when it is. */
import { adoptionOf } from '../../core/diff/adoption.ts';
import { entriesOf, ownedLabel } from '../../core/diff/entries.ts';
import { type Predecessor, predecessors } from '../../core/diff/predecessor.ts';
import { textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { describeObject, type KubeObject, textMapOf } from '../../core/model/object.ts';
import type { Action, Manifest } from '../../core/model/plan.ts';
import { installationLabel, partOfLabel } from '../../core/plan/manifest.ts';
import { type ActionResult, type ExecuteContext, kindOfObject, refTo, writeDeadline } from './context.ts';
import { settle } from './heal.ts';
import { applied, send } from './send.ts';

type Create = Extract<Action, { kind: 'create' }>;

/** Creates it in one request that fails when it is there already: an equal object would be adopted without a word. */
export async function create(action: Create, context: ExecuteContext, signal: AbortSignal): Promise<ActionResult> {
  const { manifest } = action;
  try {
    const answer = await send(manifest, { precondition: { kind: 'absent' }, isForced: false }, context, signal);
    return await applied(manifest, answer, context, signal);
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'exists') throw error;
  }
  const kind = await kindOfObject(manifest.body, context, signal);
  const found = await context.client.get(refTo(action.key, kind), signal);
  if (found === undefined)
    throw new FaultError({ kind: 'stale', detail: `${describeObject(manifest.body)} came and went` });
  return meet(action, found, context, signal);
}

/** It is there. Whose is it? */
async function meet(
  { key, manifest, owned }: Create,
  found: KubeObject,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const refuse = (reason: string): ActionResult => ({
    kind: 'refused',
    key,
    reason: `${describeObject(found)} ${reason}`,
    owned,
  });
  const uid = textOf(found.metadata.uid) ?? '';
  if (found.metadata.deletionTimestamp !== undefined)
    return { kind: 'pending', key, reason: `${describeObject(found)} is being deleted`, owned, isSoon: false };
  const partOf = ownedLabel(found, context.manager, partOfLabel);
  // The watch lags, or our label was taken off: it is ours all the same.
  if (uid === owned?.uid || partOf === context.owner.recordId || context.formerIds.has(partOf ?? ''))
    return settle(manifest, found, owned, context, signal);
  const installation = textMapOf(found, 'labels')[installationLabel];
  if (partOf !== undefined) {
    return context.isWantedElsewhere(key)
      ? refuse('belongs to another App')
      : settle(manifest, found, owned, context, signal);
  }
  if (installation !== undefined && installation !== context.owner.installation)
    return refuse(`belongs to Landfall installation ${installation}`);
  return adopt(manifest, found, context, refuse, signal);
}

/** Taking over somebody else's object: only when asked for, and never so that two tools keep writing it. */
async function adopt(
  manifest: Manifest,
  found: KubeObject,
  context: ExecuteContext,
  refuse: (reason: string) => ActionResult,
  signal: AbortSignal,
): Promise<ActionResult> {
  const managers = new Set(
    entriesOf(found)
      .filter(({ subresource }) => subresource === undefined)
      .map(({ manager }) => manager),
  );
  const isAny = context.adopt.includes('any');
  const allowed: readonly Predecessor[] = isAny
    ? Object.values(predecessors).flat()
    : context.adopt.flatMap((tool) => predecessors[tool] ?? []);
  const strangers = [...managers].filter((manager) => !allowed.some((each) => each.manager === manager));
  if (context.adopt.length === 0) {
    return refuse(`is there already and not ours (written by ${listOf(managers)}); \`adopt\` in the App takes it over`);
  }
  if (!isAny && strangers.length > 0) {
    return refuse(`is there already and was written by ${listOf(strangers)}, which \`adopt\` does not name`);
  }
  const adoption = adoptionOf(found, context.manager, allowed);
  let current = found;
  if (adoption !== undefined) {
    using deadline = writeDeadline(context, signal);
    const kind = await kindOfObject(found, context, deadline.signal);
    current = await context.client.patchJson(
      refTo(manifest.desired.key, kind),
      adoption.patch,
      { manager: context.manager },
      deadline.signal,
    );
  }
  context.log.info('object adopted', { object: manifest.desired.key, from: [...managers] });
  return settle(manifest, current, undefined, context, signal);
}

function listOf(managers: Iterable<string>): string {
  const names = [...managers];
  return names.length === 0 ? 'nobody that can be told' : names.join(', ');
}

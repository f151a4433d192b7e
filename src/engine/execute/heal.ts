/** Making an object that is ours as it should be, when somebody else has changed it. */
import { type Blame, describeOwner, isAutoscaler, ownersOf } from '../../core/diff/blame.ts';
import { driftOf } from '../../core/diff/drift.ts';
import { entriesOf, ourSetOf } from '../../core/diff/entries.ts';
import { hasPath } from '../../core/diff/fields.ts';
import { fieldPath } from '../../core/diff/path.ts';
import { suspectOf } from '../../core/diff/predecessor.ts';
import { at, textOf } from '../../core/json/value.ts';
import { describeObject, type KubeObject } from '../../core/model/object.ts';
import type { Manifest } from '../../core/model/plan.ts';
import type { OwnedObject } from '../../core/model/record.ts';
import { printPaths } from '../contests.ts';
import { type ActionResult, type ExecuteContext, kindOfObject } from './context.ts';
import { applied, send } from './send.ts';

const replicasPath = fieldPath('spec', 'replicas');

/**
 * Writes our values over whatever `before` has, unless an autoscaler owns it or it has become a fight.
 *
 * Shape: one PATCH. Who had changed what is known from `before`, as it was read.
 */
export async function settle(
  manifest: Manifest,
  before: KubeObject,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { key } = manifest.desired;
  if (isScaledByProgram(manifest.body, before, context.manager)) {
    context.autoscalers.note(key, [['spec', 'replicas']]);
    return { kind: 'pending', key, reason: 'its replicas are left to the program that scales it', owned, isSoon: true };
  }
  const given = await giveWay(manifest, before, owned, context, signal);
  if (given !== undefined) return given;
  const uid = textOf(before.metadata.uid) ?? '';
  const answer = await send(manifest, { precondition: { kind: 'same', uid }, isForced: true }, context, signal);
  const ours = ourSetOf(answer, context.manager);
  const blames = ours === undefined ? [] : ownersOf(before, driftOf(answer, before, ours));
  // A value of ours that is not the wanted one comes from an apply whose answer was lost, and is nobody's doing.
  const isOwn = ({ owners }: Blame): boolean => owners.some(({ manager }) => manager === context.manager);
  const theirs = blames.filter((blame) => !isOwn(blame));
  if (theirs.length > 0) {
    const who = new Set(theirs.flatMap(({ owners }) => owners.map(describeOwner)));
    const drift = theirs.map(({ path }) => path);
    context.contests.note(key, drift, [...who]);
    context.log.info('drift healed', { object: key, paths: printPaths(drift), by: [...who] });
  }
  return applied(manifest, answer, context, signal);
}

/** The fight is over when what is fought over has come to be as we want it. */
async function giveWay(
  manifest: Manifest,
  before: KubeObject,
  owned: OwnedObject | undefined,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<ActionResult | undefined> {
  const { key } = manifest.desired;
  if (!context.contests.isFight(key)) return undefined;
  const kind = await kindOfObject(manifest.body, context, signal);
  const dry = await context.client.apply(
    manifest.body,
    { kind, manager: context.manager, force: true, dryRun: true, isSecret: manifest.desired.isSecret === true },
    signal,
  );
  const ours = ourSetOf(dry, context.manager);
  const drift = ours === undefined ? [] : driftOf(dry, before, ours);
  const [path] = printPaths(drift);
  if (path === undefined) {
    context.contests.forget(key);
    return undefined;
  }
  const owners = ownersOf(before, drift).flatMap((blame) => blame.owners.map(describeOwner));
  const who = [...new Set(owners)].join(', ') || (suspectOf(before) ?? 'somebody who leaves no name');
  context.contests.giveWay(key, { path, who });
  context.log.warn('field contested', { object: key, path, by: who, code: 'O2101' });
  return {
    kind: 'contested',
    key,
    reason: `${describeObject(before)} ${path} is changed back again and again by ${who}`,
    owned,
  };
}

/** A program that scales, with no autoscaler object that says so. */
export function isScaledByProgram(body: KubeObject, before: KubeObject, manager: string): boolean {
  if (at(body, 'spec', 'replicas') === undefined) return false;
  const ours = ourSetOf(before, manager);
  if (ours !== undefined && hasPath(ours, replicasPath)) return false;
  return entriesOf(before).some((entry) => isAutoscaler(entry) && hasPath(entry.set, replicasPath));
}

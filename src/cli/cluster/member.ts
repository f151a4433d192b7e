/** Landfall's account and rights on a member: put there, proven, and taken away again. */
import { isOurs, systemNamespace } from '../../core/join/member-objects.ts';
import { at, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import { describeObject, type KubeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ObjectRef } from '../../edge/kube/path.ts';
import type { IssuedToken } from '../../edge/kube/token.ts';
import { builtinKinds } from '../../engine/member/builtin-kind.ts';
import { type Clock, sleep } from '../../seam/clock.ts';

/** What was done to one object. */
export type Deed = {
  readonly verb: 'created' | 'changed' | 'unchanged' | 'removed' | 'left';
  readonly object: KubeObject;
};

export const joinManager = 'landfall-join';

/** Errors: conflict, when somebody else made an object of this name; forbidden, … */
export async function applyAll(
  objects: readonly KubeObject[],
  client: KubeClient,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<readonly Deed[]> {
  const deeds: Deed[] = [];
  // In order: a namespace before what is in it, a role before its binding.
  for (const object of objects) deeds.push(await applyOne(object, client, dryRun, signal));
  return deeds;
}

async function applyOne(object: KubeObject, client: KubeClient, dryRun: boolean, signal: AbortSignal): Promise<Deed> {
  const ref = await refOf(object, client, signal);
  const before = await client.get(ref, signal);
  // The namespace may have been there before Landfall; what gives rights may not.
  if (before !== undefined && !isOurs(before) && object.kind !== 'Namespace')
    throw new FaultError({
      kind: 'conflict',
      detail: `${describeObject(object)} is there and is not Landfall's: it lacks the label of config/deploy`,
    });
  if (dryRun) return { verb: before === undefined ? 'created' : 'unchanged', object };
  const options = { kind: ref.kind, manager: joinManager, force: true };
  const after = await client.apply(object, options, signal);
  if (before === undefined) return { verb: 'created', object };
  const isSame = before.metadata.resourceVersion === after.metadata.resourceVersion;
  return { verb: isSame ? 'unchanged' : 'changed', object };
}

/** Takes away what is there and Landfall's; in reverse, so that a binding goes before its role. */
export async function removeAll(
  objects: readonly KubeObject[],
  client: KubeClient,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<readonly Deed[]> {
  const deeds: Deed[] = [];
  for (const object of objects.toReversed()) {
    const verb = await removeOurs(object, client, dryRun, signal);
    if (verb !== undefined) deeds.push({ verb, object });
  }
  return deeds;
}

const removalTries = 5;

/** Undefined: it is not there. Controllers may change it meanwhile: roles that aggregate others follow those. */
async function removeOurs(
  object: KubeObject,
  client: KubeClient,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<'removed' | 'left' | undefined> {
  const ref = await refOf(object, client, signal);
  for (let tries = 1; ; tries += 1) {
    const live = await client.get(ref, signal);
    if (live === undefined) return undefined;
    if (!isOurs(live)) return 'left';
    if (dryRun) return 'removed';
    try {
      await removeOne(ref, live, client, signal);
      return 'removed';
    } catch (error) {
      const isStale = error instanceof FaultError && error.fault.kind === 'stale';
      if (!isStale || tries >= removalTries) throw error;
    }
  }
}

export async function removeOne(
  ref: ObjectRef,
  live: KubeObject,
  client: KubeClient,
  signal: AbortSignal,
): Promise<void> {
  const uid = textOf(live.metadata.uid) ?? '';
  const resourceVersion = textOf(live.metadata.resourceVersion) ?? '';
  await client.remove(ref, { uid, resourceVersion, propagation: 'Background' }, signal);
}

async function refOf(object: KubeObject, client: KubeClient, signal: AbortSignal): Promise<ObjectRef> {
  const kind = await kindOn(client, object.apiVersion, object.kind, signal);
  return { kind, namespace: kind.isNamespaced ? object.metadata.namespace : undefined, name: object.metadata.name };
}

async function kindOn(client: KubeClient, apiVersion: string, kind: string, signal: AbortSignal): Promise<Kind> {
  const found = (await client.kinds(signal)).at(apiVersion, kind);
  if (found !== undefined) return found;
  throw new FaultError({ kind: 'missing', detail: `the cluster does not serve ${apiVersion} ${kind}` });
}

/**
 * A token of Landfall's account, by TokenRequest: it ends by itself, and at once when the Secret that it is bound to goes.
 * A Secret of type service-account-token would hold one that never ends, on the member, for whoever reads Secrets there.
 */
export async function tokenFor(
  objects: readonly KubeObject[],
  durationSeconds: number,
  client: KubeClient,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const account = objects.find(({ kind }) => kind === 'ServiceAccount');
  const hold = objects.find(({ kind }) => kind === 'Secret');
  if (account === undefined || hold === undefined)
    throw new FaultError({ kind: 'misconfigured', detail: 'config/deploy/member has no account, or no Secret for it' });
  const kind = await kindOn(client, account.apiVersion, account.kind, signal);
  const holdRef = { kind: builtinKinds.secret, namespace: systemNamespace, name: hold.metadata.name };
  const uid = textOf(at((await client.get(holdRef, signal, { isMetadataOnly: true })) ?? null, 'metadata', 'uid'));
  if (uid === undefined) throw new FaultError({ kind: 'missing', detail: `${describeObject(hold)} is gone again` });
  const boundTo = { name: hold.metadata.name, uid };
  const ref = { kind, namespace: systemNamespace, name: account.metadata.name };
  return client.issueToken({ account: ref, durationSeconds, boundTo }, signal);
}

const proofTries = 20;
const proofPauseMs = 250;

/** By what it was given: is it let in, and is it this cluster? Errors: whatever keeps Landfall out. */
export async function prove(client: KubeClient, clusterID: string, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const found = await client.identity(signal);
      if (found === clusterID) return;
      throw new FaultError({ kind: 'misconfigured', detail: `its address leads to another cluster, ${found}` });
    } catch (error) {
      // API servers learn of new roles, and of new accounts, a moment after they were made.
      const isEarly =
        error instanceof FaultError && (error.fault.kind === 'forbidden' || error.fault.kind === 'unauthenticated');
      if (!isEarly || tries >= proofTries) throw error;
      await sleep(clock, proofPauseMs, signal);
    }
  }
}

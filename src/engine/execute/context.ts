/** What carrying out an action takes. */
import type { Fault } from '../../core/model/fault.ts';
import { FaultError } from '../../core/model/fault.ts';
import { groupKindOf, type ObjectKey, partsOf } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { LiveObject } from '../../core/model/live.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { OwnedObject } from '../../core/model/record.ts';
import type { Owner } from '../../core/plan/manifest.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ObjectRef } from '../../edge/kube/path.ts';
import { type Clock, type Deadline, deadlineOf } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Audit } from '../audit.ts';
import type { Contests } from '../contests.ts';
import type { AutoscalerCache } from '../member/autoscaler-cache.ts';
import type { LiveCache } from '../member/live-cache.ts';
import type { Session } from '../member/session.ts';

export type ExecuteContext = {
  readonly session: Session;
  /** As the tenant, for all that concerns its objects. */
  readonly client: KubeClient;
  readonly live: LiveCache;
  readonly autoscalers: AutoscalerCache;
  readonly contests: Contests;
  readonly audit: Audit;
  readonly manager: string;
  readonly owner: Owner;
  /** Records whose objects are this cell's too: what the cell was before it was moved. */
  readonly formerIds: ReadonlySet<string>;
  readonly adopt: readonly string[];
  /** Requests of one cell under way at a time. */
  readonly writesMax: number;
  /** Another cell of this cluster still wants it. */
  readonly isWantedElsewhere: (key: ObjectKey) => boolean;
  readonly clock: Clock;
  readonly log: Log;
};

/** How one action went. `owned` is what the inventory remembers from now on; undefined: nothing. */
export type ActionResult =
  | {
      readonly kind: 'applied';
      readonly key: ObjectKey;
      readonly owned: OwnedObject;
      readonly note: string | undefined;
    }
  | { readonly kind: 'kept'; readonly key: ObjectKey; readonly owned: OwnedObject | undefined }
  | { readonly kind: 'gone'; readonly key: ObjectKey }
  /** Not now; `isSoon` when it is to be planned again at once. */
  | {
      readonly kind: 'pending';
      readonly key: ObjectKey;
      readonly reason: string;
      readonly owned: OwnedObject | undefined;
      readonly isSoon: boolean;
    }
  | {
      readonly kind: 'contested';
      readonly key: ObjectKey;
      readonly reason: string;
      readonly owned: OwnedObject | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly key: ObjectKey;
      readonly reason: string;
      readonly owned: OwnedObject | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly key: ObjectKey;
      readonly fault: Fault;
      readonly owned: OwnedObject | undefined;
    };

/** A deadline within the lease: what has not arrived by then must not arrive later. Errors: unreachable. */
export function writeDeadline({ session, clock }: ExecuteContext, signal: AbortSignal): Deadline {
  const remainingMs = session.lease.remainingMs;
  if (remainingMs > 0) return deadlineOf(clock, remainingMs, signal);
  const holder = session.lease.otherHolder;
  throw new FaultError({
    kind: 'unreachable',
    detail: holder === undefined ? 'the lease is not held' : `the lease is held by ${holder}`,
  });
}

/** Errors: missing, when the cluster does not serve the kind at this version. */
export async function kindOfObject(
  object: KubeObject,
  { session }: ExecuteContext,
  signal: AbortSignal,
): Promise<Kind> {
  const kind = await session.kindOf(object.apiVersion, object.kind, signal);
  if (kind !== undefined) return kind;
  throw new FaultError({
    kind: 'missing',
    detail: `the cluster does not serve ${object.kind} of ${object.apiVersion}`,
  });
}

export function refTo(key: ObjectKey, kind: Kind): ObjectRef {
  const { namespace, name } = partsOf(key);
  return { kind, namespace: kind.isNamespaced ? namespace : undefined, name };
}

/** The kind at any version that is served; for objects that are only looked at or removed. */
export const servedKind = (key: ObjectKey, { session }: ExecuteContext): Kind | undefined =>
  session.kinds.of(groupKindOf(key));

/** Shape: `notServed` when the server itself says so, `unknown` when a part of it that could serve the kind does not answer. */
export async function confirmedKind(
  key: ObjectKey,
  context: ExecuteContext,
  signal: AbortSignal,
): Promise<Kind | 'notServed' | 'unknown'> {
  const known = servedKind(key, context);
  if (known !== undefined) return known;
  const kinds = await context.client.kinds(signal, { isFresh: true });
  const group = key.slice(0, key.indexOf('/'));
  const isUnsure = kinds.unavailable.some((each) => each.startsWith(`${group}/`));
  return isUnsure ? 'unknown' : 'notServed';
}

export const inventoryEntry = (live: LiveObject, apiVersion: string, digest: OwnedObject['digest']): OwnedObject => ({
  key: live.key,
  apiVersion,
  uid: live.uid,
  digest,
  fingerprint: live.fingerprint ?? '',
});

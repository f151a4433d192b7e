/** One write, tried without being done: what the API server would make of it. */
import type { Pointer } from '../../core/json/pointer.ts';
import { withoutPointers } from '../../core/json/remove.ts';
import { textOf } from '../../core/json/value.ts';
import { type Fault, FaultError, faultRules } from '../../core/model/fault.ts';
import { partsOf } from '../../core/model/id.ts';
import type { Kind } from '../../core/model/kinds.ts';
import { asKubeObject, describeObject, type KubeObject } from '../../core/model/object.ts';
import type { Action, Manifest } from '../../core/model/plan.ts';
import type { FieldChange } from '../../core/preview/planned.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ObjectRef } from '../../edge/kube/path.ts';
import { isScaledByProgram } from '../execute/heal.ts';
import { type Meeting, type MeetingContext, meetingOf, type RefusalCause } from '../execute/meeting.ts';
import { describeFault, faultOf } from '../fault-text.ts';
import { changesOf } from './field-change.ts';
import { hiddenChanges } from './hidden-changes.ts';
import type { SurveyMember } from './survey-member.ts';

export type Outcome =
  | { readonly kind: 'created' }
  /** None: the object is as it is wanted, and only its record would be brought up to date. */
  | { readonly kind: 'changed'; readonly changes: readonly FieldChange[]; readonly note: string | undefined }
  /** It cannot be tried before something else is there. */
  | {
      readonly kind: 'unverified';
      readonly verb: 'create' | 'update';
      readonly before: 'definition' | 'deletion' | 'namespace';
      readonly reason: string;
    }
  /** `cause`: where the object itself is in the way. */
  | { readonly kind: 'refused'; readonly reason: string; readonly cause?: RefusalCause }
  | { readonly kind: 'failed'; readonly fault: Fault };

export type DryRunContext = MeetingContext & {
  readonly member: SurveyMember;
  /** As the tenant whose repository asks for it. */
  readonly client: KubeClient;
  /** Why a kind is not served yet though it will be; undefined when nobody makes it. */
  readonly plannedKind: (manifest: Manifest) => string | undefined;
  /** Why the namespace of an object is not there yet though it will be. */
  readonly plannedNamespace: (manifest: Manifest) => string | undefined;
};

const replicas: Pointer = ['spec', 'replicas'];

type Write = Extract<Action, { kind: 'create' | 'update' }>;

/** Errors: none but bugs and the signal's reason. */
export async function dryRun(action: Write, context: DryRunContext, signal: AbortSignal): Promise<Outcome> {
  const { manifest } = action;
  try {
    const planned = context.plannedNamespace(manifest);
    if (planned !== undefined) return unverified(action, 'namespace', planned);
    const kind = context.member.session.kinds.at(manifest.body.apiVersion, manifest.body.kind);
    if (kind === undefined) return withoutKind(action, context);
    return action.kind === 'create'
      ? await tryCreate(action, kind, context, signal)
      : await tryUpdate(action, kind, context, signal);
  } catch (error) {
    signal.throwIfAborted();
    return outcomeOf(faultOf(error));
  }
}

type Before = Extract<Outcome, { kind: 'unverified' }>['before'];

const unverified = ({ kind }: Write, before: Before, reason: string): Outcome => ({
  kind: 'unverified',
  verb: kind,
  before,
  reason,
});

function withoutKind(action: Write, { plannedKind }: DryRunContext): Outcome {
  const { body } = action.manifest;
  const planned = plannedKind(action.manifest);
  if (planned !== undefined) return unverified(action, 'definition', planned);
  return { kind: 'refused', reason: `the cluster does not serve ${body.kind} of ${body.apiVersion}` };
}

/** What somebody has to mend is a refusal; what passes by itself leaves it open how the write would go. */
function outcomeOf(fault: Fault): Outcome {
  if (faultRules[fault.kind].actor === 'nobody') return { kind: 'failed', fault };
  return { kind: 'refused', reason: describeFault(fault) };
}

async function tryCreate(
  { manifest, owned }: Extract<Write, { kind: 'create' }>,
  kind: Kind,
  context: DryRunContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const { client, manager } = context;
  try {
    const precondition = { kind: 'absent' } as const;
    const { isSecret = false } = manifest.desired;
    await client.apply(manifest.body, { kind, manager, dryRun: true, precondition, isSecret }, signal);
    return { kind: 'created' };
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'exists') throw error;
  }
  const found = await client.get(refOf(manifest, kind), signal);
  if (found === undefined)
    throw new FaultError({ kind: 'stale', detail: `${describeObject(manifest.body)} came and went` });
  return meet(manifest, found, meetingOf(manifest.desired, found, owned, context), kind, context, signal);
}

/** It is there: the rules of first contact say whether it would be touched. */
async function meet(
  manifest: Manifest,
  found: KubeObject,
  meeting: Meeting,
  kind: Kind,
  context: DryRunContext,
  signal: AbortSignal,
): Promise<Outcome> {
  switch (meeting.kind) {
    case 'refuse':
      return { kind: 'refused', reason: meeting.reason, cause: meeting.cause };
    case 'wait':
      return { kind: 'unverified', verb: 'create', before: 'deletion', reason: meeting.reason };
    case 'ours':
      return forced(manifest, found, kind, manifest.desired.released, undefined, context, signal);
    case 'adopt':
      return forced(manifest, found, kind, manifest.desired.released, meeting, context, signal);
  }
}

async function tryUpdate(
  { manifest, handOver }: Extract<Write, { kind: 'update' }>,
  kind: Kind,
  context: DryRunContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const found = await context.client.get(refOf(manifest, kind), signal);
  if (found === undefined) return { kind: 'created' };
  return forced(manifest, found, kind, handOver, undefined, context, signal);
}

async function forced(
  manifest: Manifest,
  found: KubeObject,
  kind: Kind,
  handedOver: readonly Pointer[],
  adopting: Extract<Meeting, { kind: 'adopt' }> | undefined,
  { client, manager }: DryRunContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const precondition = { kind: 'same', uid: textOf(found.metadata.uid) ?? '' } as const;
  // What another program scales is left to it, here as when it is done.
  const isScaled = isScaledByProgram(manifest.body, found, manager);
  const body = isScaled ? asKubeObject(withoutPointers(manifest.body, [replicas])) : manifest.body;
  const left = isScaled ? [...handedOver, replicas] : handedOver;
  const { isSecret = false } = manifest.desired;
  const trying = { kind, manager, dryRun: true, force: true, precondition, isSecret } as const;
  const answer = await client.apply(body, trying, signal);
  const note = adopting === undefined ? undefined : `taken over from ${adopting.from.join(', ')}`;
  const taken = adopting?.adoption?.taken;
  const changes = changesOf(found, answer, manager, { handedOver: left, taken });
  return { kind: 'changed', changes: isSecret ? hiddenChanges(changes) : changes, note };
}

function refOf({ desired }: Manifest, kind: Kind): ObjectRef {
  const { namespace, name } = partsOf(desired.key);
  return { kind, namespace: kind.isNamespaced ? namespace : undefined, name };
}

/** Reads of one thing: an object, the version, the cluster's identity, a right of ours. */
import { formatJson } from '../../core/json/text.ts';
import { at, textOf, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { jsonOf } from './answer.ts';
import type { Call, Caller } from './call.ts';
import { acceptObject, json, objectOf } from './media.ts';
import { describeRef, type ObjectRef, objectPath } from './path.ts';
import { isLease, isSecret } from './query.ts';
import { faultOfAnswer, isAbsent } from './status.ts';

export type GetOptions = { readonly isMetadataOnly?: boolean };

/**
 * Shape: undefined only when the API server itself says that this object is not there. Errors: missing when the
 * cluster does not serve its kind, which says nothing about the object; forbidden, …
 */
export async function get(
  ref: ObjectRef,
  options: GetOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const about = { doing: `get ${describeRef(ref)}`, isSecret: isSecret(ref.kind) };
  const accept = acceptObject(options.isMetadataOnly);
  const path = objectPath(ref);
  const answer = await call.send(
    { method: 'GET', path, about, accept, expects: [404], isUrgent: isLease(ref.kind) },
    signal,
  );
  if (answer.status !== 404) return objectOf(answer, ref.kind, about.doing);
  if (isAbsent(answer, ref.name)) return undefined;
  throw new FaultError(faultOfAnswer(answer, about));
}

/** `v1.36.3` */
export async function version(call: Caller, signal: AbortSignal): Promise<string> {
  const about = { doing: 'ask for the version', isSecret: false };
  const answer = await call.send({ method: 'GET', path: '/version', about, accept: json }, signal);
  return required(textOf(at(jsonOf(answer, about.doing), 'gitVersion')), about.doing);
}

/** The uid of namespace `kube-system`: as old as the cluster, and no other cluster's. */
export async function identity(call: Caller, signal: AbortSignal): Promise<string> {
  const about = { doing: "ask for the cluster's identity", isSecret: false };
  const path = '/api/v1/namespaces/kube-system';
  const answer = await call.send({ method: 'GET', path, about, accept: acceptObject(true) }, signal);
  return required(textOf(at(jsonOf(answer, about.doing), 'metadata', 'uid')), about.doing);
}

/** What we would like to do. */
export type Action = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Undefined: in all of them, or the kind has none. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};

/** Asks by SelfSubjectAccessReview, as whoever the client acts as. */
export async function mayI(action: Action, call: Caller, signal: AbortSignal): Promise<boolean> {
  const about = { doing: `ask whether we may ${action.verb} ${action.resource}`, isSecret: false };
  const body = formatJson({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: withFields({}, action) },
  });
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const question: Call = { method: 'POST', path, about, accept: json, body, contentType: json, isRead: true };
  const answer = await call.send(question, signal);
  const allowed = at(jsonOf(answer, about.doing), 'status', 'allowed');
  if (typeof allowed === 'boolean') return allowed;
  throw new FaultError({ kind: 'protocol', detail: `${about.doing}: the answer does not say` });
}

function required(text: string | undefined, doing: string): string {
  if (text !== undefined && text !== '') return text;
  throw new FaultError({ kind: 'protocol', detail: `${doing}: the answer does not say` });
}

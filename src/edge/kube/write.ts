/** Writes: server-side apply for what is desired, and the few other verbs that records need. */
import { formatJson } from '../../core/json/text.ts';
import { at, type Json, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { invariant } from '../../core/model/invariant.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Call, Caller } from './call.ts';
import { acceptObject, applyPatch, json, jsonPatch, objectOf } from './media.ts';
import { apiVersionOf, collectionPath, describeRef, type ObjectRef, objectPath, withQuery } from './path.ts';
import { isLease, isSecret } from './query.ts';
import type { About } from './status.ts';

export type WriteOptions = {
  /** The field manager: `landfall-<installation>`. */
  readonly manager: string;
  readonly dryRun?: boolean;
  /** Ask for the answer's metadata only. Hides what admission did to the values. */
  readonly isMetadataOnly?: boolean;
};

/** What must hold for an apply to happen; checked by the server, in the same step. */
export type ApplyPrecondition =
  /** The object is not there: else the fault is `exists`. */
  | { readonly kind: 'absent' }
  /** It is still the one of this uid, and of this version where one is given: else `stale`. */
  | { readonly kind: 'same'; readonly uid: string; readonly resourceVersion?: string };

export type ApplyOptions = WriteOptions & {
  readonly kind: Kind;
  /** Take fields that another manager owns. */
  readonly force?: boolean;
  readonly precondition?: ApplyPrecondition;
  /** Values of a Secret are in it, whatever its kind: no complaint quotes any. */
  readonly isSecret?: boolean;
};

/**
 * Server-side apply.
 *
 * Errors: conflict (with managers and paths), exists and stale (see `ApplyPrecondition`), invalid, missing (its
 * namespace, or its kind), …
 */
export async function apply(
  object: KubeObject,
  options: ApplyOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<KubeObject> {
  const ref = refOf(object, options.kind);
  const { precondition } = options;
  const body = formatJson(precondition === undefined ? object : guarded(object, precondition));
  try {
    const sent = writeCall('PATCH', 'apply', ref, objectPath(ref), options, { body, contentType: applyPatch });
    return objectOf(await call.send(sent, signal), options.kind, sent.about.doing);
  } catch (error) {
    throw precondition === undefined ? error : asPrecondition(error, precondition);
  }
}

/** POST. For records and namespaces only: a desired object made this way keeps removed fields for ever. Errors: exists, … */
export async function create(
  object: KubeObject,
  kind: Kind,
  options: WriteOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<KubeObject> {
  const ref = refOf(object, kind);
  const path = collectionPath(kind, ref.namespace);
  const sent = writeCall('POST', 'create', ref, path, options, { body: formatJson(object), contentType: json });
  return objectOf(await call.send(sent, signal), kind, sent.about.doing);
}

/** PUT. For records and leases only. Errors: stale when `metadata.resourceVersion` is not the newest, missing, … */
export async function replace(
  object: KubeObject,
  kind: Kind,
  options: WriteOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<KubeObject> {
  const ref = refOf(object, kind);
  // Without a version PUT overwrites whatever is there.
  invariant(
    at(object, 'metadata', 'resourceVersion') !== undefined,
    `replace ${describeRef(ref)} has a resourceVersion`,
  );
  const sent = writeCall('PUT', 'replace', ref, objectPath(ref), options, {
    body: formatJson(object),
    contentType: json,
  });
  return objectOf(await call.send(sent, signal), kind, sent.about.doing);
}

/** An RFC 6902 patch, which should `test` what it relies on. Errors: stale when a test fails or a path is gone, missing, … */
export async function patchJson(
  ref: ObjectRef,
  patch: Json,
  options: WriteOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<KubeObject> {
  const sent = writeCall('PATCH', 'patch', ref, objectPath(ref), options, {
    body: formatJson(patch),
    contentType: jsonPatch,
  });
  try {
    return objectOf(await call.send(sent, signal), ref.kind, sent.about.doing);
  } catch (error) {
    // A patch that does not fit is a 422 without a cause; a patched object that is refused has one.
    const isUnfit = error instanceof FaultError && error.fault.kind === 'invalid' && error.fault.fields === undefined;
    throw isUnfit ? new FaultError({ ...error.fault, kind: 'stale' }, { cause: error }) : error;
  }
}

const aboutWrite = (verb: string, ref: ObjectRef, isHidden: boolean): About => ({
  doing: `${verb} ${describeRef(ref)}`,
  isSecret: isHidden || isSecret(ref.kind),
});

function writeCall(
  method: 'PATCH' | 'POST' | 'PUT',
  verb: string,
  ref: ObjectRef,
  path: string,
  options: WriteOptions & Pick<ApplyOptions, 'force' | 'isSecret'>,
  content: Required<Pick<Call, 'body' | 'contentType'>>,
): Call {
  const query = {
    fieldManager: options.manager,
    fieldValidation: 'Strict',
    force: options.force === true ? 'true' : undefined,
    dryRun: options.dryRun === true ? 'All' : undefined,
  };
  return {
    method,
    path: withQuery(path, query),
    about: aboutWrite(verb, ref, options.isSecret === true),
    accept: acceptObject(options.isMetadataOnly),
    isUrgent: isLease(ref.kind),
    ...content,
  };
}

function refOf(object: KubeObject, kind: Kind): ObjectRef {
  const { apiVersion, metadata } = object;
  invariant(
    apiVersion === apiVersionOf(kind) && object.kind === kind.kind,
    `${apiVersion} ${object.kind} is sent as the ${apiVersionOf(kind)} ${kind.kind} that it is`,
  );
  return { kind, namespace: kind.isNamespaced ? metadata.namespace : undefined, name: metadata.name };
}

function guarded(object: KubeObject, precondition: ApplyPrecondition): Json {
  const fields =
    precondition.kind === 'absent'
      ? // No object has had this version for long, so it is stale for any that is there; for none it is no matter.
        { resourceVersion: '1' }
      : { uid: precondition.uid, resourceVersion: precondition.resourceVersion };
  return withFields(object, { metadata: withFields(object.metadata, fields) });
}

/** The server's words for a failed precondition are those of other failures; here it is known what was asked. */
function asPrecondition(error: unknown, precondition: ApplyPrecondition): unknown {
  if (!(error instanceof FaultError)) return error;
  const { fault } = error;
  if (precondition.kind === 'absent') {
    // Fields are compared before versions: an object with other values is a conflict first.
    const isThere = fault.kind === 'stale' || fault.kind === 'conflict';
    return isThere ? new FaultError({ ...fault, kind: 'exists' }, { cause: error }) : error;
  }
  // Another object under the same name: its uid cannot become ours.
  const isAnother = fault.kind === 'invalid' && fault.fields?.includes('metadata.uid') === true;
  return isAnother ? new FaultError({ ...fault, kind: 'stale' }, { cause: error }) : error;
}

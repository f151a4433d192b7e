/** Deletes: of one object that was read, never of whatever bears its name. */
import { formatJson } from '../../core/json/text.ts';
import { fieldOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { invariant } from '../../core/model/invariant.ts';
import { jsonOf } from './answer.ts';
import type { Caller } from './call.ts';
import { json } from './media.ts';
import { describeRef, type ObjectRef, objectPath } from './path.ts';
import { isLease, isSecret } from './query.ts';
import { faultOfAnswer, isAbsent } from './status.ts';

export type RemoveOptions = {
  /** Both, always: what was read is what goes, and nothing that took its place or has changed since. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly propagation: 'Foreground' | 'Background' | 'Orphan';
  /** Absent: as long as the kind has it. */
  readonly gracePeriodSeconds?: number | undefined;
  readonly dryRun?: boolean;
};

/** `deleting`: finalizers or dependents keep it a while. */
export type Removal = 'gone' | 'deleting';

/**
 * DELETE. What is not there is `gone` already.
 *
 * Options travel in the body alone: beside a body the server ignores the query, and a dry run asked for there deletes.
 * Errors: stale when it is another object or has changed, missing when the kind is not served, …
 */
export async function remove(
  ref: ObjectRef,
  options: RemoveOptions,
  call: Caller,
  signal: AbortSignal,
): Promise<Removal> {
  const { uid, resourceVersion, propagation, gracePeriodSeconds, dryRun } = options;
  // An empty precondition is none to the server.
  invariant(uid !== '' && resourceVersion !== '', `delete ${describeRef(ref)} has both preconditions`);
  const about = { doing: `delete ${describeRef(ref)}`, isSecret: isSecret(ref.kind) };
  const body = formatJson({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion },
    propagationPolicy: propagation,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
  });
  const answer = await call.send(
    {
      method: 'DELETE',
      path: objectPath(ref),
      about,
      accept: json,
      body,
      contentType: json,
      expects: [404],
      isUrgent: isLease(ref.kind),
    },
    signal,
  );
  if (answer.status === 404) {
    if (isAbsent(answer, ref.name)) return 'gone';
    throw new FaultError(faultOfAnswer(answer, about));
  }
  // A Status says that it went; the object itself, that it is about to.
  return fieldOf(jsonOf(answer, about.doing), 'kind') === 'Status' ? 'gone' : 'deleting';
}

/** The decision table: what to do about one object of one cell. */
import type { Pointer } from '../json/pointer.ts';
import type { ObjectKey } from '../model/id.ts';
import { invariant } from '../model/invariant.ts';
import type { LiveObject } from '../model/live.ts';
import { describeObject } from '../model/object.ts';
import type { Action, Manifest } from '../model/plan.ts';
import type { OwnedObject } from '../model/record.ts';

/** What the cluster and the record say of one object, and what may be done to it. */
export type Facts = {
  readonly key: ObjectKey;
  readonly manifest: Manifest | undefined;
  /** In our record's inventory. */
  readonly owned: OwnedObject | undefined;
  /** With our installation's label on it. */
  readonly live: LiveObject | undefined;
  readonly recordId: string;
  /** Undefined when it may be applied now. */
  readonly notBefore: string | undefined;
  /** Another cell's record names it, and that cell still wants it. */
  readonly isWantedElsewhere: () => boolean;
  readonly isContested: boolean;
  /** Its values were seen to differ, whatever its fingerprint says. */
  readonly isSuspect: boolean;
  readonly isPruning: boolean;
  /** What no longer belongs to the cell is let go, not deleted. */
  readonly isOrphaning: boolean;
  readonly handOver: readonly Pointer[];
};

/** Shape: one action, whatever the facts. Nothing is deleted that is not ours by record and by label. */
export function decide(facts: Facts): Action {
  const { manifest } = facts;
  if (manifest === undefined) return decideUnwanted(facts);
  return manifest.desired.isReadOnly === true ? decideReadOnly(facts, manifest) : decideWanted(facts, manifest);
}

/** What was ours until now is let go: it stays as it is, and nothing of it is written from here on. */
function decideReadOnly(facts: Facts, { desired }: Manifest): Action {
  const { key, owned, live } = facts;
  if (live === undefined) {
    const reason = `${describeObject(desired.object)} is marked as read-only but does not exist in the cluster`;
    return { kind: 'refuse', key, reason };
  }
  const isOurs = live.partOf === facts.recordId || live.uid === owned?.uid;
  if (!isOurs) return { kind: 'keep', key, reason: 'readOnly', owned: undefined };
  return facts.isWantedElsewhere() ? { kind: 'forget', key } : { kind: 'release', key, owned, live };
}

function decideWanted(facts: Facts, manifest: Manifest): Action {
  const { key, owned, live } = facts;
  if (facts.notBefore !== undefined && !isInSync(facts, manifest))
    return { kind: 'wait', key, reason: facts.notBefore };
  // Ours by the record and gone from the watch: deleted, or its label was taken off. Creating finds out which.
  if (live === undefined) return { kind: 'create', key, manifest, owned };
  if (live.isDeleting) return { kind: 'wait', key, reason: 'it is being deleted' };
  if (live.isControlled) return { kind: 'refuse', key, reason: 'another object controls it' };
  if (live.partOf !== facts.recordId && owned?.uid !== live.uid) {
    if (facts.isWantedElsewhere()) return { kind: 'refuse', key, reason: 'it belongs to another App' };
    return { kind: 'update', key, cause: 'moved', manifest, live, handOver: facts.handOver };
  }
  if (isInSync(facts, manifest)) return { kind: 'keep', key, reason: 'inSync', owned };
  const isDrift = owned !== undefined && owned.uid === live.uid && owned.digest === manifest.digest;
  if (isDrift && facts.isContested) return { kind: 'keep', key, reason: 'contested', owned };
  return { kind: 'update', key, cause: isDrift ? 'drifted' : 'changed', manifest, live, handOver: facts.handOver };
}

/** What we last applied is what is wanted, and our entry says that nobody has taken a field since. */
function isInSync({ owned, live, recordId, isSuspect }: Facts, manifest: Manifest): boolean {
  return (
    !isSuspect &&
    owned !== undefined &&
    live !== undefined &&
    live.partOf === recordId &&
    owned.uid === live.uid &&
    owned.digest === manifest.digest &&
    owned.fingerprint === live.fingerprint
  );
}

function decideUnwanted(facts: Facts): Action {
  const { key, owned, live } = facts;
  invariant(owned !== undefined || live !== undefined, 'an object is wanted, owned or live');
  const isOurs = live === undefined || live.partOf === facts.recordId || live.uid === owned?.uid;
  if (!isOurs || live?.isControlled || facts.isWantedElsewhere()) return { kind: 'forget', key };
  // What is gone already must not count among the deletions that wait.
  if (!facts.isPruning && live === undefined && owned !== undefined) return { kind: 'look', key, owned };
  if (!facts.isPruning) return { kind: 'keep', key, reason: 'notPruning', owned };
  if (live?.isDeleting) return { kind: 'keep', key, reason: 'beingDeleted', owned };
  return { kind: facts.isOrphaning || live?.isKept === true ? 'release' : 'delete', key, owned, live };
}

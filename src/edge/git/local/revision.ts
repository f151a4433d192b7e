/** What people call a commit: a branch, a tag, HEAD, a SHA or its beginning, and so many commits before it. */
import { FaultError } from '../../../core/model/fault.ts';
import { type CommitSha, commitSha } from '../../../core/model/id.ts';
import { isOid } from '../objects/object.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { Walker } from '../objects/walk.ts';
import type { Place } from './place.ts';
import { readRef } from './ref-files.ts';

// The order in which Git tries them. Source: gitrevisions(7).
const prefixes = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];
const tagBytesMax = 1024 * 1024;
const tagHopsMax = 5;
const stepsMax = 10_000;

/**
 * Finds the commit that `text` names: `main`, `v1.2`, `4f1c2ab`, `HEAD~3`, `main^`.
 *
 * Errors: `missing`, when there is none or more than one.
 */
export function resolveRevision(place: Place, objects: ObjectStore, walker: Walker, text: string): CommitSha {
  const parts = /^(?<base>[^~^]+)(?<steps>(?:~[0-9]*|\^)*)$/.exec(text)?.groups;
  const missing = (why: string): FaultError =>
    new FaultError({ kind: 'missing', detail: `${JSON.stringify(text)} names no commit here: ${why}` });
  const named = parts?.base === undefined ? undefined : oidOfBase(place, objects, parts.base);
  if (named === undefined) throw missing('no branch, tag or SHA is called so, or several are');

  let commit = peeled(objects, named);
  let steps = 0;
  for (const [, count] of (parts?.steps ?? '').matchAll(/[~^]([0-9]*)/g)) steps += Number(count || 1);
  if (steps > stepsMax) throw missing('it is too far back');
  for (; steps > 0; steps--) {
    const parent = walker.commit(commit).parents[0];
    if (parent === undefined) throw missing('history ends before it');
    commit = parent;
  }
  if (!walker.hasCommit(commit)) throw missing('it is not here, or is no commit');
  return commitSha(commit);
}

function oidOfBase(place: Place, objects: ObjectStore, base: string): string | undefined {
  if (isOid(base)) return base;
  const name = base === '@' ? 'HEAD' : base;
  for (const prefix of prefixes) {
    const oid = readRef(place, prefix + name);
    if (oid !== undefined) return oid;
  }
  if (!/^[0-9a-f]{4,39}$/.test(base)) return undefined;
  const commits = objects.namesFrom(base, 32).filter((oid) => {
    const reading = objects.read(oid, tagBytesMax);
    return reading.kind === 'held' && reading.type === 'commit';
  });
  return commits.length === 1 ? commits[0] : undefined;
}

/** What an annotated tag, or a tag of one, is about. */
function peeled(objects: ObjectStore, oid: string): string {
  let here = oid;
  for (let hop = 0; hop < tagHopsMax; hop++) {
    const reading = objects.read(here, tagBytesMax);
    if (reading.kind !== 'held' || reading.type !== 'tag') return here;
    here = /^object ([0-9a-f]{40})\n/.exec(reading.bytes.toString('latin1'))?.[1] ?? here;
  }
  return here;
}

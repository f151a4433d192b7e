/** Where a branch stands, told from a list of refs: a missing branch is no empty repository. */
import { FaultError } from '../../core/model/fault.ts';
import { commitSha } from '../../core/model/id.ts';
import type { Head } from '../../seam/git.ts';
import { OversizeError } from './http/faults.ts';
import type { Place } from './local/place.ts';
import { hasRefs, readRef } from './local/ref-files.ts';
import { branchRef } from './local/ref-name.ts';
import { asListed, type Call, type RefLister } from './remote/remote.ts';

/** Cost: one request; a second one when the branch is not there. Errors: FaultError, or the signal's reason. */
export async function headOf(list: RefLister, branch: string | undefined, call: Call): Promise<Head> {
  const ref = branch === undefined ? 'HEAD' : branchRef(branch);
  const oid = (await list([ref], call)).get(asListed(ref))?.oid;
  if (oid !== undefined) return { kind: 'commit', commit: commitSha(oid) };
  return { kind: (await hasAnyRef(list, call)) ? 'branchMissing' : 'emptyRepository' };
}

async function hasAnyRef(list: RefLister, call: Call): Promise<boolean> {
  try {
    return (await list([], call)).size > 0;
  } catch (error) {
    // Too many to list is many.
    if (error instanceof OversizeError) return true;
    throw error;
  }
}

/** The same for a repository on this machine. Cost: a few small files. */
export function headIn(place: Place, branch: string | undefined): Head {
  try {
    const oid = readRef(place, branch === undefined ? 'HEAD' : branchRef(branch));
    if (oid !== undefined) return { kind: 'commit', commit: commitSha(oid) };
    return { kind: hasRefs(place) ? 'branchMissing' : 'emptyRepository' };
  } catch (cause) {
    if (cause instanceof FaultError) throw cause;
    throw new FaultError({ kind: 'unreachable', detail: `cannot read ${place.gitFolder}` }, { cause });
  }
}

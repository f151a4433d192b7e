/** What can be read of a repository: a store of objects, walked within limits. */
import { FaultError } from '../../../core/model/fault.ts';
import type { GitBlob } from '../../../seam/git.ts';
import { DamageError } from './object.ts';
import { type ObjectStore, openObjects } from './store.ts';
import { type Known, nothingKnown, type Walker, type WalkLimits, walkerOf } from './walk.ts';

export type View = {
  readonly objects: ObjectStore;
  readonly walker: Walker;
  /** Holds for every view of the same folders and more. */
  readonly known: Known;
  /** Whether the commit and all of its tree are here, every hash checked. Errors: `invalid`, `misconfigured`. */
  readonly isWhole: (commit: string, signal: AbortSignal) => Promise<boolean>;
  /** Errors: `missing`, `invalid`, DamageError. */
  readonly blob: (oid: string) => GitBlob;
  readonly close: () => void;
};

/** Opens folders of objects, searched in this order. */
export function viewOf(folders: readonly string[], limits: WalkLimits, known: Known = nothingKnown()): View {
  const objects = openObjects(folders);
  const walker = walkerOf(objects, limits, known);
  return {
    objects,
    walker,
    known,
    isWhole: async (commit, signal) => {
      if (known.commits.has(commit)) return true;
      try {
        if (!walker.hasCommit(commit)) return false;
        await walker.check(walker.commit(commit).tree, signal);
      } catch (error) {
        if (error instanceof DamageError || (error instanceof FaultError && error.fault.kind === 'missing'))
          return false;
        throw error;
      }
      known.commits.add(commit);
      return true;
    },
    blob: (oid) => {
      const reading = objects.read(oid, limits.blobBytesMax);
      if (reading.kind === 'absent') throw new FaultError({ kind: 'missing', detail: `blob ${oid} is not here` });
      if (reading.kind === 'tooLarge') return reading;
      if (reading.type === 'blob') return { kind: 'bytes', bytes: reading.bytes };
      throw new FaultError({ kind: 'invalid', detail: `object ${oid} is a ${reading.type}, not a blob` });
    },
    close: objects.close,
  };
}

/** A remote repository by its local copy: fetched, checked, and only then readable. */
import { FaultError } from '../../core/model/fault.ts';
import type { Generations } from './generations.ts';
import type { Holding, Standing } from './holding.ts';
import { OversizeError } from './http/faults.ts';
import { DamageError } from './objects/object.ts';
import { type View, viewOf } from './objects/view.ts';
import type { Known } from './objects/walk.ts';
import { countPacks, readRefFile, writeRef } from './remote/bare-folder.ts';
import { type Call, RefusedError, type Remote, tipOf } from './remote/remote.ts';
import { deepenMax, type GitLimits } from './settings.ts';

export type MirrorSettings = {
  /** `refs/heads/…`, or HEAD. */
  readonly branchRef: string;
  readonly limits: GitLimits;
};

// The newest commit that was found whole: what it holds is not fetched again. Ours alone decides, as
// isomorphic-git moves its own before a single object has come.
const headPointer = 'refs/landfall/head';
const pointerOf = (standing: Standing): string =>
  standing.kind === 'ref' ? `refs/landfall/beside/${standing.ref.replace(/^refs\//, '')}` : headPointer;

// An increase that does not arrive in time will not the next time either.
const patienceMax = 2;

export function openMirror(settings: MirrorSettings, remote: Remote, generations: Generations): Holding {
  const { limits, branchRef } = settings;
  const objectsOf = (folders: readonly string[], known?: Known): View =>
    viewOf(
      folders.map((folder) => `${folder}/objects`),
      limits,
      known,
    );
  let view = objectsOf(generations.folders());
  let timeouts = 0;

  const haveOf = async (folder: string, standing: Standing): Promise<string | undefined> => {
    const pointer = pointerOf(standing);
    return (await readRefFile(folder, pointer)) === undefined ? undefined : pointer;
  };

  /** Fetches by SHA or else by the branch's name, and checks what came against `seen`. */
  const fetchInto = async (
    folder: string,
    seen: View,
    commit: string,
    standing: Standing,
    call: Call,
  ): Promise<void> => {
    const have = standing.kind === 'other' ? undefined : await haveOf(folder, standing);
    const packMax = have === undefined ? limits.packBytesMax : limits.increaseBytesMax;
    try {
      const depth = have === undefined ? 1 : undefined;
      await remote.fetch(folder, { name: commit, have, depth, packMax }, call);
    } catch (error) {
      if (!(error instanceof RefusedError) || standing.kind === 'ref') throw error;
      // Not every server hands out commits by SHA. On the branch, a little back, it may still be found.
      const depth = have === undefined ? deepenMax : undefined;
      await remote.fetch(folder, { name: branchRef, have, depth, packMax }, call);
    }
    seen.objects.refresh();
    if (!seen.walker.hasCommit(commit)) throw new RefusedError(`commit ${commit}`);
    if (!(await seen.isWhole(commit, call.signal))) throw new DamageError(`commit ${commit} came in part only`);
    if (standing.kind !== 'other') await writeRef(folder, pointerOf(standing), commit);
  };

  /** Makes the next generation, which has to be whole by itself. */
  const renew = async (commit: string, standing: Standing, call: Call): Promise<void> => {
    const folder = await generations.begin();
    const alone = objectsOf([folder]);
    try {
      await fetchInto(folder, alone, commit, standing, call);
      await generations.adopt(folder);
    } catch (error) {
      await generations.abandon(folder);
      throw error;
    } finally {
      alone.close();
    }
    view.close();
    view = objectsOf(generations.folders(), alone.known);
  };

  const increase = async (folder: string, commit: string, standing: Standing, call: Call): Promise<void> => {
    const isIncrease = standing.kind !== 'other' && (await haveOf(folder, standing)) !== undefined;
    try {
      await fetchInto(folder, view, commit, standing, call);
      timeouts = 0;
    } catch (error) {
      const kind = error instanceof FaultError ? error.fault.kind : undefined;
      if (isIncrease && kind === 'unreachable') timeouts++;
      // A fresh copy of one commit heals what does not add up, and is less than a long history.
      const isWorthRenewing = isIncrease && (error instanceof OversizeError || kind === 'protocol');
      if (!isWorthRenewing && !(error instanceof DamageError)) throw error;
      await renew(commit, standing, call);
    }
  };

  return {
    view: () => view,
    bring: async (commit, standing, call) => {
      if (await view.isWhole(commit, call.signal)) return;
      const folder = generations.folders()[0];
      const isCrowded = folder !== undefined && (await countPacks(folder)) >= limits.fetchesMax;
      const isFresh = folder === undefined || timeouts >= patienceMax || (isCrowded && standing.kind === 'head');
      timeouts = isFresh ? 0 : timeouts;
      if (isFresh) await renew(commit, standing, call);
      else await increase(folder, commit, standing, call);
    },
    deepen: async (commit, depth, call) => {
      const folder = generations.folders()[0];
      if (folder === undefined) return;
      const have = await haveOf(folder, { kind: 'head' });
      try {
        await remote.fetch(folder, { name: commit, have, depth, packMax: limits.packBytesMax }, call);
      } catch (error) {
        // History is for people to read; less of it stops nothing.
        if (!(error instanceof RefusedError) && !(error instanceof OversizeError)) throw error;
      }
      view.objects.refresh();
    },
    tip: (ref, call) => tipOf(remote.list, ref, call),
    folder: async () => {
      const folder = generations.folders()[0];
      if (folder !== undefined) return folder;
      const first = await generations.begin();
      await generations.adopt(first);
      view.close();
      view = objectsOf(generations.folders());
      return first;
    },
    push: async (move, call) => remote.push(generations.folders()[0] ?? '', move, call),
    close: async () => {
      view.close();
      remote.close();
    },
  };
}

/** A repository on this machine, read where it lies and written by nothing but our own pushes. */
import { FaultError } from '../../core/model/fault.ts';
import type { Holding } from './holding.ts';
import type { Place } from './local/place.ts';
import { isCheckedOut, moveRef, readRef } from './local/ref-files.ts';
import { viewOf } from './objects/view.ts';
import type { GitLimits } from './settings.ts';

export function openInPlace(place: Place, limits: GitLimits): Holding {
  const view = viewOf([`${place.commonFolder}/objects`], limits);
  return {
    view: () => view,
    bring: async (commit, _standing, call) => {
      // Somebody else repacks as they like: what was open may be gone.
      view.objects.refresh();
      if (await view.isWhole(commit, call.signal)) return;
      const why = view.walker.hasCommit(commit) ? 'is here in part only' : 'is not here';
      throw new FaultError({ kind: 'missing', detail: `commit ${commit} ${why}` });
    },
    deepen: async () => {},
    tip: async (ref) => readRef(place, ref),
    folder: async () => place.commonFolder,
    push: async ({ ref, from, to }) => {
      if (isCheckedOut(place, ref)) {
        const detail = `${ref} is checked out in ${place.gitFolder}; push to a bare repository, or to another branch`;
        throw new FaultError({ kind: 'forbidden', detail });
      }
      return moveRef(place, ref, from, to) ? 'pushed' : 'stale';
    },
    close: async () => view.close(),
  };
}

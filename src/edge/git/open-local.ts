/** The repository around a folder, read in this process: for commands that run once on the user's own files. */
import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import { type FolderContent, type FolderFile, type FolderOptions, folderDefaults, type PassedFile } from './folder.ts';
import { type Place, placeAround } from './local/place.ts';
import { resolveRevision } from './local/revision.ts';
import { viewOf } from './objects/view.ts';
import { filesOf } from './objects/walk.ts';
import { misconfigured } from './settings.ts';

export type LocalRepository = {
  /** Where the folder lies in the repository: empty for its root, else ending in a slash. */
  readonly prefix: string;
  /** Finds the commit that a branch, a tag, HEAD, a SHA or its beginning names. Errors: `missing`. */
  readonly resolve: (revision: string) => CommitSha;
  /**
   * The folder as a commit holds it, paths from the folder.
   *
   * Errors: `missing`, `invalid`, `misconfigured`; the signal's reason.
   */
  readonly read: (commit: CommitSha, signal: AbortSignal) => FolderContent;
  /**
   * First-parent history from a commit back, newest first, itself included, at most `limit`.
   *
   * Shape: `isWhole` when the last of them is where the history begins.
   */
  readonly history: (
    commit: CommitSha,
    limit: number,
  ) => { readonly commits: readonly CommitSha[]; readonly isWhole: boolean };
  readonly close: () => void;
};

/** Opens the repository that contains `folder`. Errors: `misconfigured`, when there is none. */
export function openLocal(folder: string, options: FolderOptions = folderDefaults): LocalRepository {
  const real = realFolder(folder);
  const place = placeAround(real);
  const { objects, walker, blob, close } = viewOf([`${place.commonFolder}/objects`], options);
  const prefix = prefixOf(place, real);

  const read: LocalRepository['read'] = (commit, signal) => {
    const below = filesOf(walker, walker.commit(commit).tree, options).filter(({ path }) => path.startsWith(prefix));
    if (below.length === 0 && prefix !== '') {
      throw new FaultError({ kind: 'missing', detail: `${prefix} is not in commit ${commit}` });
    }
    const files: FolderFile[] = [];
    const passed: PassedFile[] = [];
    const others: string[] = [];
    for (const file of below) {
      signal.throwIfAborted();
      const path = file.path.slice(prefix.length);
      const isRegular = file.mode !== 'symlink' && file.mode !== 'submodule';
      if (!options.accepts(path)) {
        if (isRegular) passed.push({ path, blob: async () => blob(file.oid) });
      } else if (isRegular) files.push({ path, blob: blob(file.oid) });
      else others.push(path);
    }
    return { files, passed, others };
  };

  const history: LocalRepository['history'] = (commit, limit) => {
    const commits: CommitSha[] = [];
    let here: string | undefined = commit;
    while (here !== undefined && walker.hasCommit(here) && commits.length < limit) {
      commits.push(commitSha(here));
      here = walker.commit(here).parents[0];
    }
    return { commits, isWhole: here === undefined };
  };

  return { history, prefix, resolve: (revision) => resolveRevision(place, objects, walker, revision), read, close };
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw misconfigured(`there is no folder ${folder}`, cause);
  }
}

function prefixOf(place: Place, folder: string): string {
  if (place.workingTree === undefined) return '';
  const inside = relative(place.workingTree, folder);
  return inside === '' ? '' : `${inside.split(sep).join('/')}/`;
}

/** Tells when a branch of a repository on this machine may have moved, from the files that Git moves it by. */
import { dirname, join } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Place } from './local/place.ts';

// One push touches several files within moments.
const settleMs = 50;

/**
 * Watches HEAD, the packed refs and the branch's own file, never the working tree. The result stops it.
 *
 * Shape: wakes once when it has begun, too. An undefined branch is whatever HEAD names, so every branch wakes.
 */
export function watchBranch(
  place: Place,
  branch: string | undefined,
  wake: () => void,
  deps: { readonly clock: Clock; readonly log: Log },
): () => void {
  const heads = join(place.commonFolder, 'refs', 'heads');
  const branchFile = branch === undefined ? undefined : join(heads, branch);
  const files = new Set([join(place.gitFolder, 'HEAD'), join(place.commonFolder, 'packed-refs')]);
  // Git replaces these files whole, so it is their folders that see it. A folder of branches may yet be made.
  const folders = [place.gitFolder, place.commonFolder, heads];
  const isAncestor = (path: string): boolean => folders.includes(path) || (branchFile?.startsWith(`${path}/`) ?? false);
  const isWatched = (path: string): boolean => {
    if (isAncestor(path) || files.has(path)) return true;
    return branchFile === undefined ? path.startsWith(`${heads}/`) : path === branchFile;
  };

  let cancel: () => void = () => {};
  const watcher = watchFiles([...new Set(folders)], {
    ignored: (path) => !isWatched(path) || path.endsWith('.lock'),
    ignoreInitial: true,
    followSymlinks: false,
  });
  const soon = (): void => {
    cancel();
    cancel = deps.clock.after(settleMs, wake);
  };
  watcher.on('all', soon);
  // What happened while it was looking around was not seen.
  watcher.on('ready', soon);
  watcher.on('error', (error) => {
    deps.log.warn('cannot watch a repository; it is still polled', { path: dirname(heads), why: String(error) });
  });
  return () => {
    cancel();
    void watcher.close();
  };
}

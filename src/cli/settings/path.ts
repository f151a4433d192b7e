/** Paths as people write them in settings and in Clusters. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Shape: absolute. `~/` is the user's own folder, as in a shell; other relative paths start at `folder`. */
export function pathFrom(folder: string, path: string): string {
  return isHome(path) ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

export const isHome = (path: string): boolean => path.startsWith('~/');

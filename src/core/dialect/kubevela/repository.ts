/** Which repository a component means: this one, or another. */
import { cleanPath, type Files } from '../files.ts';
import type { Definitions } from './custom.ts';
import type { InGit } from './in-git.ts';

/** What is known of where files come from. */
export type Origins = {
  readonly files: Files;
  /** Of this repository; undefined where nobody knows it. */
  readonly url: string | undefined;
  readonly definitions: Definitions;
  readonly inGit: InGit;
};

/**
 * The folder in this repository that a component means.
 *
 * Shape: undefined when it is in another one. Where nobody knows which repository this is, a folder that is there is it.
 */
export function folderHere(url: string, folder: string, { files, url: own }: Origins): string | undefined {
  const clean = cleanPath(folder);
  if (own !== undefined) return isSameRepository(url, own) ? clean : undefined;
  return files.treeUnder(clean).length > 0 ? clean : undefined;
}

/** However it is reached: by https or ssh, with a user or without. */
export const isSameRepository = (a: string, b: string): boolean => plain(a) === plain(b);

/** Host and path: `git@host:path` is `ssh://git@host/path`. */
function plain(url: string): string {
  const address = url.includes('://') ? url.replace(/^[^:]*:\/\//, '') : url.replace(/^([^/:]+):/, '$1/');
  return address
    .replace(/^[^@/]+@/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
}

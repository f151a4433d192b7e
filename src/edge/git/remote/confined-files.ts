/** Files for isomorphic-git: one folder, and no way out of it. */
import { lstat, mkdir, readdir, readFile, readlink, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { PromiseFsClient } from 'isomorphic-git';

type Options = { readonly encoding?: BufferEncoding } | BufferEncoding;

/**
 * A server chooses names of refs, and some libraries have made paths of them: here a path that leaves `root` does not
 * exist. What is under `refs/remotes` is not kept: isomorphic-git moves those refs before it has a single object.
 */
export function confinedFiles(root: string): PromiseFsClient {
  const base = resolve(root);
  const remotes = resolve(base, 'refs', 'remotes');
  const isUnder = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);
  const inside = (path: string): string => {
    const whole = resolve(path);
    if (isUnder(base, whole)) return whole;
    throw Object.assign(new Error('outside of the repository'), { code: 'ENOENT' });
  };
  const isKept = (path: string): boolean => !isUnder(remotes, inside(path));
  let written = 0;

  return {
    // Async, all of them: isomorphic-git calls one without arguments to see whether it gets a promise.
    promises: {
      readFile: async (path: string, options: Options = {}) => readFile(inside(path), options),
      writeFile: async (path: string, contents: string | Uint8Array, options: Options = {}): Promise<void> => {
        if (!isKept(path)) return;
        // Whole or not at all: we may be stopped at any moment.
        const target = inside(path);
        const draft = `${target}.${process.pid}-${written++}.draft`;
        await writeFile(draft, contents, options);
        await rename(draft, target);
      },
      mkdir: async (path: string): Promise<void> => {
        if (isKept(path)) await mkdir(inside(path));
      },
      rmdir: async (path: string) => rmdir(inside(path)),
      unlink: async (path: string) => rm(inside(path)),
      stat: async (path: string) => stat(inside(path)),
      lstat: async (path: string) => lstat(inside(path)),
      readdir: async (path: string) => readdir(inside(path)),
      readlink: async (path: string) => readlink(inside(path)),
      symlink: () => Promise.reject(new Error('no links are made in a repository')),
    },
  };
}

/** A folder on this machine as it lies there, in the shape that a commit's files have. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { GitBlob } from '../../seam/git.ts';
import { misconfigured } from './settings.ts';

/** A regular file. The path is from the folder that was asked for, with `/` between its parts. */
export type FolderFile = { readonly path: string; readonly blob: GitBlob };

/** A regular file that was passed over: it can still be read. Errors, of `blob`: misconfigured, missing, invalid. */
export type PassedFile = { readonly path: string; readonly blob: () => Promise<GitBlob> };

export type FolderContent = {
  /** In code unit order of path. */
  readonly files: readonly FolderFile[];
  /** In the same order. */
  readonly passed: readonly PassedFile[];
  /** Symbolic links, submodules and the like: named, never followed. In the same order. */
  readonly others: readonly string[];
};

export type FolderOptions = {
  /** Which files to read at once; all others are passed over. */
  readonly accepts: (path: string) => boolean;
  readonly filesMax: number;
  /** A larger file is named, and not read. */
  readonly blobBytesMax: number;
};

export const folderDefaults: FolderOptions = {
  accepts: () => true,
  filesMax: 100_000,
  blobBytesMax: 16 * 1024 * 1024,
};

const nestingMax = 64;

/**
 * Reads all files below a folder, whether Git knows them or not; only `.git` is passed over.
 *
 * Errors: `misconfigured` when there is no such folder, it cannot be read, or holds too many files; the signal's reason.
 */
export async function readFolder(
  folder: string,
  signal: AbortSignal,
  options: FolderOptions = folderDefaults,
): Promise<FolderContent> {
  const files: FolderFile[] = [];
  const passed: PassedFile[] = [];
  const others: string[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    if (depth > nestingMax) throw misconfigured(`folders in ${folder} nest deeper than ${nestingMax}`);
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries) {
      signal.throwIfAborted();
      const here = path + entry.name;
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) await visit(`${here}/`, depth + 1);
      else if (!options.accepts(here)) {
        if (entry.isFile()) passed.push({ path: here, blob: () => laterBlob(folder, here, options) });
      } else if (!entry.isFile()) others.push(here);
      else files.push({ path: here, blob: await blobAt(join(folder, here), options.blobBytesMax) });
      if (files.length > options.filesMax) throw misconfigured(`${folder} holds more than ${options.filesMax} files`);
    }
  };
  try {
    await visit('', 0);
  } catch (cause) {
    if (signal.aborted || cause instanceof FaultError) throw cause;
    throw misconfigured(`cannot read ${folder}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number => order(a.path, b.path);
  return { files: files.toSorted(byPath), passed: passed.toSorted(byPath), others: others.toSorted(order) };
}

async function laterBlob(folder: string, path: string, { blobBytesMax }: FolderOptions): Promise<GitBlob> {
  try {
    return await blobAt(join(folder, path), blobBytesMax);
  } catch (cause) {
    throw misconfigured(`cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function blobAt(path: string, sizeMax: number): Promise<GitBlob> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > sizeMax) return { kind: 'tooLarge', sizeBytes: size };
  return { kind: 'bytes', bytes: await file.readFile() };
}

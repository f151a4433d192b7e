/** The repository that a folder is in: its root, its addresses, its files. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryName } from '../../core/import/surroundings.ts';
import { FaultError } from '../../core/model/fault.ts';
import { folderDefaults, readFolder } from '../../edge/git/folder.ts';
import { placeAround } from '../../edge/git/local/place.ts';
import type { Settings } from '../settings/settings.ts';

export type Around = {
  /** Paths of components begin here. */
  readonly root: string;
  /** From the root to the folder; empty, or with a slash at the end. */
  readonly prefix: string;
  readonly isOurs: (url: string) => boolean;
};

export function repositoryAround(dir: string, named: readonly string[], { repositories }: Settings): Around {
  const place = placeOrNone(dir);
  const root = place?.workingTree ?? dir;
  const way = relative(root, dir);
  const remotes = place === undefined ? [] : remotesIn(join(place.commonFolder, 'config'));
  const ours = new Set([...named, ...remotes, ...repositories.map(({ url }) => url)].map(repositoryName));
  return { root, prefix: way === '' ? '' : `${way}/`, isOurs: (url) => url !== '' && ours.has(repositoryName(url)) };
}

function placeOrNone(dir: string): ReturnType<typeof placeAround> | undefined {
  try {
    return placeAround(dir);
  } catch (error) {
    if (error instanceof FaultError) return undefined;
    throw error;
  }
}

/** The addresses that a clone remembers; nothing else of its settings matters here. */
function remotesIn(config: string): readonly string[] {
  if (!existsSync(config)) return [];
  return [...readFileSync(config, 'utf8').matchAll(/^\s*url\s*=\s*(\S+)\s*$/gm)].map(([, url = '']) => url);
}

const readBytesMax = 1024 * 1024;

export type RepositoryFiles = {
  /** Of every file, from the root. */
  readonly paths: ReadonlySet<string>;
  /** Shape: undefined for what is not among them, or too large. */
  readonly read: (path: string) => string | undefined;
};

/** None is read before it is asked for. */
export async function filesIn(root: string, signal: AbortSignal): Promise<RepositoryFiles> {
  const paths = new Set<string>();
  const accepts = (path: string): boolean => {
    if (!/(?:^|\/)node_modules\//.test(path)) paths.add(path);
    return false;
  };
  await readFolder(root, signal, { ...folderDefaults, accepts });
  const known = new Map<string, string | undefined>();
  const read = (path: string): string | undefined => {
    if (!known.has(path)) known.set(path, paths.has(path) ? textIn(join(root, path)) : undefined);
    return known.get(path);
  };
  return { paths, read };
}

function textIn(file: string): string | undefined {
  try {
    return statSync(file).size > readBytesMax ? undefined : readFileSync(file, 'utf8');
  } catch {
    // Taken away, or not to be read: as if it were not there.
    return undefined;
  }
}

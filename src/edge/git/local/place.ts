/** Where a repository on this machine lies: bare, inside a working tree, or a linked working tree of another. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { FaultError } from '../../../core/model/fault.ts';

export type Place = {
  /** Holds HEAD. */
  readonly gitFolder: string;
  /** Holds objects and branches; another folder than `gitFolder` for a linked working tree. */
  readonly commonFolder: string;
  /** The folder whose `.git` this is; undefined when it was named by its own folder. */
  readonly workingTree: string | undefined;
  readonly isBare: boolean;
};

const linkBytesMax = 8192;

/** The repository in `folder`. Errors: `misconfigured`, when there is none, or one of a kind we cannot read. */
export function placeOf(folder: string): Place {
  const place = placeIn(resolve(folder));
  if (place !== undefined) return place;
  throw new FaultError({ kind: 'misconfigured', detail: `${folder} is no Git repository` });
}

/** The repository that holds `folder`, going up. Errors: `misconfigured`. */
export function placeAround(folder: string): Place {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const place = placeIn(here);
    if (place !== undefined) return place;
    if (here === dirname(here)) break;
  }
  throw new FaultError({ kind: 'misconfigured', detail: `${folder} is in no Git repository` });
}

function placeIn(folder: string): Place | undefined {
  const dotGit = join(folder, '.git');
  if (isFolder(dotGit)) return checked({ gitFolder: dotGit, commonFolder: commonOf(dotGit), workingTree: folder });
  if (existsSync(dotGit)) {
    const gitFolder = linkIn(dotGit, folder, /^gitdir: (.+)$/m);
    if (gitFolder === undefined) return undefined;
    return checked({ gitFolder, commonFolder: commonOf(gitFolder), workingTree: folder });
  }
  const isGitFolder = existsSync(join(folder, 'HEAD')) && (isFolder(join(folder, 'objects')) || linksOut(folder));
  if (!isGitFolder) return undefined;
  return checked({ gitFolder: folder, commonFolder: commonOf(folder), workingTree: undefined });
}

/** Refuses what we would misread. Only a few lines of the repository's settings matter, and none is obeyed. */
function checked(place: Omit<Place, 'isBare'>): Place | undefined {
  if (!existsSync(join(place.gitFolder, 'HEAD'))) return undefined;
  const config = join(place.commonFolder, 'config');
  const settings = existsSync(config) ? readFileSync(config, 'utf8').toLowerCase() : '';
  const refuse = (what: string): never => {
    throw new FaultError({ kind: 'misconfigured', detail: `the repository ${place.gitFolder} ${what}` });
  };
  if (/^\s*objectformat\s*=\s*"?sha256/m.test(settings)) refuse('names its objects by SHA-256, which is not supported');
  if (/^\s*refstorage\s*=\s*"?reftable/m.test(settings)) {
    refuse('keeps its branches in a reftable; `git refs migrate --ref-format=files` makes it readable');
  }
  return { ...place, isBare: place.workingTree === undefined && /^\s*bare\s*=\s*"?(true|yes|on|1)/m.test(settings) };
}

const linksOut = (folder: string): boolean => existsSync(join(folder, 'commondir'));

function commonOf(gitFolder: string): string {
  return linkIn(join(gitFolder, 'commondir'), gitFolder, /^(.+)$/m) ?? gitFolder;
}

/** The folder that a small file names, from the folder the file lies in. */
function linkIn(file: string, from: string, pattern: RegExp): string | undefined {
  if (!existsSync(file) || statSync(file).size > linkBytesMax) return undefined;
  const target = pattern.exec(readFileSync(file, 'utf8'))?.[1]?.trim();
  if (target === undefined) return undefined;
  return isAbsolute(target) ? target : join(from, target);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

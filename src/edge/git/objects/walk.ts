/** Walks of trees: all that a commit holds, checked; its files; what differs between two. */
import { FaultError } from '../../../core/model/fault.ts';
import type { TreeChange, TreeFile } from '../../../seam/git.ts';
import { type Commit, parseCommit } from './commit.ts';
import type { ObjectType } from './object.ts';
import type { ObjectStore } from './store.ts';
import { parseTree, type TreeEntry } from './tree.ts';

export type WalkLimits = {
  /** Files of one commit. */
  readonly filesMax: number;
  /** A larger blob is listed and never read. */
  readonly blobBytesMax: number;
};

/** Reads what a walk needs, and remembers which trees were found whole. */
export type Walker = {
  readonly commit: (oid: string) => Commit;
  /** Whether a commit is here, and no other kind of object. */
  readonly hasCommit: (oid: string) => boolean;
  /** The entries of a tree; `path` is its own, empty or ending in a slash. */
  readonly entries: (path: string, tree: string) => readonly TreeEntry[];
  /** Reads every object below a tree once and checks its hash. Resolves when all are here and whole. */
  readonly check: (tree: string, signal: AbortSignal) => Promise<void>;
};

/** What was read once and found whole, by name: content never changes under a name. */
export type Known = {
  readonly commits: Set<string>;
  readonly wholeTrees: Set<string>;
  readonly goodBlobs: Set<string>;
};

export const nothingKnown = (): Known => ({ commits: new Set(), wholeTrees: new Set(), goodBlobs: new Set() });

const treeBytesMax = 32 * 1024 * 1024;
const commitBytesMax = 1024 * 1024;
const nestingMax = 128;
const rememberedMax = 400_000;
const turnMs = 20;

export function walkerOf(objects: ObjectStore, limits: WalkLimits, { wholeTrees, goodBlobs }: Known): Walker {
  const content = (oid: string, type: ObjectType, sizeMax: number): Buffer => {
    const reading = objects.read(oid, sizeMax);
    if (reading.kind === 'absent') throw new FaultError({ kind: 'missing', detail: `${type} ${oid} is not here` });
    if (reading.kind === 'tooLarge') throw tooLarge(`${type} ${oid} has ${reading.sizeBytes} bytes`);
    if (reading.type !== type) {
      throw new FaultError({ kind: 'invalid', detail: `object ${oid} is a ${reading.type}, not a ${type}` });
    }
    return reading.bytes;
  };
  const entries: Walker['entries'] = (path, tree) => parseTree(path, content(tree, 'tree', treeBytesMax));

  const checkBlob = (path: string, oid: string): void => {
    if (goodBlobs.has(oid)) return;
    const reading = objects.read(oid, limits.blobBytesMax);
    if (reading.kind === 'absent')
      throw new FaultError({ kind: 'missing', detail: `the content of ${path} is not here` });
    if (reading.kind === 'held' && reading.type !== 'blob') {
      throw new FaultError({ kind: 'invalid', detail: `the content of ${path} is a ${reading.type}` });
    }
    goodBlobs.add(oid);
  };

  return {
    commit: (oid) => parseCommit(oid, content(oid, 'commit', commitBytesMax)),
    hasCommit: (oid) => {
      const reading = objects.read(oid, commitBytesMax);
      return reading.kind === 'held' && reading.type === 'commit';
    },
    entries,
    check: async (root, signal) => {
      if (wholeTrees.size + goodBlobs.size > rememberedMax) {
        wholeTrees.clear();
        goodBlobs.clear();
      }
      let files = 0;
      let turnEndsMs = performance.now() + turnMs;
      const visit = async (path: string, tree: string, depth: number): Promise<void> => {
        if (wholeTrees.has(tree)) return;
        if (depth > nestingMax) throw tooLarge(`folders nest deeper than ${nestingMax}`);
        for (const entry of entries(path, tree)) {
          if (entry.mode === 'folder') {
            await visit(`${path}${entry.name}/`, entry.oid, depth + 1);
          } else if (entry.mode !== 'submodule') {
            files++;
            checkBlob(path + entry.name, entry.oid);
          }
          if (files > limits.filesMax) throw tooLarge(`a commit holds more than ${limits.filesMax} files`);
          if (performance.now() > turnEndsMs) {
            // Somebody may have lost patience meanwhile.
            await new Promise((resolve) => setImmediate(resolve));
            signal.throwIfAborted();
            turnEndsMs = performance.now() + turnMs;
          }
        }
        wholeTrees.add(tree);
      };
      await visit('', root, 0);
    },
  };
}

/** All files below a tree, in code unit order of path. */
export function filesOf(walker: Walker, tree: string, limits: WalkLimits): readonly TreeFile[] {
  // Folders count too: the same few, one inside the other many times over, make a tree without end or files.
  const count = countTo(limits.filesMax * 2);
  const files: TreeFile[] = [];
  const visit = (path: string, folder: string, depth: number): void => {
    if (depth > nestingMax) throw tooLarge(`folders nest deeper than ${nestingMax}`);
    for (const entry of walker.entries(path, folder)) {
      count();
      const file = fileOf(path, entry);
      if (file === undefined) visit(`${path}${entry.name}/`, entry.oid, depth + 1);
      else files.push(file);
    }
  };
  visit('', tree, 0);
  if (files.length > limits.filesMax) throw tooLarge(`a commit holds more than ${limits.filesMax} files`);
  return files.toSorted(byPath);
}

/**
 * What differs between two trees, in code unit order of path; without the first, all of the second.
 *
 * Cost: trees with equal names are not entered, so one changed file costs its folders, not the repository.
 */
export function changesOf(
  walker: Walker,
  from: string | undefined,
  to: string,
  limits: WalkLimits,
): readonly TreeChange[] {
  const count = countTo(limits.filesMax * 4);
  const changes: TreeChange[] = [];
  const pending: { readonly path: string; readonly from: string | undefined; readonly to: string | undefined }[] = [
    { path: '', from, to },
  ];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    if (pair.path.split('/').length > nestingMax) throw tooLarge(`folders nest deeper than ${nestingMax}`);
    const { path } = pair;
    const before = byName(pair.from === undefined ? [] : walker.entries(path, pair.from));
    const after = byName(pair.to === undefined ? [] : walker.entries(path, pair.to));
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const old = before.get(name);
      const now = after.get(name);
      if (old?.oid === now?.oid && old?.mode === now?.mode) continue;
      count();
      const [oldFolder, nowFolder] = [folderOf(old), folderOf(now)];
      if (oldFolder !== undefined || nowFolder !== undefined) {
        pending.push({ path: `${path}${name}/`, from: oldFolder, to: nowFolder });
      }
      const [oldFile, nowFile] = [fileOf(path, old), fileOf(path, now)];
      if (oldFile !== undefined || nowFile !== undefined) {
        changes.push({ path: path + name, before: oldFile, after: nowFile });
      }
    }
  }
  return changes.toSorted(byPath);
}

function countTo(max: number): () => void {
  let counted = 0;
  return () => {
    if (++counted > max) throw tooLarge(`a commit holds more than ${max} files and folders`);
  };
}

const byName = (entries: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> =>
  new Map(entries.map((entry) => [entry.name, entry]));
const folderOf = (entry: TreeEntry | undefined): string | undefined =>
  entry?.mode === 'folder' ? entry.oid : undefined;
const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

function fileOf(folder: string, entry: TreeEntry | undefined): TreeFile | undefined {
  if (entry === undefined || entry.mode === 'folder') return undefined;
  return { path: folder + entry.name, oid: entry.oid, mode: entry.mode };
}

function tooLarge(detail: string): FaultError {
  return new FaultError({ kind: 'misconfigured', detail: `the repository is too large: ${detail}` });
}

/** New commits without a working tree: changed trees up to the root, and the commit on top. */
import type { TreeEntry as NewEntry } from 'isomorphic-git';
import { FaultError } from '../../../core/model/fault.ts';
import { problemOfName, type TreeEntry } from '../objects/tree.ts';
import type { Walker } from '../objects/walk.ts';
import { confinedFiles } from '../remote/confined-files.ts';
import { misconfigured } from '../settings.ts';

export type Author = { readonly name: string; readonly email: string };

/** Objects are written into this bare repository. */
export type Desk = { readonly folder: string; readonly walker: Walker };

/** A folder's changes: a text, a removal, or a folder with changes of its own. */
type Changes = Map<string, string | undefined | Changes>;

const modes: Readonly<Record<TreeEntry['mode'], string>> = {
  file: '100644',
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
  folder: '040000',
};

/**
 * Writes the tree that `tree` becomes when some of its files change; a text of undefined removes the file.
 *
 * Shape: undefined begins with an empty tree. A file keeps its mode; a folder without files goes.
 * Errors: `invalid`, when a path is none or runs through a file; `misconfigured`, when nothing can be written.
 */
export async function editTree(
  desk: Desk,
  tree: string | undefined,
  files: ReadonlyMap<string, string | undefined>,
): Promise<string> {
  const root: Changes = new Map();
  for (const [path, text] of files) plan(root, path, text);
  return (await edit(desk, '', tree, root)) ?? writeTree(desk, []);
}

/** Writes a commit. Units: milliseconds since 1970. */
export async function writeCommit(
  desk: Desk,
  commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Author;
    readonly atMs: number;
  },
): Promise<string> {
  const timestamp = Math.floor(commit.atMs / 1000);
  const person = { ...commit.author, timestamp, timezoneOffset: 0 };
  return written((git) =>
    git.writeCommit({
      fs: confinedFiles(desk.folder),
      gitdir: desk.folder,
      commit: {
        tree: commit.tree,
        parent: [...commit.parents],
        message: commit.message,
        author: person,
        committer: person,
      },
    }),
  );
}

function plan(root: Changes, path: string, text: string | undefined): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let folder = root;
  for (const part of [...parts, name]) {
    const problem = problemOfName(part);
    if (problem !== undefined) throw new FaultError({ kind: 'invalid', detail: `${JSON.stringify(path)} ${problem}` });
  }
  for (const part of parts) {
    const here = folder.get(part);
    if (here !== undefined && !(here instanceof Map)) throw runsThroughFile(path);
    const next: Changes = here ?? new Map();
    folder.set(part, next);
    folder = next;
  }
  if (folder.get(name) instanceof Map) throw runsThroughFile(path);
  folder.set(name, text);
}

/** The new tree, or undefined when it would be empty. */
async function edit(desk: Desk, path: string, tree: string | undefined, changes: Changes): Promise<string | undefined> {
  const entries = new Map(
    (tree === undefined ? [] : desk.walker.entries(path, tree)).map((entry) => [entry.name, entry]),
  );
  for (const [name, change] of changes) {
    const before = entries.get(name);
    if (change instanceof Map) {
      if (before !== undefined && before.mode !== 'folder') throw runsThroughFile(path + name);
      const oid = await edit(desk, `${path}${name}/`, before?.oid, change);
      if (oid === undefined) entries.delete(name);
      else entries.set(name, { name, mode: 'folder', oid });
    } else if (change === undefined) {
      if (before?.mode !== 'folder') entries.delete(name);
    } else {
      if (before?.mode === 'folder') throw runsThroughFile(path + name);
      const mode = before?.mode === 'executable' ? 'executable' : 'file';
      entries.set(name, { name, mode, oid: await writeBlob(desk, change) });
    }
  }
  return entries.size === 0 ? undefined : writeTree(desk, [...entries.values()]);
}

function writeBlob(desk: Desk, text: string): Promise<string> {
  const blob = new TextEncoder().encode(text);
  return written((git) => git.writeBlob({ fs: confinedFiles(desk.folder), gitdir: desk.folder, blob }));
}

function writeTree(desk: Desk, entries: readonly TreeEntry[]): Promise<string> {
  const tree = entries.map(({ name, mode, oid }): NewEntry => {
    const type = mode === 'folder' ? 'tree' : mode === 'submodule' ? 'commit' : 'blob';
    return { mode: modes[mode], path: name, oid, type };
  });
  return written((git) => git.writeTree({ fs: confinedFiles(desk.folder), gitdir: desk.folder, tree }));
}

async function written(run: (git: typeof import('isomorphic-git')) => Promise<string>): Promise<string> {
  // Loaded when something is written: most commands only read.
  const git = await import('isomorphic-git');
  try {
    return await run(git);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw misconfigured('cannot write objects into the repository', cause);
  }
}

const runsThroughFile = (path: string): FaultError =>
  new FaultError({ kind: 'invalid', detail: `${JSON.stringify(path)} is both a file and a folder` });

/** A folder as it lies there, in the shape of a repository with one commit: what it says can be planned before it is committed. */

import { FaultError } from '../../core/model/fault.ts';
import { commitSha, type RepositoryId } from '../../core/model/id.ts';
import { folderDefaults, readFolder } from '../../edge/git/folder.ts';
import type { GitBlob, GitRepository, TreeFile } from '../../seam/git.ts';

const commit = commitSha('0'.repeat(40));
const options = {
  ...folderDefaults,
  accepts: (path: string) => !/(?:^|\/)node_modules\//.test(path),
  blobBytesMax: 1024 * 1024,
};

/** `more`: files that are not there, by path. */
export function folderGit(id: RepositoryId, folder: string, more: ReadonlyMap<string, string>): GitRepository {
  const blobs = new Map<string, GitBlob>();
  const refuse = (what: string) => (): Promise<never> =>
    Promise.reject(new FaultError({ kind: 'misconfigured', detail: `${folder} is no commit: it cannot ${what}` }));
  return {
    id,
    head: () => Promise.resolve({ kind: 'commit', commit }),
    fetch: async (wanted) => {
      if (wanted !== commit) throw new FaultError({ kind: 'missing', detail: `${wanted} is not looked for here` });
    },
    files: async (_, signal) => {
      const { files, others } = await readFolder(folder, signal, options);
      for (const { path, blob } of files) blobs.set(path, blob);
      for (const [path, text] of more) blobs.set(path, { kind: 'bytes', bytes: new TextEncoder().encode(text) });
      // A path is as good a name for its content as any: every file is read once.
      const tree: TreeFile[] = [
        ...[...blobs.keys()].map((path): TreeFile => ({ path, oid: path, mode: 'file' })),
        ...others.map((path): TreeFile => ({ path, oid: path, mode: 'symlink' })),
      ];
      return tree.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
    changes: () => Promise.resolve([]),
    blobs: (oids) => Promise.resolve(oids.flatMap((oid) => blobs.get(oid) ?? [])),
    history: () =>
      Promise.resolve([{ commit, parents: [], subject: 'as it lies there', author: '', committedAtMs: 0 }]),
    mergeBase: () => Promise.resolve({ kind: 'none' }),
    contributions: () => Promise.resolve(undefined),
    readNotes: () => Promise.resolve(new Map()),
    writeNotes: refuse('take notes'),
    propose: refuse('take proposals'),
    push: refuse('be pushed to'),
    watch: undefined,
    close: () => Promise.resolve(),
  };
}

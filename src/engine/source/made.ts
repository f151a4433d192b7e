/** Files that no commit holds, beside those of a repository: what a merge would make of two sides. */
import type { GitBlob, GitRepository } from '../../seam/git.ts';

/** Their bytes, by oid. */
export type Made = ReadonlyMap<string, Uint8Array>;

type Blobs = Pick<GitRepository, 'blobs' | 'id'>;

export function withMade(git: Blobs, made: Made): Blobs {
  if (made.size === 0) return git;
  return {
    id: git.id,
    blobs: async (oids, signal) => {
      const stored = oids.filter((oid) => !made.has(oid));
      const blobs = stored.length === 0 ? [] : await git.blobs(stored, signal);
      const found = new Map(stored.map((oid, index) => [oid, blobs[index]]));
      return oids.flatMap((oid): readonly GitBlob[] => {
        const bytes = made.get(oid);
        const blob = bytes === undefined ? found.get(oid) : { kind: 'bytes' as const, bytes };
        return blob === undefined ? [] : [blob];
      });
    },
  };
}

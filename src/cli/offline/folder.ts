/** A folder of manifests, as it lies there or as a commit holds it. */
import { basename, resolve } from 'node:path';
import { pastSnapshot } from '../../core/dialect/read.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type CommitSha, commitSha, type RepositoryId, repositoryId } from '../../core/model/id.ts';
import { noPast, type Past, type Snapshot } from '../../core/model/source.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { type FolderContent, folderDefaults, readFolder } from '../../edge/git/folder.ts';
import { type LocalRepository, openLocal } from '../../edge/git/open-local.ts';
import { followedBy } from '../../engine/source/past.ts';
import { readSnapshot } from '../../engine/source/snapshot.ts';
import type { GitBlob, TreeFile } from '../../seam/git.ts';
import type { Parser } from '../../seam/parse.ts';

export type Folder = {
  readonly id: RepositoryId;
  readonly snapshot: Snapshot;
  /** For showing the line of a problem; undefined for a file that was not read. */
  readonly textOf: (path: string) => string | undefined;
  /** The same folder at another commit. Errors: missing; misconfigured, when it is in no repository. */
  readonly at: (commit: CommitSha, signal: AbortSignal) => Promise<Snapshot>;
  /** What was before the snapshot, or before it at another commit; nothing where the folder is in no repository. */
  readonly past: (commit: CommitSha | undefined, signal: AbortSignal) => Promise<Past>;
  readonly close: () => void;
};

/** What stands for the commit of files that are in none. */
const uncommitted = commitSha('0'.repeat(40));

/** These are the user's own files, read once: a process apart, as a controller has, would only cost time. */
const parser: Parser = {
  parse: async (files) => files.map(({ path, bytes }) => readManifests(path, bytes)),
  close: async () => {},
};

/** `revision`: a branch, a tag or a commit; undefined for the files as they lie there. Errors: FaultError. */
export async function openFolder(path: string, revision: string | undefined, signal: AbortSignal): Promise<Folder> {
  const folder = resolve(path);
  const id = idOf(folder);
  const repository = revision === undefined ? repositoryAround(folder) : openLocal(folder, options);
  try {
    const commit = revision === undefined ? uncommitted : repository?.resolve(revision);
    const content =
      commit === undefined || commit === uncommitted
        ? await readFolder(folder, signal, options)
        : repository?.read(commit, signal);
    const read = content ?? { files: [], others: [] };
    return {
      id,
      snapshot: await snapshotOf(id, commit ?? uncommitted, read, signal),
      textOf: (wanted) => textIn(read, wanted),
      at: async (other) => {
        if (repository === undefined)
          throw new FaultError({ kind: 'misconfigured', detail: `${folder} is in no Git repository` });
        return snapshotOf(id, other, repository.read(other, signal), signal);
      },
      past: async (other) =>
        repository === undefined ? noPast : pastBefore(other ?? commit ?? uncommitted, id, repository, signal),
      close: () => repository?.close(),
    };
  } catch (error) {
    repository?.close();
    throw error;
  }
}

/** Far more commits than people look at; what is older has no number any more. */
const commitsMax = 2_000;

/** Of files that are not committed, HEAD is the first that was before. */
async function pastBefore(
  commit: CommitSha,
  id: RepositoryId,
  repository: LocalRepository,
  signal: AbortSignal,
): Promise<Past> {
  const from = commit === uncommitted ? headOf(repository) : commit;
  if (from === undefined) return noPast;
  const { commits, isWhole } = repository.history(from, commitsMax);
  let past: Past = { snapshots: [], isWhole };
  for (const each of commits.slice(commit === uncommitted ? 0 : 1).toReversed()) {
    past = followedBy(past, pastSnapshot(await snapshotOf(id, each, contentAt(each, repository, signal), signal)));
  }
  return past;
}

function headOf(repository: LocalRepository): CommitSha | undefined {
  try {
    return repository.resolve('HEAD');
  } catch (error) {
    if (error instanceof FaultError) return undefined;
    throw error;
  }
}

/** A commit from before the folder was there has nothing in it. */
function contentAt(commit: CommitSha, repository: LocalRepository, signal: AbortSignal): FolderContent {
  try {
    return repository.read(commit, signal);
  } catch (error) {
    if (error instanceof FaultError && error.fault.kind === 'missing') return { files: [], others: [] };
    throw error;
  }
}

const options = { ...folderDefaults, accepts: isReadable };

/** What `manifestFiles` would leave out anyway need not be read from the disk. */
function isReadable(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) && !/(?:^|\/)(?:\.|node_modules\/)/.test(path);
}

/** A folder outside any repository is as good; only other revisions of it cannot be had. */
function repositoryAround(folder: string): LocalRepository | undefined {
  try {
    return openLocal(folder, options);
  } catch (error) {
    if (error instanceof FaultError) return undefined;
    throw error;
  }
}

async function snapshotOf(
  id: RepositoryId,
  commit: CommitSha,
  { files, others }: FolderContent,
  signal: AbortSignal,
): Promise<Snapshot> {
  const blobs = new Map<string, GitBlob>(files.map(({ path, blob }) => [path, blob]));
  // A path is as good a name for its content as any: every file is read once.
  const listed: TreeFile[] = [
    ...files.map(({ path }): TreeFile => ({ path, oid: path, mode: 'file' })),
    ...others.map((path): TreeFile => ({ path, oid: path, mode: 'symlink' })),
  ];
  const tree = { commit, files: listed.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
  const git = { id, blobs: async (oids: readonly string[]) => oids.flatMap((oid) => blobs.get(oid) ?? []) };
  return readSnapshot(tree, new Map(), { git, parser, paths: { root: '' } }, signal);
}

function textIn({ files }: FolderContent, path: string): string | undefined {
  const blob = files.find((file) => file.path === path)?.blob;
  return blob?.kind === 'bytes' ? new TextDecoder().decode(blob.bytes) : undefined;
}

/** Names Apps made of plain manifests, so it must fit where Kubernetes' names do. */
const idOf = (folder: string): RepositoryId =>
  repositoryId(
    basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'folder',
  );

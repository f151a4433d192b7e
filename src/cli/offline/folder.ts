/** A folder of manifests, as it lies there or as a commit holds it. */
import { basename, resolve } from 'node:path';
import { pastSnapshot } from '../../core/dialect/read.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { FileRef } from '../../core/model/file-ref.ts';
import { type CommitSha, commitSha, type RepositoryId, repositoryId } from '../../core/model/id.ts';
import { noPast, type Past, type Snapshot } from '../../core/model/source.ts';
import { type FolderContent, folderDefaults, readFolder } from '../../edge/git/folder.ts';
import { type LocalRepository, openLocal } from '../../edge/git/open-local.ts';
import { followedBy } from '../../engine/source/past.ts';
import { readSnapshot } from '../../engine/source/snapshot.ts';
import type { GitBlob, TreeFile } from '../../seam/git.ts';
import type { Parser } from '../../seam/parse.ts';
import type { ReadFiles } from '../../seam/tool.ts';
import { ownParser } from './parser.ts';

export type Folder = {
  readonly id: RepositoryId;
  readonly snapshot: Snapshot;
  /** Any file of a snapshot that was read here. */
  readonly readFiles: ReadFiles;
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

/** `revision`: a branch, a tag or a commit; undefined for the files as they lie there. Errors: FaultError. */
export async function openFolder(
  path: string,
  revision: string | undefined,
  signal: AbortSignal,
  parser: Parser = ownParser,
): Promise<Folder> {
  const folder = resolve(path);
  const id = idOf(folder);
  const repository = revision === undefined ? repositoryAround(folder) : openLocal(folder, options);
  try {
    const commit = revision === undefined ? uncommitted : repository?.resolve(revision);
    const content =
      commit === undefined || commit === uncommitted
        ? await readFolder(folder, signal, options)
        : repository?.read(commit, signal);
    const read = content ?? { files: [], passed: [], others: [] };
    const known: Blobs = new Map();
    return {
      id,
      snapshot: await snapshotOf(id, commit ?? uncommitted, read, known, parser, signal),
      readFiles: (wanted) => Promise.all(wanted.map((file) => bytesOf(file, known))),
      textOf: (wanted) => textIn(read, wanted),
      at: async (other) => {
        if (repository === undefined)
          throw new FaultError({ kind: 'misconfigured', detail: `${folder} is in no Git repository` });
        return snapshotOf(id, other, repository.read(other, signal), known, parser, signal);
      },
      past: async (other) =>
        repository === undefined ? noPast : pastBefore(other ?? commit ?? uncommitted, id, repository, parser, signal),
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
  parser: Parser,
  signal: AbortSignal,
): Promise<Past> {
  const from = commit === uncommitted ? headOf(repository) : commit;
  if (from === undefined) return noPast;
  const { commits, isWhole } = repository.history(from, commitsMax);
  let past: Past = { snapshots: [], isWhole };
  for (const each of commits.slice(commit === uncommitted ? 0 : 1).toReversed()) {
    past = followedBy(
      past,
      pastSnapshot(await snapshotOf(id, each, contentAt(each, repository, signal), new Map(), parser, signal)),
    );
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
    if (error instanceof FaultError && error.fault.kind === 'missing') return { files: [], passed: [], others: [] };
    throw error;
  }
}

const options = { ...folderDefaults, accepts: isReadable };

/** What `manifestFiles` would leave out anyway need not be read from the disk. */
function isReadable(path: string): boolean {
  return /(?:\.(?:ya?ml|json)|(?:^|\/)Kustomization)$/.test(path) && !/(?:^|\/)(?:\.|node_modules\/)/.test(path);
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

/** By what names the content of a file: its commit and its path, since every file of a commit is read once. */
type Blobs = Map<string, () => Promise<GitBlob>>;

async function snapshotOf(
  id: RepositoryId,
  commit: CommitSha,
  { files, passed, others }: FolderContent,
  known: Blobs,
  parser: Parser,
  signal: AbortSignal,
): Promise<Snapshot> {
  const treeFile = (path: string, mode: TreeFile['mode']): TreeFile => ({ path, oid: `${commit} ${path}`, mode });
  for (const { path, blob } of files) known.set(`${commit} ${path}`, async () => blob);
  for (const { path, blob } of passed) known.set(`${commit} ${path}`, blob);
  const listed = [
    ...[...files, ...passed].map(({ path }) => treeFile(path, 'file')),
    ...others.map((path) => treeFile(path, 'symlink')),
  ];
  const tree = { commit, files: listed.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
  const blobs = async (oids: readonly string[]) => Promise.all(oids.flatMap((oid) => known.get(oid)?.() ?? []));
  return readSnapshot(tree, new Map(), { git: { id, blobs }, parser, paths: { root: '' } }, signal);
}

async function bytesOf({ path, oid }: FileRef, known: Blobs): Promise<Uint8Array> {
  const blob = await known.get(oid)?.();
  if (blob?.kind === 'bytes') return blob.bytes;
  throw new FaultError({ kind: 'missing', detail: `${path} cannot be read, or has more bytes than are read` });
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

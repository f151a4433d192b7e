/** The manifests of one commit: only files that differ from the commit before are looked at, only new blobs are parsed. */
import type { CommitSha } from '../../core/model/id.ts';
import { digest } from '../../core/model/id.ts';
import type { Snapshot, SourceFile, SourceProblem } from '../../core/model/source.ts';
import type { GitBlob, GitRepository, TreeFile } from '../../seam/git.ts';
import type { Parser } from '../../seam/parse.ts';
import { type ManifestPaths, manifestFiles } from './manifest-path.ts';

/** Parsed files by blob id. */
export type BlobCache = Map<string, SourceFile>;

/** All files of a commit, manifests or not, in order of path. */
export type Tree = { readonly commit: CommitSha; readonly files: readonly TreeFile[] };

export type SnapshotDeps = {
  readonly git: Pick<GitRepository, 'id' | 'blobs'>;
  readonly parser: Parser;
  readonly paths: ManifestPaths;
};

/** Blobs asked for in one message: bounds what one broken file can take along. */
const batchSize = 200;

/** Makes a commit readable and lists it, from the tree before where there is one. Rejects with FaultError. */
export async function readTree(
  commit: CommitSha,
  before: Tree | undefined,
  git: Pick<GitRepository, 'changes' | 'fetch' | 'files'>,
  signal: AbortSignal,
): Promise<Tree> {
  await git.fetch(commit, signal);
  if (before === undefined) return { commit, files: await git.files(commit, signal) };
  const changes = await git.changes(before.commit, commit, signal);
  if (changes.length === 0) return { commit, files: before.files };
  const files = new Map(before.files.map((file) => [file.path, file]));
  for (const { path, after } of changes) {
    if (after === undefined) files.delete(path);
    else files.set(path, after);
  }
  return { commit, files: [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Reads the manifests of a tree. Rejects with FaultError; then nothing of it is used. */
export async function readSnapshot(
  tree: Tree,
  cache: BlobCache,
  { git, parser, paths }: SnapshotDeps,
  signal: AbortSignal,
): Promise<Snapshot> {
  const files = manifestFiles(tree.files, paths);
  const unknown = new Map(files.filter((file) => isText(file) && !cache.has(file.oid)).map((file) => [file.oid, file]));
  const wanted = [...unknown.values()];
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize);
    const blobs = await git.blobs(
      batch.map(({ oid }) => oid),
      signal,
    );
    for (const [oid, file] of await parseBlobs(batch, blobs, parser, signal)) cache.set(oid, file);
  }
  return {
    repository: git.id,
    commit: tree.commit,
    files: files.map((file) => fileOf(file, cache)),
    tree: tree.files.filter(isText),
  };
}

const isText = ({ mode }: TreeFile): boolean => mode === 'file' || mode === 'executable';

async function parseBlobs(
  batch: readonly TreeFile[],
  blobs: readonly GitBlob[],
  parser: Parser,
  signal: AbortSignal,
): Promise<readonly (readonly [string, SourceFile])[]> {
  const small = batch.flatMap((file, index) => {
    const blob = blobs[index];
    return blob?.kind === 'bytes' ? [{ file, bytes: blob.bytes }] : [];
  });
  const parsed = await parser.parse(
    small.map(({ file, bytes }) => ({ path: file.path, bytes })),
    signal,
  );
  const large = batch.flatMap((file, index) => {
    const blob = blobs[index];
    return blob?.kind === 'tooLarge' ? [[file.oid, tooLarge(file, blob.sizeBytes)] as const] : [];
  });
  return [
    ...large,
    ...small.flatMap(({ file }, index) => (parsed[index] === undefined ? [] : [[file.oid, parsed[index]] as const])),
  ];
}

/** The same bytes at another path are the same documents. */
function fileOf(file: TreeFile, cache: BlobCache): SourceFile {
  const parsed = cache.get(file.oid);
  if (isText(file) && parsed !== undefined) return parsed.path === file.path ? parsed : { ...parsed, path: file.path };
  return unread(file, {
    code: 'A1090',
    line: 1,
    column: 1,
    message: 'symbolic links are not followed',
    hint: 'commit the file itself',
  });
}

const tooLarge = (file: TreeFile, sizeBytes: number): SourceFile =>
  unread(file, {
    code: 'A1091',
    line: 1,
    column: 1,
    message: `the file has ${sizeBytes} bytes, more than is read`,
    hint: 'split it',
  });

const unread = ({ path, oid }: TreeFile, problem: SourceProblem): SourceFile => ({
  path,
  documents: [],
  problems: [problem],
  digest: digest(oid),
});

/** Forgets blobs that none of these trees has. */
export function pruneCache(cache: BlobCache, trees: Iterable<Tree>): void {
  const kept = new Set([...trees].flatMap(({ files }) => files.map(({ oid }) => oid)));
  for (const oid of [...cache.keys()]) if (!kept.has(oid)) cache.delete(oid);
}

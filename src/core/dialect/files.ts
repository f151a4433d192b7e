/** The manifest files of one snapshot, and what lies under a path. */
import { digestOf } from '../json/digest.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import type { FileRef } from '../model/file-ref.ts';
import type { RepositoryId } from '../model/id.ts';
import { invariant } from '../model/invariant.ts';
import type { Origin, Snapshot, SourceFile } from '../model/source.ts';
import { nearest } from './nearest.ts';
import { kindOfDocument, type Placed } from './placed.ts';

export type Files = {
  readonly all: readonly SourceFile[];
  /** Every file of the commit, manifest or not, in order of path. */
  readonly tree: readonly FileRef[];
  /** The file of that path, or all files of that folder and below, in order of path. */
  readonly under: (path: string) => readonly SourceFile[];
  /** The same of all files of the commit. */
  readonly treeUnder: (path: string) => readonly FileRef[];
  /** Why a component cannot name this path, or undefined when it can. */
  readonly refuse: (path: string, origin: Origin) => Diagnostic | undefined;
  readonly documentsOf: (file: SourceFile) => readonly Placed[];
  /** As `documentsOf`, without our own kinds, which are never objects of a cluster. */
  readonly objectsOf: (file: SourceFile) => readonly Placed[];
  /** A digest of a file without our own kinds: an App that lies beside its manifests is no content of itself. */
  readonly contentOf: (file: SourceFile) => string;
};

/** The group of the native manifests. */
export const nativeGroup = 'landfall.dev';

export function filesOf(snapshot: Snapshot): Files {
  const { files: all, repository, tree } = snapshot;
  const under = (path: string): readonly SourceFile[] => filesUnder(all, path);
  const documentsOf = (file: SourceFile): readonly Placed[] =>
    file.documents.map((document) => ({
      document,
      origin: { repository, path: file.path, line: document.marks[0] ?? 1, column: document.marks[1] ?? 1 },
    }));
  const objectsOf = (file: SourceFile): readonly Placed[] =>
    documentsOf(file).filter(({ document }) => kindOfDocument(document).group !== nativeGroup);
  let folders: readonly string[] | undefined;
  return {
    all,
    tree,
    under,
    treeUnder: (path) => filesUnder(tree, path),
    refuse: (path, origin) => {
      const nearestFolder = (): string | undefined => {
        folders ??= [...new Set(all.flatMap((file) => foldersOf(file.path)))];
        return nearest(cleanPath(path), folders);
      };
      return refusalOf(path, origin, under, nearestFolder);
    },
    documentsOf,
    objectsOf,
    contentOf: (file) => {
      const objects = objectsOf(file);
      if (objects.length === file.documents.length) return file.digest;
      return digestOf([objects.map(({ document }) => document.value), file.problems.length]);
    },
  };
}

/** What is wrong with the text of a file, as diagnostics. */
export function problemsOf(file: SourceFile, repository: RepositoryId): readonly Diagnostic[] {
  return file.problems.map(({ code, message, hint, line, column }) => ({
    code,
    severity: 'error',
    origin: { repository, path: file.path, line, column },
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
}

/** `./a//b/` and `a/b` are one path; the root is empty. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/');
}

function refusalOf(
  path: string,
  origin: Origin,
  under: Files['under'],
  nearestFolder: () => string | undefined,
): Diagnostic | undefined {
  if (path.startsWith('/') || path.split('/').includes('..')) {
    const hint = "paths start at the repository's root and stay inside it";
    return {
      code: 'A1204',
      severity: 'error',
      origin,
      message: `${excerpt(path)} leads out of the repository`,
      hint,
    };
  }
  if (under(path).length > 0) return undefined;
  const besideManifest = cleanPath(`${origin.path.slice(0, origin.path.lastIndexOf('/') + 1)}${path}`);
  const guess = under(besideManifest).length > 0 ? besideManifest : nearestFolder();
  return {
    code: 'A1201',
    severity: 'error',
    origin,
    message: `there are no manifests under ${excerpt(path)}`,
    hint:
      guess === undefined
        ? "paths start at the repository's root"
        : `did you mean \`${guess}\`? Paths start at the repository's root`,
  };
}

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}

type WithPath = { readonly path: string };

function filesUnder<File extends WithPath>(all: readonly File[], path: string): readonly File[] {
  const clean = cleanPath(path);
  if (clean === '') return all;
  const isBelow = (file: File): boolean => file.path === clean || file.path.startsWith(`${clean}/`);
  // Files are sorted, but `a-b` stands between `a` and `a/b`: what is below is one run from `a/` on, and `a` itself.
  const first = lowerBound(all, `${clean}/`);
  let last = first;
  while (last < all.length && isBelow(fileAt(all, last))) last++;
  const itself = all[lowerBound(all, clean)];
  return itself?.path === clean ? [itself] : all.slice(first, last);
}

/** The first index whose path is not before `path`. */
function lowerBound(files: readonly WithPath[], path: string): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fileAt(files, middle).path < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fileAt<File>(files: readonly File[], index: number): File {
  const file = files[index];
  invariant(file !== undefined, 'the index is inside the list');
  return file;
}

/** What a merge would leave: the files of a branch, with what a pull request changes merged into them as Git does. */
import { mergeLines } from '../../core/diff/merge-lines.ts';
import { longDigestOfText } from '../../core/json/digest.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { ConflictReason, FileConflict } from '../../core/preview/conflict.ts';
import type { GitRepository, TreeChange, TreeFile } from '../../seam/git.ts';
import { type Clash, isSame, type Laid, lay } from './lay.ts';
import { renamesOf } from './renames.ts';
import { bytesOf, isText, type Texts, textsOf } from './texts.ts';

export type Merge =
  | {
      readonly kind: 'merged';
      /** In code unit order of path. */
      readonly files: readonly TreeFile[];
      /** Content that no commit holds, by oid. */
      readonly made: ReadonlyMap<string, Uint8Array>;
    }
  /** In order of path. */
  | { readonly kind: 'conflict'; readonly conflicts: readonly FileConflict[] }
  | { readonly kind: 'unrelated'; readonly reason: string };

export type Branch = { readonly commit: CommitSha; readonly files: readonly TreeFile[] };

/** Files merged by lines; a change of more than these is nobody's pull request. */
const mergedMax = 500;

/** Merges. Shape: nothing is written. Errors: FaultError. */
export async function mergeOf(
  head: CommitSha,
  branch: Branch,
  git: Pick<GitRepository, 'blobs' | 'changes' | 'fetch' | 'mergeBase'>,
  signal: AbortSignal,
): Promise<Merge> {
  await git.fetch(head, signal);
  const base = await git.mergeBase(head, branch.commit, signal);
  if (base.kind === 'none') return { kind: 'unrelated', reason: 'it has no commit in common with the branch' };
  if (base.kind === 'unknown')
    return { kind: 'unrelated', reason: 'it left the branch too long ago to find where: rebase it' };
  await git.fetch(base.commit, signal);
  const here = await git.changes(base.commit, head, signal);
  const there = base.commit === branch.commit ? [] : await git.changes(base.commit, branch.commit, signal);
  const texts = textsOf(git);
  const renames = await renamesOf(here, there, texts, signal);
  return settle(lay(here, there, branch.files, renames), [...here, ...there], texts, signal);
}

async function settle(
  { files, clashes }: Laid,
  changes: readonly TreeChange[],
  texts: Texts,
  signal: AbortSignal,
): Promise<Merge> {
  const result = new Map(files);
  const made = new Map<string, Uint8Array>();
  const conflicts = new Map<string, FileConflict>();
  for (const [index, clash] of clashes.entries()) {
    const { path } = clash;
    const merged = index < mergedMax ? await mergeFile(clash, texts, signal) : { kind: 'tooMany' as const, path };
    if (merged.kind !== 'file') conflicts.set(path, merged);
    else {
      result.set(path, merged.file);
      if (merged.bytes !== undefined) made.set(merged.file.oid, merged.bytes);
    }
  }
  // One side has a file where the other has a folder.
  const added = changes.flatMap(({ path, after }) => (after === undefined ? [] : [path]));
  for (const path of added)
    for (const folder of foldersOf(path))
      if (result.has(folder)) conflicts.set(folder, { kind: 'folder', path: folder });
  if (conflicts.size > 0) return { kind: 'conflict', conflicts: [...conflicts.values()].toSorted(inOrder) };
  return { kind: 'merged', files: [...result.values()].toSorted(inOrder), made };
}

type Settled =
  | { readonly kind: 'file'; readonly file: TreeFile; readonly bytes: Uint8Array | undefined }
  | FileConflict;

async function mergeFile({ path, base, here, there }: Clash, texts: Texts, signal: AbortSignal): Promise<Settled> {
  const conflict = (kind: ConflictReason): FileConflict => ({ kind, path });
  if (here === undefined) return conflict('removedHere');
  if (there === undefined) return conflict('removedThere');
  if (isSame(here, there)) return { kind: 'file', file: { ...here, path }, bytes: undefined };
  if (base === undefined) return conflict('added');
  const mode = chosen(base.mode, here.mode, there.mode);
  const oid = chosen(base.oid, here.oid, there.oid);
  if (mode === undefined) return conflict('mode');
  if (oid !== undefined) return { kind: 'file', file: { path, oid, mode }, bytes: undefined };
  if (![base, here, there].every(isText)) return conflict('noText');
  const [old, mine, yours] = await texts([base, here, there], signal);
  if (old === undefined || mine === undefined || yours === undefined) return conflict('noText');
  const merged = mergeLines(old, mine, yours);
  switch (merged.kind) {
    case 'tooDifferent':
      return conflict('tooDifferent');
    case 'conflict':
      return { kind: 'lines', path, places: merged.places };
    case 'merged':
      return { kind: 'file', file: { path, oid: nameOf(merged.text), mode }, bytes: bytesOf(merged.text) };
  }
}

/** The side that has changed it; undefined when both have. */
function chosen<T>(base: T, here: T, there: T): T | undefined {
  if (here === there || there === base) return here;
  return here === base ? there : undefined;
}

/** As long as a name of Git's, and never equal to one of other content. */
const nameOf = (text: string): string => longDigestOfText(text).slice('sha256:'.length).slice(0, 40);

const inOrder = (a: { readonly path: string }, b: { readonly path: string }): number => (a.path < b.path ? -1 : 1);

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}

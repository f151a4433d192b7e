/** Folders at commits, of which fields and files are copied; and what of them the Apps there are made of. */

import { type CopyMode, copiedTo, type Held, heldOf, isAskedFor } from '../../core/copying/copied.ts';
import { type Folder, type FolderFile, join } from '../../core/copying/folder.ts';
import { digestOfText } from '../../core/json/digest.ts';
import type { FieldCopy } from '../../core/model/field-copy.ts';
import type { AppId, CommitSha } from '../../core/model/id.ts';
import { type Intent, originsIn } from '../../core/model/intent.ts';
import type { Placement } from '../../core/model/placement.ts';
import type { GitBlob, TreeFile } from '../../seam/git.ts';
import type { FollowedRepository } from '../source/repository.ts';
import { type Touched, Touches } from './touches.ts';

export type FolderRepository = Pick<FollowedRepository, 'filesAt' | 'git' | 'read'>;

/** Some hundred files in all. */
const foldersMax = 200;

type Known = { readonly folder: Folder; readonly key: string };

export class Folders {
  readonly #repository: FolderRepository;
  /** By commit and what of it is named. */
  readonly #known = new Map<string, Known>();
  readonly #equal = new Map<string, boolean>();
  readonly #touches: Touches;

  constructor(repository: FolderRepository) {
    this.#repository = repository;
    this.#touches = new Touches(repository.git);
  }

  /** Commits that changed something of a folder. Errors: FaultError. */
  touched(path: string, head: CommitSha, signal: AbortSignal): Promise<Touched> {
    return this.#touches.of(path, head, signal);
  }

  /** What is named of a folder, or of a file. Shape: undefined when the commit is not to be had. Errors: FaultError. */
  async at(commit: CommitSha, path: string, copy: FieldCopy, signal: AbortSignal): Promise<Folder | undefined> {
    return (await this.#knownAt(commit, path, copy, signal))?.folder;
  }

  /** Would copying change nothing? Shape: false as well when it cannot be said. */
  async isEqual(
    copy: FieldCopy,
    from: { readonly commit: CommitSha; readonly path: string },
    to: { readonly commit: CommitSha; readonly path: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const [source, target] = [
      await this.#knownAt(from.commit, from.path, copy, signal),
      await this.#knownAt(to.commit, to.path, copy, signal),
    ];
    if (source === undefined || target === undefined) return false;
    const key = `${source.key} ${target.key}`;
    const known = this.#equal.get(key);
    if (known !== undefined) return known;
    const copied = copiedTo(copy, source.folder, target.folder);
    const isEqual = copied.kind === 'copied' && copied.files.size === 0;
    forgetOldest(this.#equal.set(key, isEqual));
    return isEqual;
  }

  /** What a folder holds of what is named, at a commit. */
  async held(
    commit: CommitSha,
    path: string,
    copy: FieldCopy,
    mode: CopyMode,
    signal: AbortSignal,
  ): Promise<Held | undefined> {
    const folder = await this.at(commit, path, copy, signal);
    return folder === undefined ? undefined : heldOf(copy, folder, mode);
  }

  /** Of the files that would be copied, one that no App of the source is made of: nothing shows that to be good. */
  async unshown(
    commit: CommitSha,
    copy: FieldCopy,
    names: readonly string[],
    { apps }: Placement,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const reading = await this.#repository.read(commit, signal);
    const read = reading === undefined ? new Set<string>() : filesOf(reading.value.intents, new Set(apps));
    return names.map((name) => join(copy.from.path, name)).find((path) => !read.has(path));
  }

  async #knownAt(commit: CommitSha, path: string, copy: FieldCopy, signal: AbortSignal): Promise<Known | undefined> {
    const where = [commit, path, JSON.stringify([copy.fields.map(({ file }) => file), copy.files])].join(' ');
    const known = this.#known.get(where);
    if (known !== undefined) return known;
    if ((await this.#repository.read(commit, signal)) === undefined) return undefined;
    const files = (this.#repository.filesAt(commit) ?? []).flatMap((file): readonly (readonly [string, TreeFile])[] => {
      const name =
        file.path === path ? '' : file.path.startsWith(`${path}/`) ? file.path.slice(path.length + 1) : undefined;
      return name !== undefined && isAskedFor(copy, name) ? [[name, file]] : [];
    });
    const texts = files.filter(([, { mode }]) => mode === 'file' || mode === 'executable');
    const blobs = await this.#repository.git.blobs(
      texts.map(([, { oid }]) => oid),
      signal,
    );
    const read = new Map(texts.map(([name], index) => [name, fileOf(blobs[index])] as const));
    const link: FolderFile = { kind: 'unreadable', reason: 'symbolic links and submodules are not followed' };
    const folder: Folder = { path, files: new Map(files.map(([name]) => [name, read.get(name) ?? link])) };
    const key = digestOfText([where, ...files.map(([name, { oid }]) => `${name} ${oid}`)].slice(1).join('\n'));
    const found = { folder, key: `${path} ${JSON.stringify([copy.fields, copy.files])} ${key}` };
    forgetOldest(this.#known.set(where, found));
    return found;
  }
}

function forgetOldest(all: Map<string, unknown>): void {
  for (const oldest of [...all.keys()].slice(0, -foldersMax)) all.delete(oldest);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function fileOf(blob: GitBlob | undefined): FolderFile {
  if (blob?.kind !== 'bytes') return { kind: 'unreadable', reason: 'the file has more bytes than are read' };
  try {
    return { kind: 'text', text: utf8.decode(blob.bytes) };
  } catch {
    return { kind: 'unreadable', reason: 'it is no UTF-8 text' };
  }
}

/** All that an App is made of, and the file that says so. */
function filesOf(intents: readonly Intent[], apps: ReadonlySet<AppId>): ReadonlySet<string> {
  const own = intents.filter(({ id, isBroken }) => apps.has(id) && !isBroken);
  return new Set(
    own.flatMap(({ origin, parts }) => [
      origin.path,
      ...parts.flatMap(({ source }) => [...originsIn(source).map(({ path }) => path), ...toolFilesOf(source)]),
    ]),
  );
}

function toolFilesOf(source: Intent['parts'][number]['source']): readonly string[] {
  if (source.kind !== 'tool') return [];
  const { tool } = source;
  if (tool.kind === 'kustomize') return tool.files.map(({ path }) => path);
  const chart = tool.chart.kind === 'folder' ? tool.chart.files.map(({ path }) => path) : [];
  return [...chart, ...tool.valuesFiles.flatMap(({ candidates }) => candidates.map(({ path }) => path))];
}

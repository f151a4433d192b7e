/** The manifests of a simulation: a folder, and what the story makes of it, one imagined commit after the other. */

import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { needsOf } from '../../core/compile/needs.ts';
import type { Source } from '../../core/compile/world.ts';
import { needsPast } from '../../core/dialect/read.ts';
import type { Reading } from '../../core/model/declarations.ts';
import type { Diagnostic, Findings } from '../../core/model/diagnostic.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { FileRef } from '../../core/model/file-ref.ts';
import { type CommitSha, commitSha } from '../../core/model/id.ts';
import { noPast, type Snapshot } from '../../core/model/source.ts';
import type { Parser } from '../../seam/parse.ts';
import { assumedClusters } from '../offline/assumed.ts';
import { readHead, withClusters } from '../offline/compiled.ts';
import { type Folder, openFolder } from '../offline/folder.ts';

/** What the story changes beside files: labels of clusters, pins, the content of an App. */
export type Edit = (reading: Reading) => Reading;

type Content = Pick<Snapshot, 'files' | 'tree'>;

export class Manifests {
  readonly #path: string;
  readonly #folder: Folder;
  readonly #parser: Parser;
  readonly #signal: AbortSignal;
  readonly #open: Folder[] = [];
  readonly #edits: Edit[] = [];
  readonly #revisions = new Map<CommitSha, Findings<Reading>>();
  /** Files that came from elsewhere: what they are called here, and where they are. */
  readonly #elsewhere = new Map<string, { readonly path: string; readonly text: string }>();
  #content: Content;
  #commits = 0;

  private constructor(path: string, folder: Folder, parser: Parser, signal: AbortSignal) {
    this.#path = path;
    this.#folder = folder;
    this.#parser = parser;
    this.#signal = signal;
    this.#content = folder.snapshot;
  }

  /** Errors: FaultError. */
  static async open(path: string, parser: Parser, signal: AbortSignal): Promise<Manifests> {
    return new Manifests(path, await openFolder(path, undefined, signal, parser), parser, signal);
  }

  get id(): Folder['id'] {
    return this.#folder.id;
  }

  /** The imagined commit that is the head now. */
  get commit(): CommitSha {
    return commitSha(this.#commits.toString(16).padStart(40, '0'));
  }

  readonly readFiles: Folder['readFiles'] = async (wanted) => {
    const folders = [this.#folder, ...this.#open];
    return Promise.all(
      wanted.map(async (file) => {
        const { at, ref } = placeIn(file);
        const [bytes] = (await folders[at]?.readFiles([ref], this.#signal)) ?? [];
        if (bytes === undefined) throw new FaultError({ kind: 'missing', detail: `${file.path} cannot be read` });
        return bytes;
      }),
    );
  };

  textOf(path: string): string | undefined {
    return this.#elsewhere.get(path)?.text ?? this.#folder.textOf(path);
  }

  /** As an editor opens it from where the folder's path starts. */
  shownPath(path: string, folder: string): string {
    return this.#elsewhere.get(path)?.path ?? join(folder, path);
  }

  edit(edit: Edit): void {
    this.#edits.push(edit);
    this.#commits += 1;
  }

  /** Lays a file, or all files of a folder, over what is there. Errors: FaultError. */
  async add(path: string, shown: string): Promise<void> {
    const isFolder = (await statOf(path)).isDirectory();
    const { files, tree } = isFolder ? await this.#folderAt(path, undefined) : await this.#file(path);
    for (const { path: name } of files) {
      const text = await readFile(isFolder ? join(path, name) : path, 'utf8').catch(() => '');
      this.#elsewhere.set(name, { path: isFolder ? join(shown, name) : shown, text });
    }
    this.#content = {
      files: laidOver(this.#content.files, files),
      tree: laidOver(this.#content.tree, tree),
    };
    this.#commits += 1;
  }

  /** Shape: whether there was anything. */
  remove(paths: readonly string[]): boolean {
    const isKept = ({ path }: { readonly path: string }): boolean =>
      !paths.some((each) => path === each || path.startsWith(`${each.replace(/\/+$/, '')}/`));
    const { files, tree } = this.#content;
    this.#content = { files: files.filter(isKept), tree: tree.filter(isKept) };
    this.#commits += 1;
    return this.#content.tree.length < tree.length;
  }

  /** Errors: FaultError. */
  async checkout(revision: string): Promise<void> {
    this.#content = await this.#folderAt(this.#path, revision);
    this.#commits += 1;
  }

  /** Pins name commits of the repository, or imagined ones. One that is not here is taken for what the folder says now. */
  async source(): Promise<Source> {
    const { files, tree } = this.#content;
    const snapshot = { repository: this.id, commit: this.commit, files, tree };
    const past = needsPast(snapshot) ? await this.#folder.past(undefined, this.#signal) : noPast;
    const read = withClusters(readHead(snapshot, 'auto', past), assumedClusters(undefined));
    const head = { ...read, value: this.#edits.reduce((value, edit) => edit(value), read.value) };
    this.#revisions.set(this.commit, head);
    const source: Source = { id: this.id, url: '', branch: '', role: 'single', head, revisions: new Map() };
    const revisions = new Map<CommitSha, Findings<Reading>>();
    const missing: Diagnostic[] = [];
    for (const commit of needsOf([source]).revisions.get(this.id) ?? []) {
      const known = this.#revisions.get(commit) ?? (await this.#past(commit));
      if (known === undefined) missing.push(...pinsOf(source, commit));
      const reading = known ?? { ...head, value: { ...head.value, commit } };
      // From now on it stays what it was taken for.
      this.#revisions.set(commit, reading);
      revisions.set(commit, reading);
    }
    return { ...source, revisions, head: { ...head, diagnostics: [...head.diagnostics, ...missing] } };
  }

  close(): void {
    for (const folder of [this.#folder, ...this.#open]) folder.close();
  }

  async #past(commit: CommitSha): Promise<Findings<Reading> | undefined> {
    try {
      return readHead(await this.#folder.at(commit, this.#signal), 'auto', noPast);
    } catch (error) {
      if (error instanceof FaultError) return undefined;
      throw error;
    }
  }

  async #folderAt(path: string, revision: string | undefined): Promise<Content> {
    const folder = await openFolder(path, revision, this.#signal, this.#parser);
    const at = this.#open.push(folder);
    const { files, tree } = folder.snapshot;
    return { files, tree: tree.map((file) => movedTo(file, at)) };
  }

  async #file(path: string): Promise<Content> {
    const name = basename(path);
    const bytes = await readFile(path);
    const files = await this.#parser.parse([{ path: name, bytes }], this.#signal);
    return { files, tree: files.map((file): FileRef => ({ path: file.path, oid: file.digest })) };
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    const detail = `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new FaultError({ kind: 'misconfigured', detail });
  }
}

/** Two folders name their files alike. */
const movedTo = (file: FileRef, at: number): FileRef => ({ ...file, oid: `${at}:${file.oid}` });

function placeIn(file: FileRef): { readonly at: number; readonly ref: FileRef } {
  const [, at, oid] = /^([0-9]+):(.*)$/s.exec(file.oid) ?? [];
  return at === undefined || oid === undefined ? { at: 0, ref: file } : { at: Number(at), ref: { ...file, oid } };
}

function laidOver<File extends { readonly path: string }>(
  below: readonly File[],
  above: readonly File[],
): readonly File[] {
  const paths = new Set(above.map(({ path }) => path));
  return [...below.filter(({ path }) => !paths.has(path)), ...above].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function pinsOf({ head }: Source, commit: CommitSha): readonly Diagnostic[] {
  const pins = head.value.pins.filter((pin) =>
    [pin.revision, ...pin.exceptions.map(({ revision }) => revision)].includes(commit),
  );
  return pins.map(({ origin, placement, stage }) => ({
    code: 'A1220',
    severity: 'warning',
    origin,
    message: `stage ${stage} of ${placement} is pinned to ${commit.slice(0, 12)}, which cannot be read here; taken for what the folder says now`,
    hint: 'in a clone with its whole history it can be read: `git fetch --unshallow`',
  }));
}

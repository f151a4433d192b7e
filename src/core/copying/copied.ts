/** Folders of which named fields and files are copied: what one holds of them, and the edit that makes another equal. */
import { digestOf } from '../json/digest.ts';
import { equal } from '../json/equal.ts';
import type { Json } from '../json/value.ts';
import type { CopiedField, FieldCopy } from '../model/field-copy.ts';
import { type Digest, digest } from '../model/id.ts';
import { fieldIn, withField } from './copied-field.ts';
import { isOwnKind } from './copied-file.ts';
import { type CopyRefusal, describeField, type Folder, type FolderFile, join, refusedAt } from './folder.ts';
import { isLiteral, isNamed } from './glob.ts';

export type Held =
  /** Equal for folders that hold the same of what is named. */
  { readonly kind: 'held'; readonly digest: Digest; readonly files: readonly string[] } | CopyRefusal;

/** `isReturn`: what was not there goes; else what is not there is no reason to take anything away. */
export type CopyMode = { readonly isReturn: boolean };

const forward: CopyMode = { isReturn: false };

/** All that is named of a folder. Shape: refused when something named is not there, or cannot be read. */
export function heldOf(copy: FieldCopy, folder: Folder, mode: CopyMode = forward): Held {
  const values: Json[] = [];
  for (const field of copy.fields) {
    const found = fieldIn(folder, field);
    if (found.kind === 'refused') return found;
    if (found.value === undefined && !mode.isReturn) return absent(found, field);
    values.push(found.value === undefined ? [] : [found.value]);
  }
  const named = filesIn(copy, folder, mode);
  if (named.kind === 'refused') return named;
  const { files } = named;
  const texts = files.map(([name, text]): Json => [name, text]);
  const names = [...copy.fields.map(({ file }) => file), ...files.map(([name]) => name)];
  return { kind: 'held', digest: digest(digestOf([values, texts])), files: [...new Set(names)].toSorted() };
}

export type Copied =
  /** By path from the repository's root; undefined: it goes. None when all is equal already. */
  { readonly kind: 'copied'; readonly files: ReadonlyMap<string, string | undefined> } | CopyRefusal;

/**
 * Makes `to` equal to `from` in all that is named.
 *
 * Shape: files in which something changes, otherwise the same to the letter. Refused as a whole, with nothing half done.
 */
export function copiedTo(copy: FieldCopy, from: Folder, to: Folder, mode: CopyMode = forward): Copied {
  const held = heldOf(copy, from, mode);
  if (held.kind === 'refused') return held;
  const named = filesIn(copy, from, mode);
  if (named.kind === 'refused') return named;
  const { files } = named;
  const changed = new Map<string, string | undefined>();
  for (const [name, text] of files) {
    const there = to.files.get(name);
    if (there?.kind === 'unreadable') return refusedAt(join(to.path, name), 1, 1, there.reason);
    if (there !== undefined && isOwnKind(there.text)) return refusedAt(join(to.path, name), 1, 1, ownKind);
    if (there?.text !== text) changed.set(name, text);
  }
  if (copy.isPruning || mode.isReturn) {
    const kept = new Set(files.map(([name]) => name));
    for (const [name, file] of to.files)
      if (isNamedIn(copy, name) && !kept.has(name) && file.kind === 'text' && !isOwnKind(file.text))
        changed.set(name, undefined);
  }
  for (const field of copy.fields) {
    const wanted = fieldIn(from, field);
    if (wanted.kind === 'refused') return wanted;
    const now: Folder = { path: to.path, files: overlaid(to.files, changed) };
    const before = fieldIn(now, field);
    if (before.kind === 'refused') return before;
    if (equal(before.value, wanted.value)) continue;
    const edited = withField(now, field, wanted.value);
    if (edited.kind === 'refused') return edited;
    changed.set(field.file, edited.text);
  }
  return { kind: 'copied', files: new Map([...changed].map(([name, text]) => [join(to.path, name), text])) };
}

function overlaid(
  files: Folder['files'],
  changed: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, FolderFile> {
  const result = new Map(files);
  for (const [name, text] of changed) {
    if (text === undefined) result.delete(name);
    else result.set(name, { kind: 'text', text });
  }
  return result;
}

const isNamedIn = ({ files }: FieldCopy, name: string): boolean => files.some(({ pattern }) => isNamed(name, pattern));

/** May a file be meant by what is named? */
export const isAskedFor = (copy: FieldCopy, name: string): boolean =>
  copy.fields.some(({ file }) => file === name) || isNamedIn(copy, name);

function filesIn(
  copy: FieldCopy,
  folder: Folder,
  { isReturn }: CopyMode,
): { readonly kind: 'files'; readonly files: readonly (readonly [name: string, text: string])[] } | CopyRefusal {
  const found = new Map<string, string>();
  for (const { pattern, origin } of copy.files) {
    const before = found.size;
    for (const [name, file] of folder.files) {
      if (!isNamed(name, pattern)) continue;
      if (file.kind === 'unreadable') return refusedAt(join(folder.path, name), 1, 1, file.reason);
      if (!isOwnKind(file.text)) found.set(name, file.text);
      else if (isLiteral(pattern)) return refusedAt(join(folder.path, name), 1, 1, ownKind);
    }
    // A folder that was renamed is no wish to empty another.
    if (found.size === before && !isReturn && ![...found.keys()].some((name) => isNamed(name, pattern)))
      return { kind: 'refused', ...origin, message: `${folder.path} has no file ${pattern}` };
  }
  return { kind: 'files', files: [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

const ownKind = 'it holds a manifest of Landfall, which is about its own folder: copy fields of it';

function absent(found: { readonly line: number; readonly column: number; readonly path: string }, field: CopiedField) {
  const { path, line, column } = found;
  return refusedAt(path, line, column, `it has no ${describeField(field)} to be copied`);
}

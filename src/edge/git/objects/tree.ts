/** A tree's entries, and the names that no honest tree holds. */
import { FaultError } from '../../../core/model/fault.ts';
import { DamageError } from './object.ts';

export type TreeEntry = {
  readonly name: string;
  readonly mode: 'file' | 'executable' | 'symlink' | 'submodule' | 'folder';
  readonly oid: string;
};

// 100664 is a file to Git too; it was written until 2005.
const modes: ReadonlyMap<string, TreeEntry['mode']> = new Map([
  ['100644', 'file'],
  ['100664', 'file'],
  ['100755', 'executable'],
  ['120000', 'symlink'],
  ['160000', 'submodule'],
  ['40000', 'folder'],
  ['040000', 'folder'],
]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a tree's bytes.
 *
 * Shape: in Git's order. Errors: DamageError when the bytes are no tree; `invalid` when a name could lead out of the
 * tree, hide a repository, or be read in two ways.
 * Source: what `git fsck --strict` refuses, less what is only old.
 */
export function parseTree(path: string, bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  let before = '';
  const names = new Set<string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space + 1);
    if (space < 0 || end < 0 || end + 21 > bytes.length) throw new DamageError('a tree is cut short');
    const mode = modes.get(bytes.toString('latin1', at, space));
    const nameBytes = bytes.subarray(space + 1, end);
    const name = nameIn(path, nameBytes);
    if (mode === undefined) throw refusal(path, name, 'has a mode that Git does not write');
    // Git sorts folders as if their names ended in a slash; bytes in latin1 compare as bytes.
    const key = nameBytes.toString('latin1') + (mode === 'folder' ? '/' : '');
    if (names.has(name)) throw refusal(path, name, 'is there twice');
    if (key < before) throw refusal(path, name, 'is out of order');
    names.add(name);
    before = key;
    entries.push({ name, mode, oid: bytes.toString('hex', end + 1, end + 21) });
    at = end + 21;
  }
  return entries;
}

/** Why a name may not be an entry of a tree, or undefined. */
export function problemOfName(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name';
  if (/[/\\\u0000-\u001f\u007f]/.test(name)) return 'holds a slash, a backslash or a control character';
  // What file systems that fold case, drop trailing dots and spaces, skip invisible letters or make short names
  // would take for `.git`.
  const folded = name.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').toLowerCase();
  if (/^(?:\.git|git~[0-9]+)(?:[. ]*|:.*)$/.test(folded)) return 'stands for a repository';
  return undefined;
}

function nameIn(path: string, bytes: Buffer): string {
  let name: string;
  try {
    name = utf8.decode(bytes);
  } catch {
    throw refusal(path, bytes.toString('latin1'), 'is not UTF-8');
  }
  const problem = problemOfName(name);
  if (problem !== undefined) throw refusal(path, name, problem);
  return name;
}

function refusal(path: string, name: string, what: string): FaultError {
  return new FaultError({ kind: 'invalid', detail: `the entry ${quoted(path + name)} ${what}` });
}

/** As a JSON string, with all that a terminal or a page would not show written out. */
function quoted(text: string): string {
  const hidden = /[\u007f-\u00a0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;
  return JSON.stringify(text).replaceAll(
    hidden,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

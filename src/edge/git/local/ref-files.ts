/** Branches and other refs as files: loose ones, packed ones, and HEAD. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FaultError } from '../../../core/model/fault.ts';
import { isOid } from '../objects/object.ts';
import type { Place } from './place.ts';
import { isRefName } from './ref-name.ts';

const hopsMax = 5;

/** What a ref names, symbolic ones followed. Undefined when there is none, or it names nothing yet. */
export function readRef(place: Place, name: string): string | undefined {
  let here = name;
  for (let hop = 0; hop <= hopsMax; hop++) {
    if (here !== 'HEAD' && !isRefName(here)) return undefined;
    const text = looseText(place, here) ?? packedOid(place, here);
    if (text === undefined || !text.startsWith('ref: ')) return text !== undefined && isOid(text) ? text : undefined;
    here = text.slice(5).trim();
  }
  return undefined;
}

/** The ref that HEAD names; undefined when it is detached. */
export function headRef(place: Place): string | undefined {
  const text = looseText(place, 'HEAD');
  return text?.startsWith('ref: ') ? text.slice(5).trim() : undefined;
}

/** Whether there is any branch, tag or other ref at all. */
export function hasRefs(place: Place): boolean {
  if (/^[0-9a-f]{40} /m.test(packedText(place))) return true;
  const root = join(place.commonFolder, 'refs');
  if (!existsSync(root)) return false;
  return readdirSync(root, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile());
}

/** Whether somebody's working tree stands on a branch: moving it would change what their files seem to be. */
export function isCheckedOut(place: Place, ref: string): boolean {
  const linked = join(place.commonFolder, 'worktrees');
  const folders = existsSync(linked) ? readdirSync(linked).map((name) => join(linked, name)) : [];
  if (!place.isBare) folders.push(place.commonFolder);
  return folders.some((gitFolder) => headRef({ ...place, gitFolder }) === ref);
}

/**
 * Moves a ref, if it still stands at `from`; undefined makes it.
 *
 * Shape: false when it has moved, or another process is moving it. Source: git's own lock, `<ref>.lock`.
 */
export function moveRef(place: Place, name: string, from: string | undefined, to: string): boolean {
  const path = join(place.commonFolder, name);
  const lock = `${path}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  const file = openNew(lock);
  if (file === undefined) return false;
  try {
    if (readRef(place, name) !== from) {
      rmSync(lock);
      return false;
    }
    writeSync(file, `${to}\n`);
    fsyncSync(file);
    renameSync(lock, path);
    return true;
  } catch (cause) {
    rmSync(lock, { force: true });
    throw new FaultError({ kind: 'misconfigured', detail: `cannot write ${path}` }, { cause });
  } finally {
    closeSync(file);
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o644);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return undefined;
    throw new FaultError({ kind: 'misconfigured', detail: `cannot write ${path}` }, { cause });
  }
}

function looseText(place: Place, name: string): string | undefined {
  // HEAD is each working tree's own; branches belong to all.
  const path = join(name === 'HEAD' ? place.gitFolder : place.commonFolder, name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // Absent, or a folder of refs with longer names.
    return undefined;
  }
}

function packedText(place: Place): string {
  const path = join(place.commonFolder, 'packed-refs');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function packedOid(place: Place, name: string): string | undefined {
  const text = packedText(place);
  const at = text.indexOf(` ${name}\n`);
  return at < 40 ? undefined : text.slice(at - 40, at);
}

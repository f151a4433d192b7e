/** Objects that lie in a file each. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inflate, inflateStart } from './inflate.ts';
import { DamageError, objectTypes, type Reading } from './object.ts';

const startBytes = 512;

/**
 * Reads a loose object. Its hash is the caller's to check.
 *
 * Units: `sizeMax` in bytes. Errors: DamageError, or the file system's.
 */
export function readLoose(folder: string, oid: string, sizeMax: number): Reading {
  const file = openFile(join(folder, oid.slice(0, 2), oid.slice(2)));
  if (file === undefined) return { kind: 'absent' };
  try {
    const fileBytes = fstatSync(file).size;
    const start = readStart(file, Math.min(startBytes, fileBytes));
    const header = /^([a-z]+) ([0-9]{1,15})\0/.exec(inflateStart(start).subarray(0, 32).toString('latin1'));
    const type = objectTypes.find((name) => name === header?.[1]);
    if (header === null || type === undefined) throw new DamageError(`object ${oid} has no proper header`);
    const sizeBytes = Number(header[2]);
    if (sizeBytes > sizeMax) return { kind: 'tooLarge', sizeBytes };
    const headerBytes = header[0].length;
    if (fileBytes > 2 * (sizeBytes + headerBytes) + 1024) throw new DamageError(`object ${oid} has bytes to spare`);
    const packed = fileBytes <= startBytes ? start : readStart(file, fileBytes);
    return { kind: 'held', type, bytes: inflate(packed, sizeBytes + headerBytes).subarray(headerBytes) };
  } finally {
    closeSync(file);
  }
}

/** Names of loose objects that begin with these hex digits, two at least. */
export function looseNamesFrom(folder: string, prefix: string): readonly string[] {
  const fan = prefix.slice(0, 2);
  return namesIn(join(folder, fan))
    .map((rest) => fan + rest)
    .filter((oid) => oid.startsWith(prefix) && oid.length === 40);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function openFile(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

function readStart(file: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  if (readSync(file, bytes, 0, length, 0) !== length) throw new DamageError('a stored object is cut short');
  return bytes;
}

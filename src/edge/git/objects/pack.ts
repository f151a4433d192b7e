/** One pack on disk: reads its objects, resolving deltas, in bounded memory. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { applyDelta, resultSizeOf } from './delta.ts';
import { inflate } from './inflate.ts';
import { type Content, DamageError, type ObjectType, type Reading } from './object.ts';
import { readPackTable } from './pack-table.ts';

export type Pack = {
  /** Where it lies, without `.pack`. */
  readonly path: string;
  readonly has: (oid: Buffer) => boolean;
  /**
   * Reads an object. Its hash is the caller's to check.
   *
   * Units: `sizeMax` in bytes; an object above it, or a delta or base on the way to it, is `tooLarge`.
   * Errors: DamageError.
   */
  readonly read: (oid: Buffer, sizeMax: number, outside: Outside) => Reading;
  readonly namesFrom: (prefix: string, limit: number) => readonly string[];
  readonly close: () => void;
};

/** Reads the base of a delta that lies in another pack. */
export type Outside = (oid: Buffer) => Reading;

type Entry = {
  readonly type: number;
  /** Of the entry's own content: the object's, or the delta's. */
  readonly sizeBytes: number;
  readonly contentAt: number;
  readonly base:
    | { readonly kind: 'none' }
    | { readonly kind: 'offset'; readonly at: number }
    | { readonly kind: 'oid'; readonly oid: Buffer };
};

const typeNames: ReadonlyMap<number, ObjectType> = new Map([
  [1, 'commit'],
  [2, 'tree'],
  [3, 'blob'],
  [4, 'tag'],
]);
const offsetDelta = 6;
const oidDelta = 7;
// Git itself never writes a chain longer than this.
const chainMax = 4096;
const baseCacheBytes = 16 * 1024 * 1024;

/** Opens a pack that has an index. Errors: DamageError, or the file system's. */
export function openPack(path: string): Pack {
  const file = openSync(`${path}.pack`, 'r');
  try {
    return packOf(path, file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function packOf(path: string, file: number): Pack {
  const sizeBytes = fstatSync(file).size;
  const index = readPackTable(readFileSync(`${path}.idx`), sizeBytes);
  const bases = baseCache();

  const bytesAt = (at: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(file, bytes, 0, length, at) !== length) throw new DamageError('a pack is cut short');
    return bytes;
  };
  if (sizeBytes < 32 || !bytesAt(sizeBytes - 20, 20).equals(index.packChecksum)) {
    throw new DamageError('a pack and its index do not belong together');
  }

  const contentOf = (entry: Entry, start: number): Buffer => {
    const packedBytes = index.endOf(start) - entry.contentAt;
    if (packedBytes <= 0 || packedBytes > 2 * entry.sizeBytes + 1024) {
      throw new DamageError('a pack entry is longer than its content can be');
    }
    return inflate(bytesAt(entry.contentAt, packedBytes), entry.sizeBytes);
  };

  const readAt = (offset: number, sizeMax: number, outside: Outside): Reading => {
    const chain: { readonly start: number; readonly entry: Entry }[] = [];
    let base: Content | undefined;
    let at = offset;
    while (base === undefined) {
      const known = bases.get(at);
      if (known !== undefined) {
        base = known;
        break;
      }
      const entry = entryOf(bytesAt(at, Math.min(48, sizeBytes - at)), at);
      if (entry.sizeBytes > sizeMax) return { kind: 'tooLarge', sizeBytes: entry.sizeBytes };
      if (entry.base.kind === 'none') {
        const type = typeNames.get(entry.type);
        if (type === undefined) throw new DamageError('a pack holds an object of no known type');
        base = { type, bytes: contentOf(entry, at) };
        bases.set(at, base);
        break;
      }
      if (chain.push({ start: at, entry }) > chainMax) throw new DamageError('a chain of deltas has no end');
      const nextAt = entry.base.kind === 'offset' ? entry.base.at : index.offsetOf(entry.base.oid);
      if (nextAt !== undefined) {
        at = nextAt;
      } else if (entry.base.kind === 'oid') {
        const reading = outside(entry.base.oid);
        if (reading.kind === 'absent') throw new DamageError('the base of a delta is not there');
        if (reading.kind === 'tooLarge') return reading;
        base = reading;
      }
    }
    for (const { start, entry } of chain.toReversed()) {
      const delta = contentOf(entry, start);
      const resultBytes = resultSizeOf(delta);
      if (resultBytes > sizeMax) return { kind: 'tooLarge', sizeBytes: resultBytes };
      base = { type: base.type, bytes: applyDelta(base.bytes, delta) };
      bases.set(start, base);
    }
    if (base.bytes.length > sizeMax) return { kind: 'tooLarge', sizeBytes: base.bytes.length };
    return { kind: 'held', type: base.type, bytes: base.bytes };
  };

  return {
    path,
    has: (oid) => index.offsetOf(oid) !== undefined,
    read: (oid, sizeMax, outside) => {
      const offset = index.offsetOf(oid);
      return offset === undefined ? { kind: 'absent' } : readAt(offset, sizeMax, outside);
    },
    namesFrom: index.namesFrom,
    close: () => closeSync(file),
  };
}

/** The header of the entry that `bytes` begin with. Source: gitformat-pack(5), "pack-*.pack files". */
function entryOf(bytes: Buffer, start: number): Entry {
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new DamageError('a pack is cut short');
    return byte;
  };
  let byte = next();
  const type = (byte >> 4) & 7;
  let sizeBytes = byte & 15;
  for (let scale = 16; byte >= 0x80; scale *= 128) {
    byte = next();
    sizeBytes += (byte & 0x7f) * scale;
  }
  if (!Number.isSafeInteger(sizeBytes)) throw new DamageError('a pack entry announces an absurd size');
  if (type === oidDelta) {
    const oid = Buffer.from(bytes.subarray(at, at + 20));
    if (oid.length !== 20) throw new DamageError('a pack is cut short');
    return { type, sizeBytes, contentAt: start + at + 20, base: { kind: 'oid', oid } };
  }
  if (type !== offsetDelta) return { type, sizeBytes, contentAt: start + at, base: { kind: 'none' } };
  byte = next();
  let distance = byte & 0x7f;
  while (byte >= 0x80) {
    byte = next();
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  if (distance <= 0 || distance > start - 12) throw new DamageError('a delta points outside its pack');
  return { type, sizeBytes, contentAt: start + at, base: { kind: 'offset', at: start - distance } };
}

/** The bases read last: neighbours in a pack share them. */
function baseCache(): {
  readonly get: (at: number) => Content | undefined;
  readonly set: (at: number, content: Content) => void;
} {
  const held = new Map<number, Content>();
  let heldBytes = 0;
  return {
    get: (at) => held.get(at),
    set: (at, content) => {
      if (content.bytes.length > baseCacheBytes / 16 || held.has(at)) return;
      held.set(at, content);
      heldBytes += content.bytes.length;
      for (const [oldest, { bytes }] of held) {
        if (heldBytes <= baseCacheBytes) break;
        held.delete(oldest);
        heldBytes -= bytes.length;
      }
    },
  };
}

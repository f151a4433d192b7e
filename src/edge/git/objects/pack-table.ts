/** The index of a pack: where in the pack each object begins. */
import { createHash } from 'node:crypto';
import { DamageError } from './object.ts';

export type PackTable = {
  /** SHA-1 that ends the pack this index belongs to. */
  readonly packChecksum: Buffer;
  /** Where the object begins in the pack, or undefined. */
  readonly offsetOf: (oid: Buffer) => number | undefined;
  /** Where the entry that begins at `offset` ends, at the latest. */
  readonly endOf: (offset: number) => number;
  /** Names that begin with these hex digits, at most `limit`. */
  readonly namesFrom: (prefix: string, limit: number) => readonly string[];
};

const headerBytes = 8;
const fanoutBytes = 256 * 4;
const trailerBytes = 40;
const magic = Buffer.from('ff744f6300000002', 'hex');

/**
 * Reads an index of version 2, the only one Git has written since 2008.
 *
 * Cost: one SHA-1 over the index; the offsets are sorted at the first `endOf`.
 * Errors: DamageError.
 * Source: gitformat-pack(5).
 */
export function readPackTable(bytes: Buffer, packSizeBytes: number): PackTable {
  if (bytes.length < headerBytes + fanoutBytes + trailerBytes || !bytes.subarray(0, headerBytes).equals(magic)) {
    throw new DamageError('a pack index is cut short, or not of version 2');
  }
  const checksum = createHash('sha1').update(bytes.subarray(0, -20)).digest();
  if (!checksum.equals(bytes.subarray(-20))) throw new DamageError('a pack index does not match its checksum');

  const fanout = (slot: number): number => (slot < 0 ? 0 : bytes.readUInt32BE(headerBytes + slot * 4));
  const count = fanout(255);
  const namesAt = headerBytes + fanoutBytes;
  const offsetsAt = namesAt + count * 24;
  const longOffsetsAt = offsetsAt + count * 4;
  if (longOffsetsAt + trailerBytes > bytes.length) throw new DamageError('a pack index lacks objects it announces');

  const nameAt = (row: number): Buffer => bytes.subarray(namesAt + row * 20, namesAt + row * 20 + 20);

  const offsetAt = (row: number): number => {
    const short = bytes.readUInt32BE(offsetsAt + row * 4);
    const longAt = longOffsetsAt + (short - 0x80000000) * 8;
    const isLong = short >= 0x80000000;
    if (isLong && longAt + 8 + trailerBytes > bytes.length) throw new DamageError('a pack index points past its end');
    const offset = isLong ? Number(bytes.readBigUInt64BE(longAt)) : short;
    if (offset < 12 || offset >= packSizeBytes - 20) throw new DamageError('a pack index points outside its pack');
    return offset;
  };

  /** The first row whose name is not below `oid`. */
  const rowFrom = (oid: Buffer): number => {
    const first = oid[0] ?? 0;
    let low = Math.min(fanout(first - 1), count);
    let high = Math.min(fanout(first), count);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (nameAt(middle).compare(oid) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  let ends: Float64Array | undefined;
  return {
    packChecksum: bytes.subarray(-40, -20),
    offsetOf: (oid) => {
      const row = rowFrom(oid);
      return row < count && nameAt(row).equals(oid) ? offsetAt(row) : undefined;
    },
    endOf: (offset) => {
      ends ??= Float64Array.from({ length: count }, (_, row) => offsetAt(row)).sort();
      return firstAbove(ends, offset) ?? packSizeBytes - 20;
    },
    namesFrom: (prefix, limit) => {
      const names: string[] = [];
      for (let row = rowFrom(Buffer.from(prefix.padEnd(40, '0'), 'hex')); row < count && names.length < limit; row++) {
        const name = nameAt(row).toString('hex');
        if (!name.startsWith(prefix)) break;
        names.push(name);
      }
      return names;
    },
  };
}

function firstAbove(sorted: Float64Array, value: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

/** Deltas: an object written as copies from another one and insertions. */
import { DamageError } from './object.ts';

/** Reads Git's size numbers: seven bits a byte, lowest first. Returns the value and where it ends. */
export function readSize(bytes: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0;
  let scale = 1;
  for (let end = at; end < bytes.length && end < at + 8; end++) {
    const byte = bytes[end] ?? 0;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return [value, end + 1];
  }
  throw new DamageError('a delta is cut short');
}

/** The size of what a delta makes. Units: bytes. */
export function resultSizeOf(delta: Buffer): number {
  const [, end] = readSize(delta, 0);
  return readSize(delta, end)[0];
}

/**
 * Applies a delta. The caller has checked that the result is not too large.
 *
 * Errors: DamageError, when it does not fit its base or does not make what it announces.
 * Source: gitformat-pack(5), "Deltified representation".
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const [baseSize, resultSizeAt] = readSize(delta, 0);
  const [resultSize, start] = readSize(delta, resultSizeAt);
  if (baseSize !== base.length) throw new DamageError('a delta is for another base');

  const result = Buffer.allocUnsafe(resultSize);
  let made = 0;
  let at = start;
  const next = (): number => {
    const byte = delta[at++];
    if (byte === undefined) throw new DamageError('a delta is cut short');
    return byte;
  };
  while (at < delta.length) {
    const order = next();
    if (order >= 0x80) {
      let from = 0;
      let size = 0;
      for (let bit = 0; bit < 4; bit++) if (order & (1 << bit)) from += next() * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (order & (0x10 << bit)) size += next() * 2 ** (8 * bit);
      if (size === 0) size = 0x10000;
      if (from + size > base.length || made + size > resultSize) throw new DamageError('a delta copies out of bounds');
      base.copy(result, made, from, from + size);
      made += size;
    } else {
      if (order === 0 || at + order > delta.length || made + order > resultSize) {
        throw new DamageError('a delta inserts out of bounds');
      }
      delta.copy(result, made, at, at + order);
      at += order;
      made += order;
    }
  }
  if (made !== resultSize) throw new DamageError('a delta makes less than it announces');
  return result;
}

/** zlib with a ceiling: no more bytes come out than were announced. */
import { constants, inflateSync } from 'node:zlib';
import { DamageError } from './object.ts';

/** Unpacks exactly `sizeBytes`. Errors: DamageError. */
export function inflate(packed: Buffer, sizeBytes: number): Buffer {
  const bytes = guarded(() => inflateSync(packed, { maxOutputLength: Math.max(sizeBytes, 1) }));
  if (bytes.length !== sizeBytes) throw new DamageError('a stored object is shorter than it announces');
  return bytes;
}

/** Unpacks the beginning, as far as `packed` reaches. Errors: DamageError. */
export function inflateStart(packed: Buffer): Buffer {
  // A thousand times is the most that deflate can do.
  const maxOutputLength = packed.length * 1100 + 64;
  return guarded(() => inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength }));
}

function guarded(run: () => Buffer): Buffer {
  try {
    return run();
  } catch (cause) {
    // Memory that is not to be had is our process's trouble, not the pack's.
    if (cause instanceof RangeError && !('code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')) throw cause;
    throw new DamageError('a stored object does not unpack');
  }
}

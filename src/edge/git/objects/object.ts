/** What Git stores: commits, trees, blobs and tags, each named by the hash of its content. */
import { createHash } from 'node:crypto';
import { FaultError } from '../../../core/model/fault.ts';

export const objectTypes = ['commit', 'tree', 'blob', 'tag'] as const;
export type ObjectType = (typeof objectTypes)[number];

/** The content of an object, without Git's header. */
export type Content = { readonly type: ObjectType; readonly bytes: Buffer };

/** What a store says of an object. `tooLarge` is known from headers alone: its bytes were never unpacked. */
export type Reading =
  | ({ readonly kind: 'held' } & Content)
  | { readonly kind: 'tooLarge'; readonly sizeBytes: number }
  | { readonly kind: 'absent' };

/** Bytes on disk or from the wire are not what their name or their format says. A fresh copy is the way on. */
export class DamageError extends FaultError {
  constructor(detail: string) {
    super({ kind: 'protocol', detail });
  }
}

/** 40 lower-case hex digits. */
export const isOid = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);

/** The name of an object. */
export function oidOf({ type, bytes }: Content): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

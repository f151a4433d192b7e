/** Git's lines: four hex digits of length, then so many bytes. */
import { FaultError } from '../../../core/model/fault.ts';

/** `flush` ends a list; the other two are protocol 2's section marks. */
export type Packet =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'flush' }
  | { readonly kind: 'delimiter' }
  | { readonly kind: 'end' };

const marks: ReadonlyMap<string, Packet> = new Map([
  ['0000', { kind: 'flush' }],
  ['0001', { kind: 'delimiter' }],
  ['0002', { kind: 'end' }],
]);

/**
 * Reads the lines of an answer. Names are bytes to Git; here latin1 keeps each byte apart, so that two names that
 * differ stay different whatever their encoding.
 *
 * Errors: `protocol`.
 * Source: gitprotocol-common(5).
 */
export function readPackets(bytes: Buffer): readonly Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.toString('latin1', at, at + 4);
    const mark = marks.get(head);
    if (mark !== undefined) {
      packets.push(mark);
      at += 4;
      continue;
    }
    const length = /^[0-9a-fA-F]{4}$/.test(head) ? Number.parseInt(head, 16) : 0;
    if (length < 4 || at + length > bytes.length) {
      throw new FaultError({ kind: 'protocol', detail: 'the server does not speak Git, or was cut short' });
    }
    packets.push({ kind: 'line', text: bytes.toString('latin1', at + 4, at + length).replace(/\n$/, '') });
    at += length;
  }
  return packets;
}

/** A line as sent. */
export const packet = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;

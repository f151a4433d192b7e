/** The wire format of protobuf: numbered parts, one after the other. */

/** `bytes` of a text, a message or a map entry; `number` of everything else. */
export type Part = { readonly field: number; readonly bytes: Uint8Array | undefined; readonly number: number };

/** The parts of one message, in order; undefined when the bytes end early. Source: protobuf.dev/programming-guides/encoding. */
export function partsOf(bytes: Uint8Array): readonly Part[] | undefined {
  const parts: Part[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  /** Undefined when it has no end. Negative numbers are written as ten bytes of two's complement. */
  const readVarint = (): number | undefined => {
    let value = 0n;
    for (let shift = 0n; position < bytes.length && shift < 70n; shift += 7n) {
      const byte = view.getUint8(position);
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    return undefined;
  };
  while (position < bytes.length) {
    const tag = readVarint();
    if (tag === undefined) return undefined;
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    const size = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? readVarint() : 0;
    if (size === undefined || size < 0 || position + size > bytes.length) return undefined;
    if (wire === 0) {
      const number = readVarint();
      if (number === undefined) return undefined;
      parts.push({ field, bytes: undefined, number });
    } else if (wire === 1 || wire === 5) {
      parts.push({
        field,
        bytes: undefined,
        number: wire === 1 ? view.getFloat64(position, true) : view.getFloat32(position, true),
      });
    } else if (wire === 2) {
      parts.push({ field, bytes: bytes.subarray(position, position + size), number: 0 });
    } else {
      return undefined;
    }
    position += size;
  }
  return parts;
}

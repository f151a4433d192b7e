/** Names of a fixed form, held in as many bytes as they have: a fleet has them by the hundred thousand. */

export const packedUidLength = 16;
/** 22 characters of six bits. */
export const packedDigestLength = 17;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Shape: undefined for what is no UUID as API servers write them. */
export function packUid(uid: string): string | undefined {
  return uuid.test(uid) ? Buffer.from(uid.replaceAll('-', ''), 'hex').toString('latin1') : undefined;
}

export function unpackUid(packed: string): string {
  const hex = Buffer.from(packed, 'latin1').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Shape: undefined for what is no digest of `core/json/digest.ts`. */
export function packDigest(digest: string): string | undefined {
  const packed = Buffer.from(`${digest}AA`, 'base64url').toString('latin1').slice(0, packedDigestLength);
  return unpackDigest(packed) === digest ? packed : undefined;
}

export const unpackDigest = (packed: string): string =>
  Buffer.from(`${packed}\0`, 'latin1').toString('base64url').slice(0, 22);

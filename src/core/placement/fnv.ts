/** A small hash that spreads names in a fixed, arbitrary order. */

const utf8 = new TextEncoder();

/** FNV-1 (not FNV-1a) of 32 bits over UTF-8, unsigned. Source: draft-eastlake-fnv, section 2. */
export function fnv1(text: string): number {
  let hash = 2_166_136_261;
  for (const byte of utf8.encode(text)) hash = (Math.imul(hash, 16_777_619) ^ byte) >>> 0;
  return hash;
}

/** One value that SOPS has encrypted. */
import { createDecipheriv } from 'node:crypto';
import type { Json } from '../../core/json/value.ts';

export const isEncrypted = (text: string): boolean => text.startsWith('ENC[AES256_GCM,');

const shape = /^ENC\[AES256_GCM,data:([^,]*),iv:([^,]+),tag:([^,]+),type:([a-z0-9]+)\]$/;
const tagBytes = 16;

/**
 * Decrypts a value; where it stands is part of what is checked, so none can be moved to another place.
 *
 * Shape: undefined when it is not as SOPS wrote it, or not of this place or key.
 * Source: https://github.com/getsops/sops, aes/cipher.go; AES-256-GCM, NIST SP 800-38D.
 */
export function decryptValue(text: string, key: Uint8Array, place: string): Json | undefined {
  const bytes = decryptBytes(text, key, place);
  return bytes === undefined ? undefined : typed(bytes.toString('utf8'), shape.exec(text)?.[4] ?? '');
}

/** The same, as bytes that need be no text. */
export function decryptBytes(text: string, key: Uint8Array, place: string): Buffer | undefined {
  const [, data, iv, tag] = shape.exec(text) ?? [];
  if (data === undefined || iv === undefined || tag === undefined || key.length !== 32) return undefined;
  const seal = Buffer.from(tag, 'base64');
  if (seal.length !== tagBytes) return undefined;
  try {
    const options = { authTagLength: tagBytes };
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), options);
    cipher.setAAD(Buffer.from(place));
    cipher.setAuthTag(seal);
    return Buffer.concat([cipher.update(Buffer.from(data, 'base64')), cipher.final()]);
  } catch {
    return undefined;
  }
}

function typed(text: string, type: string): Json | undefined {
  switch (type) {
    case 'str':
    case 'bytes':
    case 'time':
      return text;
    case 'bool':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
    case 'int':
    case 'int64':
      return /^-?[0-9]{1,19}$/.test(text) ? integer(text) : undefined;
    case 'float':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    default:
      return undefined;
  }
}

const integer = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));

/** As SOPS writes a value where it counts it in. */
export function bytesOf(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? decimal(value) : String(value);
}

/** The shortest digits that mean the number, without an exponent. Source: Go's strconv, `FormatFloat(value, 'f', -1, 64)`. */
function decimal(value: number): string {
  const [, sign = '', first = '', rest = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const [digits, point] = [`${first}${rest}`, 1 + Number(exponent)];
  return point > 0 ? `${sign}${digits.padEnd(point, '0')}` : `${sign}0.${'0'.repeat(-point)}${digits}`;
}

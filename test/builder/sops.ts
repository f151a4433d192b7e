/** Files as SOPS encrypts them for an age identity, made on the spot. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { armor, Encrypter, identityToRecipient } from 'age-encryption';
import { formatJson } from '../../src/core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';

export const date = '2026-11-30T10:00:00Z';

function sealed(text: string, type: string, key: Buffer, place: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${parts[0]},iv:${parts[1]},tag:${parts[2]},type:${type}]`;
}

const typeOf = (value: Json): string =>
  typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'str' : Number.isInteger(value) ? 'int' : 'float';
function textOf(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'number' || !/e/.test(String(value))) return String(value);
  // As Go writes it: enough digits for these tests, and no exponent.
  return value > 1 ? BigInt(value).toString() : value.toFixed(8);
}

/**
 * As `sops encrypt --encrypted-regex '^(data|stringData)$'` does.
 *
 * Shape: JSON documents; names that begin with `#` are written without it, so that those which are numbers stay where they are.
 */
export async function sopsEncrypt(
  documents: readonly JsonObject[],
  identity: string,
  isPartial = false,
): Promise<string> {
  const key = randomBytes(32);
  const sum = createHash('sha512');
  if (isPartial) sum.update(createHash('sha256').update('sops').digest());
  const walk = (value: Json, path: readonly string[]): Json => {
    if (value === null) return value;
    if (isArray(value)) return value.map((item) => walk(item, path));
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, walk(part, [...path, field])]));
    const isSecret = path.some((step) => step === 'data' || step === 'stringData');
    if (isSecret || !isPartial) sum.update(textOf(value));
    return isSecret && value !== ''
      ? sealed(textOf(value), typeOf(value), key, `${path.join(':').replaceAll('#', '')}:`)
      : value;
  };
  const hidden = documents.map((document) => walk(document, []) as JsonObject);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const enc = armor.encode(await encrypter.encrypt(key));
  const sops = {
    age: [{ recipient: await identityToRecipient(identity), enc }],
    lastmodified: date,
    mac: sealed(sum.digest('hex').toUpperCase(), 'str', key, date),
    encrypted_regex: '^(data|stringData)$',
    ...(isPartial ? { mac_only_encrypted: true } : {}),
    version: '3.11.0',
  };
  return hidden.map((document) => formatJson({ ...document, sops }, 2).replaceAll('"#', '"')).join('\n---\n');
}

/** Files that are no manifests, as SOPS encrypts them: settings line by line (`.env`), and whatever bytes there are. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { at, isArray, isObject, type Json, textOf } from '../../core/json/value.ts';
import type { KeyFinder } from './file.ts';
import { decryptBytes, decryptValue, isEncrypted } from './value.ts';

/** Shape: a text is why it cannot be read, and tells no value. */
export type Opened =
  | { readonly kind: 'plain'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): Opened => ({ kind: 'refused', reason });
const forOthers = refused('is encrypted with SOPS, for others than this Landfall');
const changed = refused('is not as SOPS has encrypted it: a value was changed, added, moved or removed');

/**
 * `NAME=ENC[…]`; what SOPS says about the file are lines that begin with `sops_`.
 *
 * Source: https://github.com/getsops/sops, stores/dotenv and stores/flatten.go. Comments are left out, as from the sum.
 */
export async function openDotenv(text: string, findKey: KeyFinder): Promise<Opened> {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const entries = lines.flatMap((line): readonly (readonly [string, string])[] => {
    const equals = line.indexOf('=');
    return line.startsWith('#') || equals < 0
      ? []
      : [[line.slice(0, equals), line.slice(equals + 1).replaceAll('\\n', '\n')]];
  });
  const about = new Map(entries.filter(([name]) => name.startsWith('sops_')));
  const armored = [...about].flatMap(([name, value]) => (/^sops_age__list_\d+__map_enc$/.test(name) ? [value] : []));
  const key = await findKey(armored);
  if (key === undefined) return forOthers;
  const isPartial = about.get('sops_mac_only_encrypted') === 'true';
  const sum = sumOf(isPartial);
  const plain: string[] = [];
  for (const [name, value] of entries) {
    if (about.has(name)) continue;
    const found = isEncrypted(value) ? decryptBytes(value, key, `${name}:`) : Buffer.from(value);
    if (found === undefined) return changed;
    if (!isPartial || isEncrypted(value)) sum.update(found);
    plain.push(`${name}=${found.toString('utf8').replaceAll('\n', '\\n')}`);
  }
  const isWhole = isSum(sum.digest('hex'), about.get('sops_mac'), key, about.get('sops_lastmodified'));
  return isWhole ? { kind: 'plain', bytes: Buffer.from(`${plain.join('\n')}\n`) } : changed;
}

/** `{"data": "ENC[…]", "sops": {…}}`. Source: stores/json, `BinaryStore`. */
export async function openBinary(value: Json, findKey: KeyFinder): Promise<Opened> {
  const about = at(value, 'sops');
  const ages = at(about, 'age');
  const key = await findKey((isArray(ages) ? ages : []).flatMap((age) => textOf(at(age, 'enc')) ?? []));
  if (key === undefined) return forOthers;
  const data = textOf(at(value, 'data')) ?? '';
  const bytes = data === '' ? Buffer.alloc(0) : decryptBytes(data, key, 'data:');
  if (bytes === undefined) return changed;
  const sum = sumOf(at(about, 'mac_only_encrypted') === true)
    .update(bytes)
    .digest('hex');
  return isSum(sum, textOf(at(about, 'mac')), key, textOf(at(about, 'lastmodified')))
    ? { kind: 'plain', bytes }
    : changed;
}

export const isSealedBinary = (value: Json): boolean =>
  isObject(value) && typeof at(value, 'sops', 'mac') === 'string' && typeof value.data === 'string';

/** So that a sum over some values is never one over all. */
function sumOf(isPartial: boolean) {
  const sum = createHash('sha512');
  return isPartial ? sum.update(createHash('sha256').update('sops').digest()) : sum;
}

function isSum(sum: string, mac: string | undefined, key: Uint8Array, lastModified: string | undefined): boolean {
  const expected = Buffer.from(String(decryptValue(mac ?? '', key, lastModified ?? '')));
  const found = Buffer.from(sum.toUpperCase());
  return expected.length === found.length && timingSafeEqual(expected, found);
}

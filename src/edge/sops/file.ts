/** A file that SOPS has encrypted: its documents in plain text, or a problem and none. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../core/json/value.ts';
import { sizeOf } from '../../core/model/locate.ts';
import type { Document, SourceFile } from '../../core/model/source.ts';
import { bytesOf, decryptValue, isEncrypted } from './value.ts';

/** Finds the key of a file's data in one of these, each encrypted for somebody. Shape: undefined when none is for us. */
export type KeyFinder = (armored: readonly string[]) => Promise<Uint8Array | undefined>;

const isSealed = ({ value }: Document): boolean => typeof at(value, 'sops', 'mac') === 'string';

const isList = ({ value: { kind, items } }: Document): boolean =>
  typeof kind === 'string' && kind.endsWith('List') && isArray(items);

export const isSealedFile = ({ documents }: SourceFile): boolean => documents.some(isSealed);

/**
 * Decrypts all documents, and checks that nobody has changed, added, moved or removed any of their values.
 *
 * Shape: a file that cannot be read whole has a problem and no documents; no problem tells a value.
 * Source: https://github.com/getsops/sops, sops.go: `Tree.Decrypt`; its documents share one sum.
 */
export async function decryptFile(file: SourceFile, findKey: KeyFinder): Promise<SourceFile> {
  const [first] = file.documents;
  const metadata = first === undefined ? undefined : at(first.value, 'sops');
  if (first === undefined || file.problems.length > 0) return file;
  if (!file.documents.every(isSealed))
    return refused(
      file,
      'some documents are encrypted with SOPS, and others are not',
      'keep them in files of their own',
    );
  if (file.documents.some(isList))
    return refused(
      file,
      'the file is a list that is encrypted with SOPS',
      'write its items as documents, and encrypt those',
    );
  const ages = at(metadata, 'age');
  const armored = (isArray(ages) ? ages : []).flatMap((age) => textOf(at(age, 'enc')) ?? []);
  const key = await findKey(armored);
  if (key === undefined)
    return refused(
      file,
      'the file is encrypted with SOPS, for others than this Landfall',
      'encrypt it for the age recipient of `sops.identityFile` of the settings, too',
    );
  const isPartial = String(at(metadata, 'mac_only_encrypted')) === 'true';
  const sum = createHash('sha512');
  // So that a sum over some values is never one over all.
  if (isPartial) sum.update(createHash('sha256').update('sops').digest());
  const walk = walker(key, (value, wasEncrypted) => void ((wasEncrypted || !isPartial) && sum.update(bytesOf(value))));
  const documents = file.documents.map((document) => opened(document, walk));
  const whole = documents.filter((document) => document !== undefined);
  const expected = decryptValue(String(at(metadata, 'mac')), key, String(at(metadata, 'lastmodified')));
  if (whole.length < documents.length || !isEqual(String(expected), sum.digest('hex').toUpperCase()))
    return refused(
      file,
      'the file is not as SOPS has encrypted it: a value was changed, added, moved or removed',
      'edit it with `sops edit`',
    );
  return { ...file, documents: whole, isDecrypted: true };
}

type Walk = (value: Json, path: string) => Json | undefined;

/** Shape: undefined when a value cannot be decrypted. Items of a list stand where the list does. */
function walker(key: Uint8Array, count: (value: Json, wasEncrypted: boolean) => void): Walk {
  const walk: Walk = (value, path) => {
    if (value === null) return null;
    if (isArray(value)) {
      const items = value.map((item) => walk(item, path));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    if (isObject(value)) {
      const entries = Object.entries(value).map(([field, part]) => [field, walk(part, `${path}${field}:`)] as const);
      const known = entries.flatMap(([field, part]) => (part === undefined ? [] : [[field, part] as const]));
      return known.length === entries.length ? Object.fromEntries(known) : undefined;
    }
    const wasEncrypted = typeof value === 'string' && isEncrypted(value);
    const plain = wasEncrypted ? decryptValue(value, key, path) : value;
    if (plain !== undefined) count(plain, wasEncrypted);
    return plain;
  };
  return walk;
}

/** Without the block of SOPS, and without its places. */
function opened({ value, marks }: Document, walk: Walk): Document | undefined {
  const plain = walk(withFields(value, { sops: undefined }), '');
  if (!isObject(plain)) return undefined;
  const { from, size } = placeOf(value);
  return { value: plain, marks: [...marks.slice(0, 2 * from), ...marks.slice(2 * (from + size))] };
}

function placeOf(value: JsonObject): { readonly from: number; readonly size: number } {
  let from = 1;
  for (const [field, part] of Object.entries(value)) {
    if (field === 'sops') return { from, size: sizeOf(part) };
    from += sizeOf(part);
  }
  return { from, size: 0 };
}

function isEqual(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function refused(file: SourceFile, message: string, hint: string): SourceFile {
  return { ...file, documents: [], problems: [{ code: 'A1331', line: 1, column: 1, message, hint }] };
}

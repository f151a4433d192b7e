/** A file that SOPS has encrypted: its documents in plain text, or a problem and none. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../core/json/value.ts';
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
  const count: Count = (value, wasEncrypted) => void ((wasEncrypted || !isPartial) && sum.update(bytesOf(value)));
  const documents = file.documents.map((document) => opened(document, key, count));
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

type Count = (value: Json, wasEncrypted: boolean) => void;

/**
 * The values of one document, in the order in which they are written.
 *
 * An object of JavaScript moves names that are numbers to its front, while SOPS sums up what it meets in the file.
 */
class Reader {
  readonly #key: Uint8Array;
  readonly #marks: readonly number[];
  readonly #count: Count;

  constructor(key: Uint8Array, marks: readonly number[], count: Count) {
    this.#key = key;
    this.#marks = marks;
    this.#count = count;
  }

  /**
   * Shape: undefined when a value cannot be decrypted. `index`: of the value among the marks. Items of a list stand where
   *   the list does; the block of SOPS itself is left out.
   */
  read(value: Json, path: string, index: number): Json | undefined {
    if (value === null) return null;
    if (isArray(value)) return this.#items(value, path, index);
    if (isObject(value)) return this.#fields(value, path, index);
    const wasEncrypted = typeof value === 'string' && isEncrypted(value);
    const plain = wasEncrypted ? decryptValue(value, this.#key, path) : value;
    if (plain !== undefined) this.#count(plain, wasEncrypted);
    return plain;
  }

  #items(items: readonly Json[], path: string, index: number): Json | undefined {
    let next = index + 1;
    const known: Json[] = [];
    for (const item of items) {
      const plain = this.read(item, path, next);
      if (plain !== undefined) known.push(plain);
      next += sizeOf(item);
    }
    return known.length === items.length ? known : undefined;
  }

  #fields(value: JsonObject, path: string, index: number): Json | undefined {
    let next = index + 1;
    const fields = Object.entries(value).map(([name, part]) => {
      const at = next;
      next += sizeOf(part);
      return { name, part, at };
    });
    const isBlock = (name: string): boolean => path === '' && name === 'sops';
    const wanted = fields.filter(({ name }) => !isBlock(name)).toSorted((a, b) => this.#compare(a.at, b.at));
    const known = wanted.flatMap(({ name, part, at }) => {
      const plain = this.read(part, `${path}${name}:`, at);
      return plain === undefined ? [] : [[name, plain] as const];
    });
    return known.length === wanted.length ? Object.fromEntries(known) : undefined;
  }

  #compare(a: number, b: number): number {
    const [line, column] = [2 * a, 2 * a + 1];
    const [otherLine, otherColumn] = [2 * b, 2 * b + 1];
    const below = (this.#marks[line] ?? 0) - (this.#marks[otherLine] ?? 0);
    return below === 0 ? (this.#marks[column] ?? 0) - (this.#marks[otherColumn] ?? 0) : below;
  }
}

/** Without the block of SOPS, and without its places. */
function opened({ value, marks }: Document, key: Uint8Array, count: Count): Document | undefined {
  const plain = new Reader(key, marks, count).read(value, '', 0);
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

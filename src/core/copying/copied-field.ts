/** One field of a file that is copied: found, and set. */
import { equal } from '../json/equal.ts';
import { type Pointer, valueAt } from '../json/pointer.ts';
import { isArray, isObject, type Json, type JsonObject, textOf } from '../json/value.ts';
import type { CopiedField } from '../model/field-copy.ts';
import { locate } from '../model/locate.ts';
import type { Document } from '../model/source.ts';
import { readManifests } from '../yaml/read.ts';
import { spliceValue } from '../yaml/splice-value.ts';
import { isEncrypted } from './copied-file.ts';
import { type CopyRefusal, describeField, type Folder, join, refusedAt } from './folder.ts';

export type FoundField = {
  readonly kind: 'found';
  readonly value: Json | undefined;
  /** Where it is, or the nearest that is there. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
};

type FoundDocument = {
  readonly kind: 'document';
  readonly path: string;
  readonly text: string;
  readonly document: Document;
  readonly index: number;
};

/** What the entry of an image says; what else is there is the folder's own. */
const imageFields = ['newName', 'newTag', 'digest'] as const;

/** Shape: no value where the document does not have it. Refused: a file or document that is not there or cannot be read. */
export function fieldIn(folder: Folder, field: CopiedField): FoundField | CopyRefusal {
  const found = documentIn(folder, field);
  if (found.kind === 'refused') return found;
  const { document, path } = found;
  const pointer = pointerIn(document.value, field);
  const value = pointer === undefined ? undefined : valueAt(document.value, pointer);
  const nearest = pointer ?? (field.what.kind === 'image' ? ['images'] : field.what.path);
  const place = locate(document, nearest);
  const shown = value !== undefined && field.what.kind === 'image' ? imageOf(value) : value;
  return { kind: 'found', value: shown, path, ...place };
}

/** The file with the field set, or taken out. */
export function withField(
  folder: Folder,
  field: CopiedField,
  value: Json | undefined,
): { readonly kind: 'edited'; readonly text: string } | CopyRefusal {
  const found = documentIn(folder, field);
  if (found.kind === 'refused') return found;
  const { document, path, text, index } = found;
  const { pointer, whole } = wishOf(document.value, field, value);
  const spliced = spliceValue(text, pointer, whole, index);
  const { line, column } = locate(document, pointer);
  if (spliced.kind === 'refused') return refusedAt(path, line, column, spliced.message);
  const files = new Map(folder.files).set(field.file, { kind: 'text', text: spliced.text });
  const after = fieldIn({ ...folder, files }, field);
  if (after.kind === 'found' && equal(after.value, value)) return { kind: 'edited', text: spliced.text };
  return refusedAt(path, line, column, `${describeField(field)} cannot be changed alone`);
}

function documentIn({ path: root, files }: Folder, field: CopiedField): FoundDocument | CopyRefusal {
  const path = join(root, field.file);
  const file = files.get(field.file);
  if (file === undefined) return { kind: 'refused', ...field.origin, message: `there is no file ${path}` };
  if (file.kind === 'unreadable') return refusedAt(path, 1, 1, file.reason);
  const { documents, problems } = readManifests(path, file.text);
  const [problem] = problems;
  if (problem !== undefined) return refusedAt(path, problem.line, problem.column, problem.message);
  const fitting = documents.flatMap((document, index) => (isMeant(document, field) ? [{ document, index }] : []));
  const [first, second] = fitting;
  const [line = 1, column = 1] = (second ?? first)?.document.marks ?? [];
  if (first === undefined) return refusedAt(path, line, column, `it holds no ${nameOf(field)}`);
  if (second !== undefined) {
    const hint = field.document === undefined ? ': say which by `target`' : '';
    return refusedAt(path, line, column, `it holds more than one ${nameOf(field)}${hint}`);
  }
  if (isEncrypted(first.document.value)) return refusedAt(path, line, column, 'it is encrypted: copy the whole file');
  return { kind: 'document', path, text: file.text, ...first };
}

function isMeant({ value }: Document, { document }: CopiedField): boolean {
  if (document === undefined) return true;
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const isKind = document.kind === undefined || value.kind === document.kind;
  return isKind && (document.name === undefined || metadata.name === document.name);
}

const nameOf = ({ document }: CopiedField): string =>
  [document?.kind ?? 'document', document?.name].filter((part) => part !== undefined).join(' ');

/** Shape: undefined for an image that has no entry. */
function pointerIn(value: JsonObject, { what }: CopiedField): Pointer | undefined {
  if (what.kind === 'value') return what.path;
  const index = imagesOf(value).findIndex((entry) => isObject(entry) && textOf(entry.name) === what.name);
  return index === -1 ? undefined : ['images', String(index)];
}

const imagesOf = ({ images }: JsonObject): readonly Json[] => (isArray(images) ? images : []);

const imageOf = (entry: Json): JsonObject =>
  Object.fromEntries(
    imageFields.flatMap((name) => {
      const value = isObject(entry) && Object.hasOwn(entry, name) ? entry[name] : undefined;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

function wishOf(
  document: JsonObject,
  field: CopiedField,
  value: Json | undefined,
): { readonly pointer: Pointer; readonly whole: Json | undefined } {
  const { what } = field;
  const pointer = pointerIn(document, field);
  if (what.kind === 'value') return { pointer: what.path, whole: value };
  if (pointer === undefined) {
    const entry = { name: what.name, ...(isObject(value) ? value : {}) };
    return { pointer: ['images'], whole: [...imagesOf(document), entry] };
  }
  const entry = valueAt(document, pointer);
  if (value === undefined || !isObject(entry)) return { pointer, whole: value };
  const kept = Object.entries(entry).filter(([name]) => !imageFields.some((each) => each === name));
  return { pointer, whole: { ...Object.fromEntries(kept), ...(isObject(value) ? value : {}) } };
}

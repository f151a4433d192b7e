/** Protobuf bodies, which `kubectl create` and client libraries send: read into the JSON they stand for. */

import { parseJson } from '../../core/json/text.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../core/json/value.ts';
import packed from './data/messages.json' with { type: 'json' };
import { type Part, partsOf } from './protobuf-parts.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

/** A field by its number: its name in JSON (empty: its fields belong to the message around it) and what it holds. */
type Field = { readonly name: string; readonly type: string };
type Message = ReadonlyMap<number, Field>;

// Unpacked on first use: most processes never see protobuf.
const messages = new Map<number, Message>();
const kinds = new Map<string, number>();

function messageAt(index: number): Message {
  const there = messages.get(index);
  if (there !== undefined) return there;
  const fields = (packed.messages[index]?.fields ?? []).map((field) => {
    const [number = '', name = '', type = ''] = field.split(':');
    return [Number(number), { name, type }] as const;
  });
  const message = new Map(fields);
  messages.set(index, message);
  return message;
}

function indexOf(kind: string): number | undefined {
  if (kinds.size === 0) {
    for (const [index, row] of packed.messages.entries()) {
      for (const name of 'kinds' in row ? (row.kinds ?? []) : []) kinds.set(name, index);
    }
  }
  return kinds.get(kind);
}

/** Undefined when the bytes are no protobuf message of a built-in kind. Source: apimachinery's runtime.Unknown. */
export function readProtobuf(bytes: Uint8Array): JsonObject | undefined {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'k8s\0') return undefined;
  const envelope = partsOf(bytes.subarray(4));
  const raw = envelope?.find(({ field }) => field === 2)?.bytes;
  const typeMeta = partsOf(envelope?.find(({ field }) => field === 1)?.bytes ?? new Uint8Array());
  const [apiVersion = '', kind = ''] = [1, 2].map((number) =>
    textIn(typeMeta?.find(({ field }) => field === number)?.bytes),
  );
  // Options are of every group's own version; they are the same for all.
  const index = indexOf(kind === 'DeleteOptions' ? 'v1/DeleteOptions' : `${apiVersion}/${kind}`);
  const body = index === undefined ? undefined : readMessage(raw ?? new Uint8Array(), messageAt(index));
  return body && { apiVersion, kind, ...body };
}

function readMessage(bytes: Uint8Array, message: Message): JsonObject | undefined {
  const parts = partsOf(bytes);
  if (parts === undefined) return undefined;
  const fields = new Map<string, Json>();
  for (const part of parts) {
    const field = message.get(part.field);
    if (field === undefined) continue;
    const value = add(fields.get(field.name), field.type, part);
    if (value === undefined) return undefined;
    if (field.name !== '') fields.set(field.name, value);
    else if (isObject(value)) for (const [name, inner] of Object.entries(value)) fields.set(name, inner);
  }
  return Object.fromEntries(fields);
}

/** What a field holds once `part` is added to what came `before`. */
function add(before: Json | undefined, type: string, part: Part): Json | undefined {
  const rest = type.slice(1);
  if (type.startsWith('[')) {
    const item = read(rest, part);
    return item === undefined ? undefined : [...(isArray(before) ? before : []), item];
  }
  if (!type.startsWith('{')) return read(type, part);
  const pair = partsOf(part.bytes ?? new Uint8Array());
  const value = pair?.find(({ field }) => field === 2) ?? { field: 2, bytes: new Uint8Array(), number: 0 };
  const item = pair === undefined ? undefined : read(rest, value);
  if (item === undefined) return undefined;
  const key = textIn(pair?.find(({ field }) => field === 1)?.bytes);
  return Object.fromEntries([...Object.entries(isObject(before) ? before : {}), [key, item]]);
}

function read(type: string, part: Part): Json | undefined {
  const bytes = part.bytes ?? new Uint8Array();
  if (type.startsWith('#')) return readMessage(bytes, messageAt(Number(type.slice(1))));
  switch (type) {
    case 's':
      return textIn(bytes);
    case 'b':
      return Buffer.from(bytes).toString('base64');
    case 't':
      return part.number !== 0;
    case 'T':
    case 'M':
      return timeIn(bytes, type === 'M');
    case 'Q':
      return textIn(partsOf(bytes)?.find(({ field }) => field === 1)?.bytes);
    case 'I':
      return intOrStringIn(bytes);
    case 'R':
      return rawIn(bytes);
    default:
      return part.number;
  }
}

const textIn = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

/** Null for the zero time, as in JSON. */
function timeIn(bytes: Uint8Array, hasMicros: boolean): Json {
  const numbers = new Map(partsOf(bytes)?.map(({ field, number }) => [field, number]));
  const seconds = numbers.get(1);
  if (seconds === undefined) return null;
  const text = new Date(seconds * 1_000).toISOString().slice(0, 19);
  const micros = Math.floor((numbers.get(2) ?? 0) / 1_000);
  return hasMicros ? `${text}.${String(micros).padStart(6, '0')}Z` : `${text}Z`;
}

function intOrStringIn(bytes: Uint8Array): Json {
  const parts = partsOf(bytes) ?? [];
  const isText = parts.some(({ field, number }) => field === 1 && number === 1);
  if (isText) return textIn(parts.find(({ field }) => field === 3)?.bytes);
  return parts.find(({ field }) => field === 2)?.number ?? 0;
}

/** JSON as bytes of JSON. */
function rawIn(bytes: Uint8Array): Json | undefined {
  const text = textIn(partsOf(bytes)?.find(({ field }) => field === 1)?.bytes);
  try {
    return text === '' ? null : parseJson(text);
  } catch {
    return undefined;
  }
}

/** One text and one digest for each JSON value, whatever the order of its fields. */
// The one import of Node in core: a hash is a function of its input, and a library's beats ours.
import { createHmac, hash } from 'node:crypto';
import { formatJson } from './text.ts';
import { isObject, type Json } from './value.ts';

/**
 * The canonical text of a value: fields in one order whatever order they came in, no spaces.
 *
 * Source: the idea of RFC 8785; numbers keep all digits of an int64, and fields that look like indexes come first.
 */
export function canonical(value: Json): string {
  return formatJson(sorted(value));
}

/** Equal values, and only they, have equal digests: 22 characters of base64url, 128 bits of SHA-256. */
export function digestOf(value: Json): string {
  return digestOfText(canonical(value));
}

export function digestOfText(text: string): string {
  return hashOfText(text).slice(0, 22);
}

/** The whole SHA-256, as 43 characters of base64url. */
export function hashOfText(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** As `digestOfText`, but tells nothing about a guessable text to a reader without the key. */
export function keyedDigestOfText(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
}

/** The first 64 bits of SHA-256, as an unsigned number: for choices that only the text decides. */
export function scoreOfText(text: string): bigint {
  return BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`);
}

/** A digest for people to copy: `sha256:` and 64 hex digits. */
export function longDigestOfText(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([field, part]) => [field, sorted(part)]));
}

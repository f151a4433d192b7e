/** Bytes to text: UTF-8 and nothing else, one kind of line end. */
import type { ReadLimits } from './limits.ts';
import type { Flaw } from './problem.ts';

export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string; readonly flaw: Flaw };

const byteOrderMark = '\ufeff';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Decodes a file. Lines end in `\n` afterwards, and the last one has an end, as kubectl gives them to its parser.
 *
 * Shape: when refused, `text` is what the flaw's offset counts in.
 */
export function openText(source: Uint8Array | string, limits: ReadLimits): SourceText {
  const sizeBytes = typeof source === 'string' ? byteLengthOf(source, limits.sizeBytesMax) : source.byteLength;
  if (sizeBytes > limits.sizeBytesMax) {
    const message = `the file has more than ${limits.sizeBytesMax} bytes`;
    return refused('', { kind: 'size', offset: 0, message, hint: 'split it into several files' });
  }
  const decoded = typeof source === 'string' ? source : decode(source);
  if (typeof decoded !== 'string') return decoded;
  const withoutMark = decoded.startsWith(byteOrderMark) ? decoded.slice(1) : decoded;
  const text = withoutMark.includes('\r\n') ? withoutMark.replaceAll('\r\n', '\n') : withoutMark;
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const message = 'found a NUL character';
    const hint = 'this is no text file, or one in UTF-16: save it as UTF-8';
    return refused(text, { kind: 'encoding', offset: nul, message, hint });
  }
  if (!text.isWellFormed()) {
    const offset = text
      .toWellFormed()
      .split('')
      .findIndex((character, at) => character !== text[at]);
    return refused(text, { kind: 'encoding', offset, message: 'found half a character' });
  }
  return { kind: 'text', text: text === '' || text.endsWith('\n') ? text : `${text}\n` };
}

const refused = (text: string, flaw: Flaw): SourceText => ({ kind: 'refused', text, flaw });

function decode(bytes: Uint8Array): string | SourceText {
  try {
    return utf8.decode(bytes);
  } catch {
    return undecodable(bytes);
  }
}

/** Finds the line that does not decode; the text is replaced up to there, so that the flaw has a place in it. */
function undecodable(bytes: Uint8Array): SourceText {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end === -1 ? bytes.length : end + 1);
    const offset = badCharacterOf(line);
    if (offset !== undefined) {
      const before = utf8.decode(bytes.subarray(0, start));
      const message = 'found bytes that are no UTF-8 text';
      const flaw: Flaw = { kind: 'encoding', offset: before.length + offset, message, hint: 'save the file as UTF-8' };
      return refused(before + lenient.decode(line), flaw);
    }
    start += line.length;
  }
  return { kind: 'text', text: lenient.decode(bytes) };
}

function badCharacterOf(line: Uint8Array): number | undefined {
  try {
    utf8.decode(line);
    return undefined;
  } catch {
    return Math.max(lenient.decode(line).indexOf('\ufffd'), 0);
  }
}

/** At least the UTF-8 bytes of a text, counted only when that could pass the limit. */
function byteLengthOf(text: string, max: number): number {
  return text.length > max || text.length * 3 <= max ? text.length : new TextEncoder().encode(text).length;
}

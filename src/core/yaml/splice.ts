/** Changes one scalar in a YAML text and nothing else: comments, quotes and layout stay. */
import { isScalar, parseDocument, type Scalar } from 'yaml';
import { equal } from '../json/equal.ts';
import { applyPatch } from '../json/patch.ts';
import { formatPointer, type Pointer, parsePointer } from '../json/pointer.ts';
import type { Json } from '../json/value.ts';
import { readDocument } from './document.ts';
import { formatYaml } from './format.ts';
import { defaultReadLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { doubleQuoted, singleQuoted } from './quote.ts';
import { openText } from './source-text.ts';
import { type Chunk, splitDocuments } from './split.ts';

export type Splice =
  | { readonly kind: 'spliced'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string };

export type ScalarValue = null | boolean | number | bigint | string;

/**
 * Sets the scalar at a pointer; `document` counts the documents of the text from 0, empty ones left out.
 *
 * Shape: the answer differs from `text` in that scalar only, and was read again to be sure of it. Refused: what is not there,
 * is no scalar, or stands in more than one place (anchors); texts that cannot be read.
 */
export function spliceScalar(text: string, pointer: string | Pointer, value: ScalarValue, document = 0): Splice {
  const path = typeof pointer === 'string' ? parsePointer(pointer) : pointer;
  if (path === undefined) return refuse(`${JSON.stringify(pointer)} is no JSON Pointer`);
  const opened = openText(text, defaultReadLimits);
  if (opened.kind === 'refused') return refuse(opened.flaw.message);
  const chunk = splitDocuments(opened.text).chunks[document];
  const before = chunk && valueIn(chunk);
  if (chunk === undefined || before === undefined) return refuse(`There is no document ${document} that can be read`);
  const wanted = applyPatch(before, [{ op: 'replace', path, value }]);
  const place = scalarAt(chunk.text, path);
  if (wanted.kind === 'refused' || place === undefined) return refuse(`There is no scalar at ${formatPointer(path)}`);
  for (const spelling of spellingsOf(value, place.node)) {
    const changed = chunk.text.slice(0, place.start) + spelling + chunk.text.slice(place.end);
    const after = valueIn({ text: changed, offset: 0 });
    if (after === undefined || !equal(after, wanted.value)) continue;
    const whole = opened.text.slice(0, chunk.offset) + changed + opened.text.slice(chunk.offset + chunk.text.length);
    return restoreLines(text, opened.text, whole);
  }
  return refuse(`The scalar at ${formatPointer(path)} cannot be changed alone`);
}

const refuse = (message: string): Splice => ({ kind: 'refused', message });

function valueIn(chunk: Chunk): Json | undefined {
  const [read, ...others] = readDocument(chunk, new Lines(chunk.text), defaultReadLimits);
  return read === undefined || others.length > 0 || read.flaws.list.length > 0 ? undefined : read.value;
}

type Place = { readonly node: Scalar; readonly start: number; readonly end: number };

/** The package knows where a scalar ends; what it means does not matter here. */
function scalarAt(text: string, path: Pointer): Place | undefined {
  const parsed = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const node = parsed.errors.length > 0 ? undefined : parsed.getIn(path, true);
  if (!isScalar(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return { node, start, end };
}

/** In the quotes that are there, where they can hold the value; then in others. */
function spellingsOf(value: ScalarValue, { type, source = '' }: Scalar): readonly string[] {
  const plain = typeof value === 'string' && value.includes('\n') ? doubleQuoted(value) : formatYaml(value).trimEnd();
  // An empty value stands right behind its colon; a block text ends with its last line's end.
  const before = type === 'PLAIN' && source === '' ? ' ' : '';
  const after = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? '\n' : '';
  if (typeof value !== 'string') return [before + plain + after];
  // JSON's spelling keeps a JSON file one, and is right in YAML for nearly every text.
  const quoted =
    type === 'QUOTE_SINGLE' ? singleQuoted(value) : type === 'QUOTE_DOUBLE' ? JSON.stringify(value) : plain;
  return [quoted, doubleQuoted(value)].map((spelling) => before + spelling + after);
}

/** Gives the text the line ends, the byte order mark and the missing last line end that it had. */
function restoreLines(original: string, opened: string, changed: string): Splice {
  const restore = (text: string): string => {
    const ended = opened.endsWith('\n') && !original.endsWith('\n') ? text.slice(0, -1) : text;
    return (
      (original.startsWith('\ufeff') ? '\ufeff' : '') +
      (original.includes('\r\n') ? ended.replaceAll('\n', '\r\n') : ended)
    );
  };
  return restore(opened) === original
    ? { kind: 'spliced', text: restore(changed) }
    : refuse('The lines of the text end in different ways');
}

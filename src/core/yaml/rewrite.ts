/** One document of a text changed, and all the rest kept to the letter. */
import { equal } from '../json/equal.ts';
import type { Json } from '../json/value.ts';
import { readDocument } from './document.ts';
import { defaultReadLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { openText } from './source-text.ts';
import { type Chunk, splitDocuments } from './split.ts';

export type Splice =
  | { readonly kind: 'spliced'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string };

export type Change = {
  /** What the document is to hold afterwards. */
  readonly wanted: Json;
  /** Its text, in the spelling that is liked best first. */
  readonly texts: readonly string[];
  /** Said when none of them is read as what is wanted. */
  readonly whyNot: string;
};

export const refuse = (message: string): Splice => ({ kind: 'refused', message });

/**
 * Changes a document as `change` says, which gets its text and its value, and may refuse by a text that says why.
 *
 * Shape: `document` counts those of the text from 0, empty ones left out. What comes out was read again, and holds exactly
 *   what is wanted. Refused: texts that cannot be read.
 */
export function rewrite(
  text: string,
  document: number,
  change: (text: string, value: Json) => Change | string,
): Splice {
  const opened = openText(text, defaultReadLimits);
  if (opened.kind === 'refused') return refuse(opened.flaw.message);
  const chunk = splitDocuments(opened.text).chunks[document];
  const before = chunk && valueIn(chunk);
  if (chunk === undefined || before === undefined) return refuse(`there is no document ${document} that can be read`);
  const wish = change(chunk.text, before);
  if (typeof wish === 'string') return refuse(wish);
  for (const changed of wish.texts) {
    const after = valueIn({ text: changed, offset: 0 });
    if (after === undefined || !equal(after, wish.wanted)) continue;
    const whole = opened.text.slice(0, chunk.offset) + changed + opened.text.slice(chunk.offset + chunk.text.length);
    return restoreLines(text, opened.text, whole);
  }
  return refuse(wish.whyNot);
}

function valueIn(chunk: Chunk): Json | undefined {
  const [read, ...others] = readDocument(chunk, new Lines(chunk.text), defaultReadLimits);
  return read === undefined || others.length > 0 || read.flaws.list.length > 0 ? undefined : read.value;
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
    : refuse('the lines of the text end in different ways');
}

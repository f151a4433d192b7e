/** A file's text to the texts of its documents, at the lines where kubectl splits it. */
import { excerpt } from './excerpt.ts';
import { Flaws } from './flaws.ts';
import type { Flaw } from './problem.ts';

/** One document's text and where in the file it begins. */
export type Chunk = { readonly text: string; readonly offset: number };

export type Split = { readonly chunks: readonly Chunk[]; readonly flaws: Flaws };

/**
 * Splits at every line that begins with `---`, whatever it is part of, before any YAML is read: so does kubectl.
 * Chunks of blank lines and comments are left out.
 */
export function splitDocuments(text: string): Split {
  const chunks: Chunk[] = [];
  const flaws = new Flaws();
  let start = 0;
  for (let line = nextSeparator(text, 0); line !== -1; line = nextSeparator(text, start)) {
    pushChunk(chunks, text, start, line);
    const end = text.indexOf('\n', line);
    const rest = text.slice(line + 3, end);
    if (!/^(?:[ \t]+#|[ \t]*$)/.test(rest)) flaws.add(badSeparator(line, rest));
    start = end + 1;
  }
  pushChunk(chunks, text, start, text.length);
  return { chunks, flaws };
}

function nextSeparator(text: string, start: number): number {
  if (text.startsWith('---', start)) return start;
  const found = text.indexOf('\n---', start);
  return found === -1 ? -1 : found + 1;
}

function pushChunk(chunks: Chunk[], text: string, start: number, end: number): void {
  const offset = text[start] === '\ufeff' ? start + 1 : start;
  if (offset < end && !isBlank(text, offset, end)) chunks.push({ text: text.slice(offset, end), offset });
}

/** Blank lines and comments only? What is not plain to see is left to the parser. */
function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const character = text[at];
    if (character === '#') {
      const lineEnd = text.indexOf('\n', at);
      if (!/^[\t\x20-\x7e\xa0-\u2027\u202a-\ufefe]*$/.test(text.slice(at, lineEnd))) return false;
      at = lineEnd;
    } else if (character !== '\n' && character !== ' ') return false;
  }
  return true;
}

function badSeparator(offset: number, rest: string): Flaw {
  const message = `found ${excerpt(rest.trim())} behind ---, which separates documents`;
  const hint = rest.startsWith('-')
    ? 'kubectl splits a file at every line that begins with ---, also inside a text: indent the line'
    : 'only a comment may stand there, behind a blank';
  return { kind: 'separator', offset, message, hint };
}

/** A template of Go as texts and the words of its actions. */
import { UnfitError } from './syntax.ts';

export type Word =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** A name, a field with its dot, a variable with its `$`, or a sign. */
  | { readonly kind: 'word'; readonly text: string; readonly isApart: boolean };

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly words: readonly Word[] };

const action = /\{\{(- )?((?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`|\}(?!\}))*?)( -)?\}\}/g;
const comment = /^\s*\/\*[\s\S]*\*\/\s*$/;

/** `{{- ` and ` -}}` take away the blanks beside them. */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let isTrimmed = false;
  const add = (text: string, trimsEnd: boolean): void => {
    const start = isTrimmed ? text.trimStart() : text;
    const kept = trimsEnd ? start.trimEnd() : start;
    if (kept !== '') pieces.push({ kind: 'text', text: kept });
  };
  for (const match of template.matchAll(action)) {
    const [whole, trimsBefore, inside = '', trimsAfter] = match;
    add(template.slice(from, match.index), trimsBefore !== undefined);
    from = match.index + whole.length;
    isTrimmed = trimsAfter !== undefined;
    if (!comment.test(inside)) pieces.push({ kind: 'action', words: wordsOf(inside) });
  }
  const rest = template.slice(from);
  if (rest.includes('{{')) throw new UnfitError('an action of its template does not end');
  add(rest, false);
  return pieces;
}

const word =
  /(\s+)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|(-?[0-9]+(?:\.[0-9]+)?)(?![\w.])|(\$[A-Za-z_0-9]*|\.[A-Za-z_][\w]*|\.|[A-Za-z_]\w*|:=|=|\||\(|\)|,)|(.)/gs;

function wordsOf(inside: string): readonly Word[] {
  const words: Word[] = [];
  let isApart = true;
  for (const [, blank, quoted, raw, number, text, odd] of inside.matchAll(word)) {
    if (odd !== undefined)
      throw new UnfitError(`its template has ${JSON.stringify(odd)} where nothing like it is known`);
    if (quoted !== undefined) words.push({ kind: 'text', text: unquoted(quoted) });
    else if (raw !== undefined) words.push({ kind: 'text', text: raw });
    else if (number !== undefined) words.push({ kind: 'number', value: Number(number) });
    else if (text !== undefined) words.push({ kind: 'word', text, isApart });
    isApart = blank !== undefined;
  }
  return words;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    throw new UnfitError(`its template has a text that cannot be read: ${JSON.stringify(text)}`);
  }
}

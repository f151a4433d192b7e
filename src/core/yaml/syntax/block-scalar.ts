/** Scalars of whole lines: behind `|` every line end stays, behind `>` lines are joined. */
import { excerpt } from '../excerpt.ts';
import { type Cursor, end, isBlank, isBreak, isBreakOrEnd, space, tab } from './cursor.ts';
import { fail } from './malformed.ts';

/** What becomes of the line ends behind the last line with text. */
type Chomping = 'strip' | 'clip' | 'keep';

type Header = { readonly chomping: Chomping; readonly indentation: number | undefined };

/**
 * Scans a block scalar, the cursor standing on `|` or `>`; `parentIndent` is the column of the map or list around it, -1
 * at the top.
 *
 * Source: libyaml, which takes a line of blanks for text when it reaches the indentation.
 */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const isLiteral = cursor.text[cursor.at] === '|';
  const { chomping, indentation } = takeHeader(cursor);
  const given = indentation === undefined ? undefined : Math.max(parentIndent, 0) + indentation;
  const lead = takeIndentation(cursor, given, parentIndent);
  const { indent } = lead;
  let { breaks } = lead;
  let text = '';
  let lineEnd = '';
  let wasBlank = false;
  while (cursor.column === indent && cursor.code() !== end) {
    const isIndented = isBlank(cursor.code());
    const isJoined = !isLiteral && !wasBlank && !isIndented && lineEnd === '\n';
    text += isJoined ? (breaks === '' ? ' ' : '') : lineEnd;
    text += breaks;
    wasBlank = isIndented;
    const start = cursor.at;
    while (!isBreakOrEnd(cursor.code())) cursor.at++;
    text += cursor.text.slice(start, cursor.at);
    lineEnd = cursor.takeBreak();
    ({ breaks } = takeIndentation(cursor, indent, parentIndent));
  }
  if (chomping === 'strip') return text;
  return text + lineEnd + (chomping === 'keep' ? breaks : '');
}

function takeHeader(cursor: Cursor): Header {
  const start = cursor.at++;
  let chomping = takeChomping(cursor);
  const indentation = takeDigit(cursor, start);
  chomping ??= takeChomping(cursor);
  cursor.skipBlanks();
  if (cursor.text[cursor.at] === '#') cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) failHeader(cursor, start);
  cursor.takeBreak();
  return { chomping: chomping ?? 'clip', indentation };
}

function takeChomping(cursor: Cursor): Chomping | undefined {
  const sign = cursor.text[cursor.at];
  if (sign !== '+' && sign !== '-') return undefined;
  cursor.at++;
  return sign === '+' ? 'keep' : 'strip';
}

function takeDigit(cursor: Cursor, start: number): number | undefined {
  const digit = cursor.text[cursor.at] ?? '';
  if (!/^[0-9]$/.test(digit)) return undefined;
  if (digit === '0') fail('syntax', start, 'the indentation of a block text cannot be 0');
  cursor.at++;
  return Number(digit);
}

function failHeader(cursor: Cursor, start: number): never {
  const sign = cursor.text.slice(start, start + 1);
  const hint = 'the text begins on the next line; a text that begins with | or > must stand in quotes';
  fail('syntax', cursor.at, `found ${excerpt(cursor.restOfLine())} behind ${sign}`, hint);
}

/** Takes empty lines and the indentation of the next; the first time it finds out how deep that is, unless it is given. */
function takeIndentation(
  cursor: Cursor,
  given: number | undefined,
  parentIndent: number,
): { readonly breaks: string; readonly indent: number } {
  const max = given ?? Number.POSITIVE_INFINITY;
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while (cursor.column < max && cursor.code() === space) cursor.at++;
    deepest = Math.max(deepest, cursor.column);
    if (cursor.column < max && cursor.code() === tab)
      fail('tab', cursor.at, 'found a tab where a block text is indented', 'indent with spaces');
    if (!isBreak(cursor.code())) break;
    breaks += cursor.takeBreak();
  }
  return { breaks, indent: given ?? Math.max(deepest, parentIndent + 1, 1) };
}

/** Scalars in single and double quotes. */
import { excerpt } from '../excerpt.ts';
import { type Cursor, end, fold, isBlank, isBreak } from './cursor.ts';
import { fail } from './malformed.ts';

const doubleQuote = 0x22;
const singleQuote = 0x27;
const backslash = 0x5c;

/** What may stand behind a backslash, but for the codes of characters. JSON's \/ is not among them. */
const escapes = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }),
);
const codeLengths = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Scans a quoted scalar, the cursor standing on its quote. Indentation does not count inside. Source: libyaml. */
export function scanQuoted(cursor: Cursor): string {
  const start = cursor.at;
  const quote = cursor.code();
  let text = '';
  let segment = ++cursor.at;
  const take = (to = cursor.at): void => {
    text += cursor.text.slice(segment, to);
  };
  for (;;) {
    const code = cursor.code();
    if (code === end || (segment === cursor.at && cursor.isAtDocumentEnd())) return failUnclosed(cursor, start);
    if (code === quote) {
      if (quote === doubleQuote || cursor.code(1) !== singleQuote) break;
      take(cursor.at + 1);
      cursor.at += 2;
      segment = cursor.at;
    } else if (code === backslash && quote === doubleQuote) {
      take();
      text += takeEscape(cursor);
      segment = cursor.at;
    } else if (isBreak(code) || isBlank(code)) {
      const blank = cursor.at;
      cursor.skipBlanks();
      if (!isBreak(cursor.code())) continue;
      take(blank);
      text += fold(cursor.takeBreak(), takeBreaks(cursor));
      segment = cursor.at;
    } else cursor.at++;
  }
  take();
  cursor.at++;
  return text;
}

/** Takes blank lines, and the blanks that the next line begins with. */
function takeBreaks(cursor: Cursor): string {
  let breaks = '';
  for (;;) {
    cursor.skipBlanks();
    const taken = cursor.takeBreak();
    if (taken === '') return breaks;
    breaks += taken;
  }
}

function takeEscape(cursor: Cursor): string {
  const start = cursor.at++;
  if (isBreak(cursor.code())) {
    cursor.takeBreak();
    return takeBreaks(cursor);
  }
  const letter = cursor.text[cursor.at++] ?? '';
  const length = codeLengths.get(letter);
  if (length === undefined) return escapes.get(letter) ?? failEscape(start, letter);
  const digits = cursor.text.slice(cursor.at, cursor.at + length);
  if (digits.length < length || !/^[0-9A-Fa-f]+$/.test(digits))
    fail('syntax', start, `behind \\${letter} there must be ${length} hexadecimal digits`);
  cursor.at += length;
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) failCode(start, `\\${letter}${digits}`);
  return String.fromCodePoint(code);
}

function failEscape(offset: number, letter: string): never {
  const hint = 'double a backslash that is part of the text, or use single quotes';
  fail('syntax', offset, `\\${letter} is no escape in double quotes`, hint);
}

function failCode(offset: number, written: string): never {
  fail('syntax', offset, `${written} is no character`, 'write the character itself, or \\U and its eight digits');
}

function failUnclosed(cursor: Cursor, start: number): never {
  const hint = 'everything up to the end of the document is inside the quotes';
  fail('unclosed', start, `the quote before ${excerpt(cursor.restOfLine(start + 1))} is not closed`, hint);
}

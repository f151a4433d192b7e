/** What the scanner says when it cannot go on. */
import { excerpt } from '../excerpt.ts';
import type { Cursor } from './cursor.ts';
import { fail } from './malformed.ts';

/** So near to each other stand a key and its colon. */
export const keyLengthMax = 1024;

/** A text stands where only a key can, and no colon follows. */
export function failColon(cursor: Cursor, start: number): never {
  if (start >= cursor.lineStart && cursor.at - start > keyLengthMax) failLongKey(start);
  const line = cursor.restOfLine(start);
  const glued = /^[A-Za-z0-9_./-]+:(?=[^\s/])/.exec(line);
  const hint =
    glued === null
      ? 'if it belongs to the text above, indent it deeper; if it is a key, it needs a colon'
      : `put a space behind the colon: ${excerpt(`${glued[0]} …`)}`;
  fail('syntax', start, `found ${excerpt(line)} where a key, a colon and a value must be`, hint);
}

function failLongKey(start: number): never {
  const hint = 'put a ? before a key as long as this, and its colon on the next line';
  fail('syntax', start, `found a key of more than ${keyLengthMax} characters`, hint);
}

/** A colon, and behind it a blank, where it ends no key; `lastStart` is where the token before it begins. */
export function failValue(cursor: Cursor, lastStart: number): never {
  const line = cursor.restOfLine(cursor.lineStart);
  const offset = cursor.lineStart + line.length - line.trimStart().length;
  if (lastStart < cursor.lineStart) {
    const hint = 'give both lines the same indentation; if they are one text, put it in quotes';
    fail('indentation', offset, `found ${excerpt(line.trim())} indented below a key that has a value already`, hint);
  }
  if (cursor.at - lastStart > keyLengthMax) failLongKey(lastStart);
  const hint = 'if the colon is part of a text, put the text in quotes';
  fail('syntax', cursor.at, `found a second colon in ${excerpt(line.trim())}`, hint);
}

/** A dash, and behind it a blank, where no list can begin. */
export function failList(cursor: Cursor): never {
  const hint = 'put the list on the next line, or the text in quotes';
  fail('syntax', cursor.at, `found ${excerpt(cursor.restOfLine())}: no list can begin here`, hint);
}

/** A character with which no text without quotes begins. */
export function failCharacter(cursor: Cursor, character: string): never {
  if (character === '\t') fail('tab', cursor.at, 'found a tab where the line is indented', 'indent with spaces');
  if (character === '%' && cursor.column === 0) {
    const message = `found the directive ${excerpt(cursor.restOfLine())}`;
    fail('directive', cursor.at, message, 'kubectl cannot read it: remove it');
  }
  fail('syntax', cursor.at, `no text begins with ${character} without quotes`, 'put the text in quotes');
}

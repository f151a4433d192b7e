/** What the parser says when a token does not fit. */
import { excerpt } from '../excerpt.ts';
import { fail } from './malformed.ts';
import type { Scanner } from './scanner.ts';

/** The text of the next token's line from there on, short enough for a message. */
export function describeToken(scanner: Scanner): string {
  const { kind, start } = scanner.peek();
  if (kind === 'textEnd' || kind === 'documentEnd') return 'the end of the document';
  return excerpt(scanner.cursor.restOfLine(start));
}

export function failValue(scanner: Scanner): never {
  fail('syntax', scanner.peek().start, `found ${describeToken(scanner)} where a value must be`);
}

/** Something stands in the column of a list's dashes and is none. */
export function failDash(scanner: Scanner, listStart: number): never {
  const found = describeToken(scanner);
  failBehindValue(scanner, found);
  const hint = `the list ${describeStart(scanner, listStart)} has its dashes further left: indent this line less or deeper`;
  fail('indentation', scanner.peek().start, `found ${found} where the next - of a list must be`, hint);
}

/** Something stands in the column of a map's keys and is none, or between two blocks. */
export function failEntry(scanner: Scanner, mapStart: number): never {
  const found = describeToken(scanner);
  failBehindValue(scanner, found);
  const hint = `the keys of the map ${describeStart(scanner, mapStart)} must all stand in one column`;
  fail('indentation', scanner.peek().start, `found ${found} where the next key of a map must be`, hint);
}

/** Fails when the next token is not the first one on its line: then indentation is not the trouble. */
function failBehindValue(scanner: Scanner, found: string): void {
  const { kind, start } = scanner.peek();
  const { text } = scanner.cursor;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim();
  if (kind === 'value' && (before === '' || before === '-'))
    fail('syntax', start, 'found a colon without a key before it');
  if (before === '') return;
  const hint = /["']$/.test(before)
    ? "Put all of it in quotes, if it is one text; inside single quotes a ' is written twice."
    : 'put all of it in quotes, if it is one text';
  fail('syntax', start, `found ${found} behind the end of a value`, hint);
}

export function failUnclosed(opening: '[' | '{', start: number): never {
  fail('unclosed', start, `the ${opening} is not closed`);
}

export function failComma(scanner: Scanner, closing: 'flowListEnd' | 'flowMapEnd', start: number): never {
  const [opening, bracket] = closing === 'flowListEnd' ? (['[', ']'] as const) : (['{', '}'] as const);
  const { kind, start: here } = scanner.peek();
  if (kind === 'textEnd' || kind === 'documentEnd') failUnclosed(opening, start);
  const isFar = scanner.cursor.text.slice(start, here).includes('\n');
  const hint = isFar ? `or the ${opening} ${describeStart(scanner, start)} lacks its end` : undefined;
  fail('syntax', here, `found ${describeToken(scanner)} where a comma or ${bracket} must be`, hint);
}

const describeStart = (scanner: Scanner, offset: number): string =>
  `that begins with ${excerpt(scanner.cursor.restOfLine(offset))}`;

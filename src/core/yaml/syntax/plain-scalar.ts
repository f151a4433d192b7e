/** Scalars without quotes. */
import { type Cursor, fold, isBlank, isBlankOrEnd, isBreak, tab } from './cursor.ts';
import { fail } from './malformed.ts';

export type PlainScalar = {
  readonly text: string;
  /** Behind its last character; the cursor stands behind the blanks that follow. */
  readonly end: number;
  /** Did the cursor come to another line? */
  readonly endsLine: boolean;
};

const hash = 0x23;
const colon = 0x3a;

// The comma, ?, and the brackets: inside brackets a plain scalar ends there. YAML 1.2 lets a ? stand.
const flowIndicators = new Set([...',?[]{}'].map((character) => character.charCodeAt(0)));

/**
 * Scans a plain scalar from the cursor on, over as many lines as are indented by `indent` columns.
 *
 * Source: libyaml; inside brackets indentation does not count.
 */
export function scanPlain(cursor: Cursor, indent: number, isInFlow: boolean): PlainScalar {
  let text = '';
  let segment = cursor.at;
  let end = cursor.at;
  let first = '';
  let further = '';
  while (cursor.code() !== hash && !cursor.isAtDocumentEnd()) {
    const word = cursor.at;
    skipWord(cursor, isInFlow);
    if (cursor.at > word) {
      if (first !== '') {
        text += cursor.text.slice(segment, end) + fold(first, further);
        segment = word;
        first = '';
        further = '';
      }
      end = cursor.at;
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
      if (first !== '' && code === tab && cursor.column < indent) failTab(cursor);
      if (isBlank(code)) cursor.at++;
      else if (first === '') first = cursor.takeBreak();
      else further += cursor.takeBreak();
    }
    if (!isInFlow && cursor.column < indent) break;
  }
  return { text: text + cursor.text.slice(segment, end), end, endsLine: first !== '' };
}

function skipWord(cursor: Cursor, isInFlow: boolean): void {
  for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
    if (code === colon && isBlankOrEnd(cursor.code(1))) return;
    if (isInFlow && flowIndicators.has(code)) return;
    cursor.at++;
  }
}

function failTab(cursor: Cursor): never {
  fail('tab', cursor.at, 'found a tab where the line is indented', 'indent with spaces');
}

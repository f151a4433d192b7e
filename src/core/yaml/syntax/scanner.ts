/** A text to tokens: where blocks begin and end by indentation, and which scalars are keys. */
import { scanBlock } from './block-scalar.ts';
import { Cursor, end, isBlankOrEnd, isBreak, space, tab } from './cursor.ts';
import { fail } from './malformed.ts';
import { scanPlain } from './plain-scalar.ts';
import { takeAnchor, takeTag } from './property.ts';
import { scanQuoted } from './quoted-scalar.ts';
import { failCharacter, failColon, failList, failValue, keyLengthMax } from './scanner-failure.ts';
import type { Token, TokenKind } from './token.ts';

/** What turns out to be a key when a colon follows on its line. */
type Candidate = {
  /** The number of its first token, counted from the beginning of the text. */
  readonly token: number;
  readonly start: number;
  readonly column: number;
  readonly lineStart: number;
  /** Only a key can stand at this column. */
  readonly isRequired: boolean;
};

/**
 * Cuts a text into tokens, no sooner than they are asked for.
 *
 * Source: libyaml's scanner, which decides what kubectl takes for a block, for a key and for a mistake. A key is known to be
 * one when its colon is found; the tokens that say so are then put before those of the key, so tokens wait until it is sure.
 */
export class Scanner {
  readonly cursor: Cursor;
  readonly #tokens: Token[] = [];
  #taken = 0;
  /** The column of the block around the cursor; -1 outside all. */
  #indent = -1;
  readonly #outerIndents: number[] = [];
  /** Of the innermost block, then of each open bracket. */
  readonly #candidates: (Candidate | undefined)[] = [undefined];
  #mayBeKey = true;
  /** Where the last token begins. */
  #lastStart = 0;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  peek(): Token {
    for (;;) {
      const token = this.#tokens[0];
      if (token !== undefined && !this.#mayBecomeKey(this.#taken)) return token;
      this.#fetch();
    }
  }

  take(): Token {
    const token = this.peek();
    if (token.kind === 'textEnd') return token;
    this.#tokens.shift();
    this.#taken++;
    return token;
  }

  get #isInFlow(): boolean {
    return this.#candidates.length > 1;
  }

  #mayBecomeKey(token: number): boolean {
    for (let level = 0; level < this.#candidates.length; level++)
      if (this.#candidates[level]?.token === token) return this.#isStillCandidate(level);
    return false;
  }

  #isStillCandidate(level: number): boolean {
    const candidate = this.#candidates[level];
    if (candidate === undefined) return false;
    const { start, lineStart } = candidate;
    if (lineStart === this.cursor.lineStart && this.cursor.at - start <= keyLengthMax) return true;
    this.#dropCandidate(level);
    return false;
  }

  #dropCandidate(level = this.#candidates.length - 1): void {
    const candidate = this.#candidates[level];
    this.#candidates[level] = undefined;
    if (candidate?.isRequired === true) failColon(this.cursor, candidate.start);
  }

  /** What begins here may be a key. */
  #addCandidate(): void {
    if (!this.#mayBeKey) return;
    this.#dropCandidate();
    const { at, column, lineStart } = this.cursor;
    const isRequired = !this.#isInFlow && this.#indent === column;
    const token = this.#taken + this.#tokens.length;
    this.#candidates[this.#candidates.length - 1] = { token, start: at, column, lineStart, isRequired };
  }

  #add(kind: TokenKind, start: number, text = '', end = this.cursor.at): void {
    this.#tokens.push({ kind, start, end, text });
    this.#lastStart = start;
  }

  /** Begins a block at a column that no block around has; its token goes before the token of that number. */
  #enterBlock(column: number, kind: TokenKind, start: number, token = this.#taken + this.#tokens.length): void {
    if (this.#isInFlow || this.#indent >= column) return;
    this.#outerIndents.push(this.#indent);
    this.#indent = column;
    this.#tokens.splice(token - this.#taken, 0, { kind, start, end: start, text: '' });
  }

  #leaveBlocks(column: number): void {
    if (this.#isInFlow) return;
    for (; this.#indent > column; this.#indent = this.#outerIndents.pop() ?? -1) this.#add('blockEnd', this.cursor.at);
  }

  #fetch(): void {
    this.#skipToToken();
    const { cursor } = this;
    this.#leaveBlocks(cursor.column);
    if (cursor.code() === end) this.#fetchEnd('textEnd', 0);
    else if (cursor.isAtDocumentEnd()) this.#fetchEnd('documentEnd', 3);
    else this.#fetchByCharacter(cursor.text[cursor.at] ?? '');
  }

  #fetchByCharacter(character: string): void {
    switch (character) {
      case '[':
        this.#fetchFlowStart('flowListStart');
        break;
      case '{':
        this.#fetchFlowStart('flowMapStart');
        break;
      case ']':
        this.#fetchFlowEnd('flowListEnd');
        break;
      case '}':
        this.#fetchFlowEnd('flowMapEnd');
        break;
      case ',':
        this.#fetchComma();
        break;
      case '*':
        this.#fetchWhole('alias', takeAnchor);
        break;
      case '&':
        this.#fetchWhole('anchor', takeAnchor);
        break;
      case '!':
        this.#fetchWhole('tag', takeTag);
        break;
      case '"':
      case "'":
        this.#fetchWhole('quoted', scanQuoted);
        break;
      default:
        this.#fetchByNext(character, isBlankOrEnd(this.cursor.code(1)));
    }
  }

  /** What begins with a character that means something only before a blank, or only inside or outside brackets. */
  #fetchByNext(character: string, isBeforeBlank: boolean): void {
    const isIndicator = isBeforeBlank || this.#isInFlow;
    if (character === '-' && isBeforeBlank) this.#fetchDash();
    else if (character === '?' && isIndicator) this.#fetchKey();
    else if (character === ':' && isIndicator) this.#fetchValue();
    else if ((character === '|' || character === '>') && !this.#isInFlow) this.#fetchBlockScalar();
    else if ('%@`|>\t'.includes(character)) failCharacter(this.cursor, character);
    else this.#fetchPlain();
  }

  /** Skips blanks, comments and empty lines. A tab is no blank where it would indent a key or a list item. */
  #skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      const mayBeTab = this.#isInFlow || !this.#mayBeKey;
      while (cursor.code() === space || (mayBeTab && cursor.code() === tab)) cursor.at++;
      if (cursor.text[cursor.at] === '#') cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.takeBreak();
      if (!this.#isInFlow) this.#mayBeKey = true;
    }
  }

  #fetchEnd(kind: 'textEnd' | 'documentEnd', length: number): void {
    this.#leaveBlocks(-1);
    for (let level = this.#candidates.length - 1; level >= 0; level--) this.#dropCandidate(level);
    this.#mayBeKey = false;
    const start = this.cursor.at;
    this.cursor.at += length;
    this.#add(kind, start);
  }

  #fetchFlowStart(kind: TokenKind): void {
    this.#addCandidate();
    this.#candidates.push(undefined);
    this.#mayBeKey = true;
    this.#add(kind, this.cursor.at++);
  }

  #fetchFlowEnd(kind: TokenKind): void {
    this.#dropCandidate();
    if (this.#isInFlow) this.#candidates.pop();
    this.#mayBeKey = false;
    this.#add(kind, this.cursor.at++);
  }

  #fetchComma(): void {
    this.#dropCandidate();
    this.#mayBeKey = true;
    this.#add('comma', this.cursor.at++);
  }

  #fetchDash(): void {
    const { cursor } = this;
    if (!this.#isInFlow && !this.#mayBeKey) failList(cursor);
    this.#enterBlock(cursor.column, 'listStart', cursor.at);
    this.#dropCandidate();
    this.#mayBeKey = true;
    this.#add('dash', cursor.at++);
  }

  #fetchKey(): void {
    const { cursor } = this;
    if (!this.#isInFlow && !this.#mayBeKey) fail('syntax', cursor.at, 'found a ? where no key can stand');
    this.#enterBlock(cursor.column, 'mapStart', cursor.at);
    this.#dropCandidate();
    this.#mayBeKey = !this.#isInFlow;
    this.#add('key', cursor.at++);
  }

  #fetchValue(): void {
    const { cursor } = this;
    const level = this.#candidates.length - 1;
    const key = this.#candidates[level];
    if (key !== undefined && this.#isStillCandidate(level)) {
      this.#tokens.splice(key.token - this.#taken, 0, { kind: 'key', start: key.start, end: key.start, text: '' });
      this.#enterBlock(key.column, 'mapStart', key.start, key.token);
      this.#candidates[level] = undefined;
      this.#mayBeKey = false;
    } else {
      if (!this.#isInFlow && !this.#mayBeKey) failValue(cursor, this.#lastStart);
      this.#enterBlock(cursor.column, 'mapStart', cursor.at);
      this.#mayBeKey = !this.#isInFlow;
    }
    this.#add('value', cursor.at++);
  }

  /** What may be a key or stand before one, and shows by itself where it ends. */
  #fetchWhole(kind: TokenKind, scan: (cursor: Cursor) => string): void {
    this.#addCandidate();
    this.#mayBeKey = false;
    const start = this.cursor.at;
    const text = scan(this.cursor);
    this.#add(kind, start, text);
  }

  #fetchPlain(): void {
    this.#addCandidate();
    const start = this.cursor.at;
    const { text, end, endsLine } = scanPlain(this.cursor, this.#indent + 1, this.#isInFlow);
    this.#mayBeKey = endsLine;
    this.#add('plain', start, text, end);
  }

  #fetchBlockScalar(): void {
    this.#dropCandidate();
    this.#mayBeKey = true;
    const start = this.cursor.at;
    const text = scanBlock(this.cursor, this.#indent);
    this.#add('quoted', start, text);
  }
}

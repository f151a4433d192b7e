/** JSON text to a value and its marks: many times as fast as reading it as YAML. */
import type { Json } from '../json/value.ts';
import { excerpt } from './excerpt.ts';
import { Fields } from './fields.ts';
import { Flaws, type ValueRead } from './flaws.ts';
import type { ReadLimits } from './limits.ts';
import type { Lines } from './lines.ts';
import { floatOf, integerOf } from './scalar.ts';
import type { Chunk } from './split.ts';

/**
 * Reads the JSON values of a document: at the beginning of a file kubectl takes several in a row.
 *
 * Shape: undefined when the text is not JSON; it may still be YAML. Numbers are as `jsonOf` makes them; an unpaired
 * surrogate becomes U+FFFD, as in kubectl. What is too deep or too much is left to the YAML reader, which says so.
 */
export function readJsonDocument(chunk: Chunk, lines: Lines, limits: ReadLimits): readonly ValueRead[] | undefined {
  const reader = new JsonReader(chunk, lines, limits);
  const values: ValueRead[] = [];
  do {
    const read = reader.readWhole();
    if (read === undefined) return undefined;
    values.push(read);
  } while (!reader.isAtEnd() && values.length <= limits.documentsMax);
  // Behind a --- kubectl reads YAML, and the first value only: the YAML reader says what is wrong with the others.
  return values.length > 1 && chunk.offset > 0 ? undefined : values;
}

// Sticky: each looks only at the place where the reader stands.
const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class JsonReader {
  readonly #text: string;
  readonly #offset: number;
  readonly #lines: Lines;
  readonly #limits: ReadLimits;
  #at = 0;
  #marks: number[] = [];
  #flaws = new Flaws();
  #values = 0;

  constructor(chunk: Chunk, lines: Lines, limits: ReadLimits) {
    this.#text = chunk.text;
    this.#offset = chunk.offset;
    this.#lines = lines;
    this.#limits = limits;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  readWhole(): ValueRead | undefined {
    this.#marks = [];
    this.#flaws = new Flaws();
    this.#skipSpace();
    const value = this.#readValue(1);
    this.#skipSpace();
    return value === undefined ? undefined : { value, marks: this.#marks, flaws: this.#flaws };
  }

  #skipSpace(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code > 0x20) return;
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #readValue(depth: number, keyAt = this.#at): Json | undefined {
    if (++this.#values > this.#limits.valuesMax) return undefined;
    this.#lines.pushPlace(this.#marks, this.#offset + this.#at, this.#offset + keyAt);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readObject(depth);
      case '[':
        return this.#readArray(depth);
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  #readWord(word: string, value: Json): Json | undefined {
    if (!this.#text.startsWith(word, this.#at)) return undefined;
    this.#at += word.length;
    return value;
  }

  #readNumber(): Json | undefined {
    number.lastIndex = this.#at;
    const match = number.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    const value = Number(match[0]);
    if (match[1] !== undefined || match[2] !== undefined) return floatOf(value) ?? this.#refuseNumber(match[0]);
    return Number.isSafeInteger(value) ? value + 0 : integerOf(BigInt(match[0]));
  }

  #refuseNumber(text: string): number {
    const message = `${excerpt(text)} is too large a number`;
    this.#flaws.add({ kind: 'number', offset: this.#offset + this.#at - text.length, message });
    return 0;
  }

  #readString(): string | undefined {
    const start = this.#at;
    let hasEscape = false;
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code < 0x20) return undefined;
      if (code === 0x5c) {
        hasEscape = true;
        at++;
      } else if (code === 0x22) {
        this.#at = at + 1;
        return hasEscape ? unescaped(this.#text.slice(start, at + 1)) : this.#text.slice(start + 1, at);
      }
    }
    return undefined;
  }

  #readArray(depth: number): Json | undefined {
    if (depth > this.#limits.depthMax) return undefined;
    this.#at++;
    const items: Json[] = [];
    if (this.#take(']')) return items;
    do {
      this.#skipSpace();
      const item = this.#readValue(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#take(','));
    return this.#take(']') ? items : undefined;
  }

  #readObject(depth: number): Json | undefined {
    if (depth > this.#limits.depthMax) return undefined;
    const start = this.#at++;
    const fields = new Fields();
    if (this.#take('}')) return {};
    do {
      this.#skipSpace();
      const keyAt = this.#at;
      const name = this.#text[keyAt] === '"' ? this.#readString() : undefined;
      if (name === undefined || !this.#take(':')) return undefined;
      this.#skipSpace();
      const firstLine = fields.lineOf(name, this.#marks);
      if (firstLine !== undefined) this.#flaws.duplicateKey(this.#offset + keyAt, name, firstLine);
      const marked = this.#marks.length;
      const value = this.#readValue(depth + 1, keyAt);
      if (value === undefined) return undefined;
      fields.set(name, value, marked);
    } while (this.#take(','));
    if (!this.#take('}')) return undefined;
    if (fields.size > this.#limits.keysMax) this.#flaws.tooManyKeys(this.#offset + start, this.#limits.keysMax);
    return fields.toObject(this.#marks);
  }
}

function unescaped(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal)).toWellFormed();
  } catch {
    return undefined;
  }
}

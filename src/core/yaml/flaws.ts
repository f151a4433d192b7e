/** The problems met in one document; after so many more would help nobody. */
import type { Json } from '../json/value.ts';
import type { Flaw } from './problem.ts';

/** A document's value, its marks as in `Document`, and what is wrong with it; the value counts only when nothing is. */
export type ValueRead = { readonly value: Json; readonly marks: readonly number[]; readonly flaws: Flaws };

const flawsMax = 50;

export class Flaws {
  readonly #list: Flaw[] = [];

  get list(): readonly Flaw[] {
    return this.#list;
  }

  get isFull(): boolean {
    return this.#list.length >= flawsMax;
  }

  add(flaw: Flaw): void {
    if (!this.isFull) this.#list.push(flaw);
  }

  duplicateKey(offset: number, name: string, firstLine: number): void {
    const message = `The key ${quoted(name)} is already set in line ${firstLine}`;
    this.add({ kind: 'duplicateKey', offset, message, hint: 'kubectl would silently take the last one: remove one.' });
  }

  tooManyKeys(offset: number, max: number): void {
    this.add({ kind: 'keys', offset, message: `The map has more than ${max} keys` });
  }
}

/** What was found, short enough for a message, with nothing in it that a terminal would obey. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

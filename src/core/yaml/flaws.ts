/** The problems met in one document; after so many more would help nobody. */
import type { Json } from '../json/value.ts';
import { excerpt } from './excerpt.ts';
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

  /** A value that is read twice, through an alias, is wrong once. */
  add(flaw: Flaw): void {
    const isKnown = this.#list.some(({ kind, offset }) => kind === flaw.kind && offset === flaw.offset);
    if (!this.isFull && !isKnown) this.#list.push(flaw);
  }

  duplicateKey(offset: number, name: string, firstLine: number): void {
    const message = `the key ${excerpt(name)} is already set in line ${firstLine}`;
    this.add({ kind: 'duplicateKey', offset, message, hint: 'kubectl would silently take the last one: remove one' });
  }

  tooManyKeys(offset: number, max: number): void {
    this.add({ kind: 'keys', offset, message: `the map has more than ${max} keys` });
  }
}

/** The fields of a map while it is read: their values, and where their marks begin. */
import type { Json, JsonObject } from '../json/value.ts';

/**
 * Collects a map's fields in the order in which they are written, and makes the object of them.
 *
 * Marks must follow the order in which JavaScript walks the object, and that is another one when a key looks like an
 * array index, or when a later field takes the place of an earlier one. Only then are the marks laid out anew.
 */
export class Fields {
  readonly #values = new Map<string, Json>();
  readonly #names: string[] = [];
  /** Where in the marks the value of each name begins. */
  readonly #starts: number[] = [];
  /** Fields that came by a merge and may be set again. */
  #merged: Set<string> | undefined;
  #isOrderly = true;

  get size(): number {
    return this.#values.size;
  }

  /** The line of a field that is there already, and not by a merge. */
  lineOf(name: string, marks: readonly number[]): number | undefined {
    if (!this.#values.has(name) || this.#merged?.has(name) === true) return undefined;
    return marks[this.#starts[this.#names.indexOf(name)] ?? 0];
  }

  /** `start` is the length that the marks had before the value's own. */
  set(name: string, value: Json, start: number): void {
    const first = name.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || this.#values.has(name)) this.#isOrderly = false;
    this.#merged?.delete(name);
    this.#values.set(name, value);
    this.#names.push(name);
    this.#starts.push(start);
  }

  /** Takes in the fields of a map whose marks are the last ones; each replaces what is there under its name. */
  merge(others: Fields): void {
    this.#isOrderly = false;
    this.#merged ??= new Set();
    for (const name of others.#values.keys()) this.#merged.add(name);
    for (const [name, value] of others.#values) this.#values.set(name, value);
    for (const name of others.#names) this.#names.push(name);
    for (const start of others.#starts) this.#starts.push(start);
  }

  /** Makes the object; the marks of its values are the last ones of `marks`. */
  toObject(marks: number[]): JsonObject {
    const object = Object.fromEntries(this.#values);
    if (!this.#isOrderly) this.#arrange(object, marks);
    return object;
  }

  #arrange(object: JsonObject, marks: number[]): void {
    const base = this.#starts[0] ?? marks.length;
    const spans = new Map<string, readonly [start: number, end: number]>();
    for (const [index, name] of this.#names.entries()) {
      const start = this.#starts[index] ?? base;
      spans.set(name, [start - base, (this.#starts[index + 1] ?? marks.length) - base]);
    }
    const written = marks.splice(base);
    for (const name of Object.keys(object)) {
      const [start, end] = spans.get(name) ?? [0, 0];
      for (let at = start; at < end; at++) marks.push(written[at] ?? 0);
    }
  }
}

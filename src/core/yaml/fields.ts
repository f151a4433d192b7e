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
  readonly #spans: (readonly [name: string, start: number])[] = [];
  /** Fields that came by a merge and may be set again. */
  readonly #merged = new Set<string>();
  #isOrderly = true;

  get size(): number {
    return this.#values.size;
  }

  /** The line of a field that is there already, and not by a merge. */
  lineOf(name: string, marks: readonly number[]): number | undefined {
    if (!this.#values.has(name) || this.#merged.has(name)) return undefined;
    return marks[this.#spans.find(([known]) => known === name)?.[1] ?? 0];
  }

  /** `start` is the length that the marks had before the value's own. */
  set(name: string, value: Json, start: number): void {
    const first = name.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || this.#values.has(name)) this.#isOrderly = false;
    this.#merged.delete(name);
    this.#values.set(name, value);
    this.#spans.push([name, start]);
  }

  /** Takes in the fields of a map whose marks are the last ones; each replaces what is there under its name. */
  merge(others: Fields): void {
    this.#isOrderly = false;
    for (const [name, value] of others.#values) this.#values.set(name, value);
    this.#spans.push(...others.#spans);
    for (const name of others.#values.keys()) this.#merged.add(name);
  }

  /** Makes the object; the marks of its values are the last ones of `marks`. */
  toObject(marks: number[]): JsonObject {
    const object = Object.fromEntries(this.#values);
    if (!this.#isOrderly) this.#arrange(object, marks);
    return object;
  }

  #arrange(object: JsonObject, marks: number[]): void {
    const base = this.#spans[0]?.[1] ?? marks.length;
    const spans = new Map<string, readonly [start: number, end: number]>();
    for (const [index, [name, start]] of this.#spans.entries())
      spans.set(name, [start - base, (this.#spans[index + 1]?.[1] ?? marks.length) - base]);
    const written = marks.splice(base);
    for (const name of Object.keys(object)) {
      const [start, end] = spans.get(name) ?? [0, 0];
      for (let at = start; at < end; at++) marks.push(written[at] ?? 0);
    }
  }
}

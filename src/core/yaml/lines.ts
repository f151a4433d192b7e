/** Where the lines of a text begin. */

/** Asked for neighbouring offsets, as a walk over a document does, an answer costs next to nothing. */
export class Lines {
  readonly #starts: readonly number[];
  readonly #length: number;
  #last = 0;

  constructor(text: string) {
    const starts = [0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    this.#starts = starts;
    this.#length = text.length;
  }

  /** The line of an offset, from 0; an offset beyond the end is on the last line. */
  lineOf(offset: number): number {
    if (this.#isOn(this.#last, offset)) return this.#last;
    if (this.#isOn(this.#last + 1, offset)) return ++this.#last;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }

  /** The offset at which a line begins; of a line after the last, the end of the text. */
  startOf(line: number): number {
    return this.#starts[line] ?? this.#length + 1;
  }

  /** Adds the line and the column of a value, each from 1: of its key where that stands on a line before. */
  pushPlace(marks: number[], offset: number, keyOffset = offset): void {
    const keyLine = this.lineOf(keyOffset);
    const line = this.lineOf(offset);
    if (keyLine < line) marks.push(keyLine + 1, keyOffset - this.startOf(keyLine) + 1);
    else marks.push(line + 1, offset - this.startOf(line) + 1);
  }

  #isOn(line: number, offset: number): boolean {
    return line < this.#starts.length && offset >= this.startOf(line) && offset < this.startOf(line + 1);
  }
}

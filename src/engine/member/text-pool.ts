/** Texts that many clusters say the same, held once: a fleet's objects have the same names wherever they are. */

// Names that are nobody else's must not be kept for ever; what is in use again comes back by itself.
const textsMax = 100_000;

export class TextPool {
  readonly #texts = new Map<string, string>();

  /** The same text; the one that others hold, as long as it is remembered. */
  share<Text extends string>(text: Text): Text {
    const known = this.#texts.get(text);
    // What is found under a text is that text.
    if (known !== undefined) return known as Text;
    if (this.#texts.size >= textsMax) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}

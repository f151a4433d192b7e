/** Fields that a JSON text names twice: a parser keeps the last and says nothing. */

/**
 * The paths of duplicate fields, each once, in the order of the text: `spec.containers[0].name`.
 *
 * Shape: empty for a text without any, and for one that is no JSON. Cost: one pass over the text.
 */
export function duplicateFields(text: string): readonly string[] {
  return new Scanner(text).duplicates();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #path: (string | number)[] = [];
  readonly #found = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  duplicates(): readonly string[] {
    this.#value();
    return [...this.#found];
  }

  #value(): boolean {
    this.#space();
    const char = this.#text.charCodeAt(this.#at);
    if (char === openBrace) return this.#object();
    if (char === openBracket) return this.#array();
    if (char === quote) return this.#string() !== undefined;
    const start = this.#at;
    while (this.#at < this.#text.length && !isEnd(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#at > start;
  }

  #object(): boolean {
    const seen = new Set<string>();
    this.#at += 1;
    if (this.#take(closeBrace)) return true;
    for (;;) {
      this.#space();
      const name = this.#string();
      if (name === undefined || !this.#take(colon)) return false;
      if (seen.has(name)) this.#found.add(this.#pathTo(name));
      seen.add(name);
      this.#path.push(name);
      const isWhole = this.#value();
      this.#path.pop();
      if (!isWhole) return false;
      if (this.#take(comma)) continue;
      return this.#take(closeBrace);
    }
  }

  #array(): boolean {
    this.#at += 1;
    if (this.#take(closeBracket)) return true;
    for (let item = 0; ; item += 1) {
      this.#path.push(item);
      const isWhole = this.#value();
      this.#path.pop();
      if (!isWhole) return false;
      if (this.#take(comma)) continue;
      return this.#take(closeBracket);
    }
  }

  #string(): string | undefined {
    if (this.#text.charCodeAt(this.#at) !== quote) return undefined;
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) return undefined;
    this.#at = end + 1;
    const raw = this.#text.slice(start, end);
    return raw.includes('\\') ? unescaped(raw) : raw;
  }

  #isEscaped(at: number): boolean {
    let slashes = 0;
    while (this.#text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    return slashes % 2 === 1;
  }

  #take(char: number): boolean {
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== char) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  #pathTo(name: string): string {
    let text = '';
    for (const step of this.#path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    return text === '' ? name : `${text}.${name}`;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const [openBrace, closeBrace, openBracket, closeBracket, colon, comma] = [0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c];
const isSpace = (char: number): boolean => char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09;
const isEnd = (char: number): boolean =>
  char === comma || char === closeBrace || char === closeBracket || isSpace(char);

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

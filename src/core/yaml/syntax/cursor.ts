/** A place in a text, and the characters that YAML 1.1 takes for blanks and line ends. */

export const tab = 0x09;
export const space = 0x20;

/** The end of the text counts as a character: NUL, which no document holds. */
export const end = 0;

export const isBlank = (code: number): boolean => code === space || code === tab;

/** YAML 1.1 knows more line ends than other formats: NEL, and the separators of lines and of paragraphs. */
export const isBreak = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;

export const isBreakOrEnd = (code: number): boolean => code === end || isBreak(code);
export const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code);

/** Moves over a text; where it stands is its whole state. */
export class Cursor {
  readonly text: string;
  at = 0;
  /** Where the line begins. */
  lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  /** The character here, or so many further on. */
  code(ahead = 0): number {
    return this.at + ahead < this.text.length ? this.text.charCodeAt(this.at + ahead) : end;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  /** To the end of the line. */
  skipComment(): void {
    while (!isBreakOrEnd(this.code())) this.at++;
  }

  /** Takes a line end, as the text that it is in a scalar: most become `\n`. Nothing at the end of the text. */
  takeBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    this.at += code === 0x0d && this.code(1) === 0x0a ? 2 : 1;
    this.lineStart = this.at;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Does a line with nothing but the end mark of a document begin here? */
  isAtDocumentEnd(): boolean {
    return this.column === 0 && this.text.startsWith('...', this.at) && isBlankOrEnd(this.code(3));
  }

  /** The rest of the line, for messages. */
  restOfLine(from = this.at): string {
    const lineEnd = this.text.indexOf('\n', from);
    return this.text.slice(from, lineEnd === -1 ? undefined : lineEnd).trimEnd();
  }
}

/** Joins two lines of a scalar: one line end becomes a space, of several the first one goes. */
export function fold(first: string, further: string): string {
  if (first !== '\n') return first + further;
  return further === '' ? ' ' : further;
}

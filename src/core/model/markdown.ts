/** Markdown made of what others wrote: whatever a name holds, it is shown, and is nothing but a name. */
import { cut, oneLine, printable } from './line.ts';

const spanMax = 300;
const lineMax = 500;

/**
 * A name as code: forges find no link, mention or order to themselves in it.
 *
 * Shape: empty for an empty name. Source: CommonMark, code spans.
 */
export const code = (text: string): string => codeWithin(text, spanMax);

/** The same, of at most so many characters. */
export function codeWithin(text: string, max: number): string {
  const line = cut(oneLine(text), max);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const isPadded = line.startsWith('`') || line.endsWith('`');
  return isPadded ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** The same in a table, where a pipe would end the cell even in code. Source: GitHub Flavored Markdown, tables. */
export const cellCode = (text: string): string => code(text).replaceAll('|', '\\|');

/** Lines as they stand, in the colours of a diff. */
export function diffBlock(lines: readonly string[]): string {
  return block('diff', lines);
}

export const yamlBlock = (lines: readonly string[]): string => block('yaml', lines);

function block(language: string, lines: readonly string[]): string {
  const shown = lines.map((line) => cut(printable(line), lineMax));
  const fence = '`'.repeat(Math.max(3, ...shown.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** Text in HTML, where Markdown is not read. */
export const html = (text: string): string =>
  `<code>${cut(oneLine(text), spanMax).replaceAll(/[&<>"'|]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;

/** What a forge shows of a text: some show HTML as the letters that it is written with. */
export type Markup = 'html' | 'plain';

/** Shape: `title` is HTML on one line. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

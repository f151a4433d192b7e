/** How a text is written so that kubectl, and every other reader, takes it for the same text. */
import { resolveScalar } from './scalar.ts';

/** A key that its colon follows must stand on one line; every other text may be written in block style. */
export type Site = 'value' | 'key';

// What go-yaml cannot print: control characters, the tab, and everything beyond 16 bits.
const special = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const date = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ]|$)/;
/** A number to some reader: of any size, and with underscores anywhere. */
const numberLike = /^[-+]?(?=.*[0-9]|\.$)(?:0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]+)?)$/i;
/** What would end a text without quotes, or begin something else than a text. */
const indicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?: |$))|:(?: |$)| #/;

/**
 * Writes a text; in block style its further lines are indented by `indent` columns.
 *
 * Source: go-yaml v2's emitter as kubectl uses it; it leaves some texts plain that only other readers take for a number or a
 * date, and those are quoted here too.
 */
export function quote(text: string, site: Site, indent: number): string {
  if (text === '') return '""';
  if (text.includes('\n')) return site === 'value' && mayBeLiteral(text) ? literal(text, indent) : doubleQuoted(text);
  if (special.test(text) || isTakenForOther(text)) return doubleQuoted(text);
  return indicator.test(text) || text.startsWith(' ') || text.endsWith(' ') ? singleQuoted(text) : text;
}

/** For a text in one line, without special characters. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function isTakenForOther(text: string): boolean {
  if (text === '<<' || base60.test(text) || date.test(text) || numberLike.test(text)) return true;
  const resolved = resolveScalar({ text, isPlain: true, tag: undefined });
  return resolved.kind !== 'value' || typeof resolved.value !== 'string';
}

const mayBeLiteral = (text: string): boolean => !special.test(text) && !text.endsWith(' ') && !text.includes(' \n');

function literal(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const indentation = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${indentation}${chomping}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`;
}

const escapes = new Map([
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x85', '\\N'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** Every text can stand in double quotes. */
export function doubleQuoted(text: string): string {
  const escaped = text.replaceAll(/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\u2028\u2029]/gu, escapeOf);
  return `"${escaped}"`;
}

function escapeOf(character: string): string {
  const known = escapes.get(character);
  if (known !== undefined) return known;
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (digits.length <= 2) return `\\x${digits.padStart(2, '0')}`;
  return digits.length <= 4 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** The problems of a text, and their codes. */
import type { SourceProblem } from '../model/source.ts';
import type { Lines } from './lines.ts';

/** Stable for ever. */
export const problemCodes = {
  /** Not UTF-8, or a character that no YAML may hold. */
  encoding: 'A1001',
  /** More bytes than a file may have. */
  size: 'A1002',
  documents: 'A1003',
  depth: 'A1004',
  /** More aliases than a document may have, or what they grow into. */
  aliases: 'A1005',
  /** More keys than a map may have. */
  keys: 'A1006',
  /** More values than a file may have. */
  values: 'A1007',
  syntax: 'A1010',
  indentation: 'A1011',
  tab: 'A1012',
  /** A quote or bracket without its end. */
  unclosed: 'A1013',
  /** A template, not yet rendered. */
  template: 'A1014',
  /** The marks that Git leaves where a merge was not finished. */
  conflict: 'A1015',
  duplicateKey: 'A1020',
  /** A key that cannot be one in JSON. */
  key: 'A1021',
  tag: 'A1022',
  /** Infinity and not-a-number. */
  number: 'A1023',
  anchor: 'A1024',
  merge: 'A1025',
  directive: 'A1030',
  separator: 'A1031',
  /** A document that is no object. */
  root: 'A1040',
} as const;

export type ProblemKind = keyof typeof problemCodes;

/** A problem at an offset of the text; it becomes a line and a column when the file is done. */
export type Flaw = {
  readonly kind: ProblemKind;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
};

export function problemOf({ kind, offset, message, hint }: Flaw, lines: Lines): SourceProblem {
  const line = lines.lineOf(offset);
  const column = offset - lines.startOf(line) + 1;
  return { code: problemCodes[kind], line: line + 1, column, message, ...(hint === undefined ? {} : { hint }) };
}

/** What is read of a folder of which fields and files are copied. */
import { formatPointer } from '../json/pointer.ts';
import type { CopiedField } from '../model/field-copy.ts';

/** A folder at a commit: those of its files that may be named, by their path below it; one that is a file itself has the path ``. */
export type Folder = {
  /** From the repository's root. */
  readonly path: string;
  readonly files: ReadonlyMap<string, FolderFile>;
};

export type FolderFile =
  | { readonly kind: 'text'; readonly text: string }
  /** No text, too large, a link: nothing is known of it. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Why nothing is copied, and where in the repository. */
export type CopyRefusal = {
  readonly kind: 'refused';
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

export const refusedAt = (path: string, line: number, column: number, message: string): CopyRefusal => ({
  kind: 'refused',
  path,
  line,
  column,
  message,
});

export const describeRefusal = ({ path, line, column, message }: CopyRefusal): string =>
  `${path}:${line}:${column}: ${message}`;

export const describeField = ({ what }: CopiedField): string =>
  what.kind === 'image' ? `image ${what.name}` : formatPointer(what.path);

/** The path from the root of a file below a folder, or of one that is a file itself. */
export const join = (folder: string, name: string): string =>
  name === '' ? folder : folder === '' ? name : `${folder}/${name}`;

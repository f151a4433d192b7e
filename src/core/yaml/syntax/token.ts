/** The pieces that a text is cut into. */

export type TokenKind =
  | 'mapStart'
  | 'listStart'
  /** Of a map or list in block style, when a line is indented less. */
  | 'blockEnd'
  | 'flowMapStart'
  | 'flowMapEnd'
  | 'flowListStart'
  | 'flowListEnd'
  /** A comma inside brackets. */
  | 'comma'
  | 'dash'
  /** Before a key, whether a `?` is written there or not. */
  | 'key'
  /** The colon behind a key. */
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'plain'
  | 'quoted'
  | 'documentEnd'
  | 'textEnd';

export type Token = {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Of a scalar its text, of an anchor or alias the name, of a tag the tag; else empty. */
  readonly text: string;
};

/** What may stand before a value: an anchor, a tag; and the alias that stands for one. */
import { excerpt } from '../excerpt.ts';
import { type Cursor, isBlankOrEnd } from './cursor.ts';
import { fail } from './malformed.ts';

const name = /[A-Za-z0-9_-]*/y;
const uri = /(?:[A-Za-z0-9_;/?:@&=+$,.!~*'()[\]-]|%[0-9A-Fa-f]{2})*/y;

const taken = (cursor: Cursor, pattern: RegExp): string => {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += found.length;
  return found;
};

/** Takes `&name` or `*name`, and gives the name: letters, digits, `-` and `_`. */
export function takeAnchor(cursor: Cursor): string {
  const start = cursor.at++;
  const found = taken(cursor, name);
  const next = cursor.code();
  if (found !== '' && (isBlankOrEnd(next) || '?:,]}%@`'.includes(String.fromCharCode(next)))) return found;
  const sign = cursor.text.slice(start, start + 1);
  const what = sign === '*' ? 'alias' : 'anchor';
  const message = `found ${excerpt(cursor.restOfLine(start))}, which is no ${what}`;
  return fail('anchor', start, message, `a text that begins with ${sign} must stand in quotes`);
}

/** Takes a tag, and gives it in full: `!!int` is `tag:yaml.org,2002:int`. */
export function takeTag(cursor: Cursor): string {
  const start = cursor.at;
  const tag = cursor.code(1) === 0x3c ? takeVerbatim(cursor) : takeShort(cursor);
  if (tag !== undefined && isBlankOrEnd(cursor.code())) return tag;
  const message = `found ${excerpt(cursor.restOfLine(start))}, which is no tag`;
  return fail('tag', start, message, 'a text that begins with ! must stand in quotes');
}

function takeVerbatim(cursor: Cursor): string | undefined {
  cursor.at += 2;
  const tag = taken(cursor, uri);
  if (tag === '' || cursor.text[cursor.at] !== '>') return undefined;
  cursor.at++;
  return tag;
}

function takeShort(cursor: Cursor): string | undefined {
  cursor.at++;
  const start = cursor.at;
  const handle = taken(cursor, name);
  if (cursor.text[cursor.at] !== '!') {
    cursor.at = start;
    return `!${taken(cursor, uri)}`;
  }
  cursor.at++;
  const suffix = taken(cursor, uri);
  // Only a directive could give a handle a meaning, and kubectl cannot read those.
  return handle === '' && suffix !== '' ? `tag:yaml.org,2002:${suffix}` : undefined;
}

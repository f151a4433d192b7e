/** Why a forge refuses, in its own words: one short line without anything that a terminal or a page could trip over. */
import { at, isArray, type Json, textOf } from '../../core/json/value.ts';
import { jsonIn } from './text.ts';

const reasonMax = 200;

/** Shape: empty when the answer says nothing. */
export function reasonIn(text: string): string {
  const line = [...messagesIn(text)]
    .join('; ')
    .replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  return line.length <= reasonMax ? line : `${line.slice(0, reasonMax - 1)}…`;
}

/** `message` or `error`; `error.message`; `errors[].message`: each forge has its own. */
function messagesIn(text: string): readonly string[] {
  const json = jsonIn(text);
  const said = at(json, 'message') ?? at(json, 'error', 'message') ?? at(json, 'error');
  const more = at(json, 'errors');
  return [said, ...(isArray(more) ? more.map((each) => at(each, 'message') ?? each) : [])].flatMap(textsIn);
}

function textsIn(value: Json | undefined): readonly string[] {
  if (isArray(value)) return value.flatMap(textsIn);
  const text = textOf(value);
  return text === undefined || text === '' ? [] : [text];
}

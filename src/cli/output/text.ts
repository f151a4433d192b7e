/** Texts as a terminal shows them: how wide they are, and what must not reach it. */

// What a terminal would obey rather than show: messages come from clusters and repositories.
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line, and nothing in it that moves the cursor or turns the order of letters around. */
export const oneLine = (text: string): string => text.replaceAll(/\s*[\n\t]\s*/g, ' ').replaceAll(control, '\ufffd');

const colours = /\u001b\[[0-9;]*m/g;
const wide =
  /^(?:\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6])/u;
const segmenter = new Intl.Segmenter();

/** Columns that a text takes; colours take none. */
export function widthOf(text: string): number {
  const plain = text.replaceAll(colours, '');
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of segmenter.segment(plain)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text without colours to a width, with an ellipsis where something is left out. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    width += wide.test(segment) ? 2 : 1;
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

export const padded = (text: string, columns: number): string =>
  `${text}${' '.repeat(Math.max(0, columns - widthOf(text)))}`;

/** `1 cluster`, `2 clusters`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

/** One field before and after, as the lines of a diff. */
import { formatJson } from '../json/text.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { formatYaml } from '../yaml/format.ts';
import type { FieldChange, FieldValue } from './planned.ts';

export type DiffLine = { readonly mark: ' ' | '+' | '-' | '…'; readonly text: string };

export type DiffText =
  /** Nothing of it is shown. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'short'; readonly before: string; readonly after: string }
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] };

/** Shape: short values as one text each; longer ones as lines of YAML, and no more of them than can be read at a glance. */
export function diffText({ before, after }: FieldChange): DiffText {
  if (before.kind === 'hidden' && after.kind === 'hidden') return { kind: 'hidden' };
  const [old, now] = [shortOf(before), shortOf(after)];
  if (old !== undefined && now !== undefined) return { kind: 'short', before: old, after: now };
  return { kind: 'lines', lines: diffLines(linesOf(before), linesOf(after)) };
}

/** Lines that are other than before. */
export function changedLines(change: FieldChange): number {
  const text = diffText(change);
  return text.kind === 'lines' ? text.lines.filter(({ mark }) => mark === '+' || mark === '-').length : 1;
}

/** Lines of one value that are shown, and around each change. */
const linesMax = 40;
const contextLines = 2;
const shortMax = 60;

/** A value on one line; undefined for one that takes more. */
function shortOf(value: FieldValue): string | undefined {
  if (value.kind === 'absent') return '(none)';
  if (value.kind === 'hidden') return '(hidden)';
  const isSimple = !isArray(value.value) && !isObject(value.value);
  const text = formatJson(value.value);
  return (isSimple || text.length <= shortMax / 2) && text.length <= shortMax ? text : undefined;
}

function linesOf(value: FieldValue): readonly string[] {
  switch (value.kind) {
    case 'absent':
      return [];
    case 'hidden':
      return ['(hidden)'];
    case 'value':
      return textOf(value.value).replace(/\n$/, '').split('\n');
  }
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : formatYaml(value));

/** Shape: changed lines with a little around them. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const all = mergeLines(before, after);
  const near = all.map((_, index) =>
    all.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ mark }) => mark !== ' '),
  );
  const shown: DiffLine[] = [];
  for (const [index, line] of all.entries()) {
    if (near[index]) shown.push(line);
    else if (shown.at(-1)?.mark !== '…') shown.push({ mark: '…', text: '' });
  }
  if (shown.length <= linesMax) return shown;
  return [...shown.slice(0, linesMax), { mark: '…', text: `${shown.length - linesMax} more lines` }];
}

/** More pairs of lines than this are not compared one by one: the middle is shown as taken out and put in. */
const pairsMax = 1_000_000;

/** Source: the longest common subsequence, by the table that every textbook has. */
function mergeLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (text: string): DiffLine => ({ mark: ' ', text });
  return [
    ...before.slice(0, start).map(same),
    ...mergeMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function mergeMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const out = (text: string): DiffLine => ({ mark: '-', text });
  const into = (text: string): DiffLine => ({ mark: '+', text });
  if (before.length * after.length > pairsMax) return [...before.map(out), ...after.map(into)];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, now] = [before[row], after[column]];
    if (old !== undefined && old === now) {
      lines.push({ mark: ' ', text: old });
      row++;
      column++;
    } else if (now === undefined || (old !== undefined && at(row + 1, column) >= at(row, column + 1))) {
      lines.push(out(old ?? ''));
      row++;
    } else {
      lines.push(into(now));
      column++;
    }
  }
  return lines;
}

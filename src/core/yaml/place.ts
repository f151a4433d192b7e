/** One place in the text of a YAML document, and the text with something else there. */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
} from 'yaml';
import { arrayIndex, type Pointer } from '../json/pointer.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { flowText, textInFlow } from './flow.ts';
import { formatYaml } from './format.ts';
import { type ScalarValue, spellingsOf } from './splice.ts';

/** Texts, in the spelling that is liked best first; none where it cannot be done without touching something else. */
export type Place = {
  readonly withOther: (value: Json) => readonly string[];
  /** Of a map: as its last field. Of a list: before the item at the index, or behind the last. */
  readonly withNew: (value: Json) => readonly string[];
  /** The lines of a field or item go, and comments inside of it. */
  readonly without: () => readonly string[];
};

/** Shape: undefined when the text cannot be read, or nothing could be there. What it means does not matter here. */
export function placeIn(text: string, path: Pointer): Place | undefined {
  const tree = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [above, step = ''] = [path.slice(0, -1), path.at(-1)];
  const parent = tree.errors.length > 0 || path.length === 0 ? undefined : nodeAt(tree.getIn(above, true));
  if (parent === undefined || !isCollection(parent)) return undefined;
  const page: Page = { text, isJson: isJsonText(text) };
  if (isMap(parent)) {
    const index = parent.items.findIndex(({ key }) => isScalar(key) && String(key.value) === step);
    return placeInMap(page, spanOf(parent, text), parent.items, index, step);
  }
  if (!isSeq(parent)) return undefined;
  return placeInList(page, spanOf(parent, text), parent.items.map(nodeAt), arrayIndex(step));
}

type Page = { readonly text: string; readonly isJson: boolean };
/** Of a map or list; `end` is where its last part ends. */
type Span = { readonly start: number; readonly end: number; readonly isFlow: boolean };

const nodeAt = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

function spanOf(node: Node, text: string): Span {
  const start = node.range?.[0] ?? 0;
  return { start, end: endOf(node), isFlow: text[start] === '{' || text[start] === '[' };
}

/** Behind the last character of what it holds; comments that follow are not its own. */
function endOf(node: Node): number {
  const [, end = 0] = node.range ?? [];
  const isFlow = isCollection(node) && node.flow === true;
  if (isFlow || (!isMap(node) && !isSeq(node))) return end;
  const last: unknown = node.items.at(-1);
  if (isMap(node)) return last === undefined ? end : endOfPair(node.items.at(-1));
  return isNode(last) ? endOf(last) : end;
}

function endOfPair(pair: Pair | undefined): number {
  const [key, value] = [nodeAt(pair?.key), nodeAt(pair?.value)];
  return Math.max(key === undefined ? 0 : endOf(key), value === undefined ? 0 : endOf(value));
}

function placeInMap(page: Page, map: Span, pairs: readonly Pair[], index: number, name: string): Place {
  const { text, isJson } = page;
  const spans = pairs.map((pair) => ({ start: nodeAt(pair.key)?.range?.[0] ?? 0, end: endOfPair(pair) }));
  const [pair, span] = [pairs[index], spans[index]];
  const [key, node] = [nodeAt(pair?.key), nodeAt(pair?.value)];
  const withNew = (value: Json): readonly string[] => {
    if (map.isFlow) {
      const isQuoted = isJson || isDoubleQuoted(pairs.at(-1)?.key);
      const field = `${textInFlow(name, isQuoted)}: ${flowText(value, isQuoted)}`;
      return [intoFlow(text, map, pairs.length === 0, field)];
    }
    const [first] = spans;
    if (first === undefined) return [];
    return [withLines(text, map.end, linesOf({ [name]: value }, columnOf(text, first.start)))];
  };
  return {
    withNew,
    withOther: (value) => {
      // What came by a merge gets a field of its own.
      if (index === -1) return withNew(value);
      if (node === undefined || key?.range === undefined || key.range === null || span === undefined) return [];
      if (map.isFlow || isOneLine(node, value)) return replaced(page, node, value, map.isFlow);
      if (isCollection(node) && hasComment(text.slice(key.range[1], span.end))) return [];
      const [, ...lines] = linesOf({ [name]: value }, columnOf(text, span.start)).split('\n');
      const head = `${text.slice(span.start, key.range[1])}:`;
      const below = isEmptyOrPlain(value)
        ? ` ${formatYaml(value).trimEnd()}`
        : lines.map((line) => `\n${line}`).join('');
      return [put(text, span.start, span.end, head + below + endIn(text, span.end))];
    },
    without: () => without(page, map, spans, index, '{}'),
  };
}

function placeInList(page: Page, list: Span, items: readonly (Node | undefined)[], index: number | undefined): Place {
  const { text, isJson } = page;
  const node = index === undefined ? undefined : items[index];
  const spans = items.map((item) => {
    const start = item?.range?.[0] ?? 0;
    return { start: list.isFlow ? start : dashBefore(text, start), end: item === undefined ? 0 : endOf(item) };
  });
  return {
    withOther: (value) => {
      if (node === undefined) return [];
      if (list.isFlow || isOneLine(node, value)) return replaced(page, node, value, list.isFlow);
      const [start, end] = [node.range?.[0] ?? 0, endOf(node)];
      if (isCollection(node) && hasComment(text.slice(start, end))) return [];
      return [put(text, start, end, linesOf(value, columnOf(text, start)).trimStart() + endIn(text, end))];
    },
    withNew: (value) => {
      const before = index === undefined ? undefined : spans[index];
      if (list.isFlow) {
        const item = flowText(value, isJson || isDoubleQuoted(items.at(-1)));
        if (before === undefined) return [intoFlow(text, list, items.length === 0, item)];
        return [put(text, before.start, before.start, `${item}, `)];
      }
      const [first] = spans;
      if (first === undefined) return [];
      const lines = linesOf([value], columnOf(text, first.start));
      if (before === undefined) return [withLines(text, list.end, lines)];
      const line = lineStart(text, before.start);
      return text.slice(line, before.start).trim() === '' ? [put(text, line, line, `${lines}\n`)] : [];
    },
    without: () => (index === undefined ? [] : without(page, list, spans, index, '[]')),
  };
}

/** A scalar for a scalar: it stays where it is, in the quotes that it has. */
const isOneLine = (node: Node, value: Json): boolean => !isCollection(node) && !isArray(value) && !isObject(value);
const isEmptyOrPlain = (value: Json): boolean =>
  isArray(value) ? value.length === 0 : !isObject(value) || Object.keys(value).length === 0;

function replaced({ text, isJson }: Page, node: Node, value: Json, isFlow: boolean): readonly string[] {
  const [start = 0, end = 0] = node.range ?? [];
  const spellings = isScalarValue(value)
    ? spellingsOf(value, isAlias(node) ? { type: 'PLAIN', source: '*' } : isScalar(node) ? node : {})
    : [];
  const flow = isFlow || spellings.length === 0 ? [flowText(value, isJson)] : [];
  if (isCollection(node) && hasComment(text.slice(start, end))) return [];
  return [...spellings, ...flow].map((spelling) => put(text, start, end, spelling));
}

const isScalarValue = (value: Json): value is ScalarValue => !isArray(value) && !isObject(value);

type Part = { readonly start: number; readonly end: number };

function without({ text }: Page, whole: Span, parts: readonly Part[], index: number, empty: string): readonly string[] {
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (part === undefined) return [];
  if (parts.length === 1) return [put(text, whole.start, whole.end, empty)];
  if (whole.isFlow) {
    if (after !== undefined) return [put(text, part.start, after.start, '')];
    return before === undefined ? [] : [put(text, before.end, part.end, '')];
  }
  const line = lineStart(text, part.start);
  if (text.slice(line, part.start).trim() === '') return [put(text, line, lineEnd(text, part.end), '')];
  // Behind the dash of a list, or behind its map's anchor: what follows moves up.
  if (after === undefined || hasComment(text.slice(part.end, after.start))) return [];
  return [put(text, part.start, after.start, '')];
}

const put = (text: string, start: number, end: number, other: string): string =>
  text.slice(0, start) + other + text.slice(end);

function intoFlow(text: string, { end }: Span, isEmpty: boolean, part: string): string {
  const inside = text.slice(0, end - 1).trimEnd();
  const comma = isEmpty || inside.endsWith(',') ? '' : ',';
  return `${inside}${comma}${isEmpty ? '' : ' '}${part}${text.slice(inside.length)}`;
}

const isDoubleQuoted = (node: unknown): boolean => isScalar(node) && node.type === Scalar.QUOTE_DOUBLE;
const hasComment = (text: string): boolean => /(?:^|\s)#/.test(text);

/** A block text ends with its last line's end. */
const endIn = (text: string, end: number): string => (text[end - 1] === '\n' ? '\n' : '');

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** Behind the end of the line that something ends on. */
function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', text[offset - 1] === '\n' ? offset - 1 : offset);
  return found === -1 ? text.length : found + 1;
}

function dashBefore(text: string, start: number): number {
  let dash = start;
  do dash = text.lastIndexOf('-', dash - 1);
  while (dash > 0 && !/\s/.test(text[dash + 1] ?? ' '));
  return Math.max(dash, 0);
}

function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Block style, all lines at a column. */
function linesOf(value: Json, column: number): string {
  const pad = ' '.repeat(column);
  return formatYaml(value)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : pad + line))
    .join('\n');
}

function withLines(text: string, offset: number, lines: string): string {
  const at = lineEnd(text, offset);
  const gap = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
  return `${text.slice(0, at)}${gap}${lines}\n${text.slice(at)}`;
}

/** Puts one more text into a list of a YAML text, and changes nothing else: comments, quotes and layout stay. */
import { isMap, isNode, isScalar, isSeq, parseDocument, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { applyPatch } from '../json/patch.ts';
import { formatPointer, type Pointer, valueAt } from '../json/pointer.ts';
import { isArray } from '../json/value.ts';
import { quote } from './quote.ts';
import { rewrite, type Splice } from './rewrite.ts';

/**
 * Appends a text to the list at a pointer; makes the list when there is none, as the last field of the map above.
 *
 * Shape: as `spliceScalar`; what is in the list already is not put there again.
 */
export function spliceItem(text: string, list: Pointer, item: string, document = 0): Splice {
  const [map, key] = [list.slice(0, -1), list.at(-1) ?? ''];
  return rewrite(text, document, (chunk, before) => {
    const there = valueAt(before, list);
    if (there !== undefined && !isArray(there)) return `there is no list at ${formatPointer(list)}`;
    if (there?.includes(item)) return { wanted: before, texts: [chunk], whyNot: '' };
    const path = there === undefined ? list : [...list, '-'];
    const wanted = applyPatch(before, [{ op: 'add', path, value: there === undefined ? [item] : item }]);
    if (wanted.kind === 'refused') return wanted.problem.message;
    const tree = parseDocument(chunk, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const node = tree.errors.length > 0 ? undefined : tree.getIn(there === undefined ? map : list, true);
    const texts = isSeq(node)
      ? appended(chunk, node, item)
      : isMap(node)
        ? extended(chunk, node, key, item)
        : undefined;
    const whyNot = `the list at ${formatPointer(list)} cannot be changed alone`;
    return texts === undefined ? whyNot : { wanted: wanted.value, texts, whyNot };
  });
}

/** As JSON where its neighbours are, else as short as can be. */
const spellingsOf = (text: string): readonly string[] => [quote(text, 'value', 0), JSON.stringify(text)];

function appended(text: string, list: YAMLSeq, item: string): readonly string[] | undefined {
  if (list.range === null || list.range === undefined) return undefined;
  const [start, end] = list.range;
  const last = list.items.at(-1);
  const isQuoted = isScalar(last) && last.type === Scalar.QUOTE_DOUBLE;
  const spellings = isQuoted ? spellingsOf(item).toReversed() : spellingsOf(item);
  if (text[start] === '[') {
    const inside = text.slice(0, end - 1).trimEnd();
    const comma = list.items.length === 0 || inside.endsWith(',') ? '' : ',';
    const space = list.items.length === 0 ? '' : ' ';
    return spellings.map((each) => `${inside}${comma}${space}${each}${text.slice(inside.length)}`);
  }
  const valueEnd = isNode(last) ? last.range?.[1] : undefined;
  if (valueEnd === undefined) return undefined;
  return spellings.map((each) => withLine(text, valueEnd, columnOf(text, start), `- ${each}`));
}

function extended(text: string, map: YAMLMap, key: string, item: string): readonly string[] | undefined {
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (map.range === null || map.range === undefined || !isScalar(first?.key) || !first.key.range) return undefined;
  const [start, end] = map.range;
  const isJson = first.key.type === Scalar.QUOTE_DOUBLE;
  const field = isJson ? `"${key}": [${JSON.stringify(item)}]` : `${key}: [${quote(item, 'value', 0)}]`;
  if (text[start] === '{') {
    const inside = text.slice(0, end - 1).trimEnd();
    const comma = inside.endsWith(',') ? '' : ',';
    return [`${inside}${comma} ${field}${text.slice(inside.length)}`];
  }
  const valueEnd = isNode(last?.value) ? last.value.range?.[1] : undefined;
  return valueEnd === undefined ? undefined : [withLine(text, valueEnd, columnOf(text, first.key.range[0]), field)];
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** A line of its own below the one that ends what stands at `offset`. */
function withLine(text: string, offset: number, column: number, line: string): string {
  // A block text ends with its last line's end, everything else before it.
  const found = text.indexOf('\n', text[offset - 1] === '\n' ? offset - 1 : offset);
  const at = found === -1 ? text.length : found + 1;
  const gap = found === -1 ? '\n' : '';
  return `${text.slice(0, at)}${gap}${' '.repeat(column)}${line}\n${text.slice(at)}`;
}

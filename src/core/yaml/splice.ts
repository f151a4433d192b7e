/** Changes one scalar in a YAML text and nothing else: comments, quotes and layout stay. */
import { isScalar, parseDocument, type Scalar } from 'yaml';
import { applyPatch } from '../json/patch.ts';
import { formatPointer, type Pointer, parsePointer } from '../json/pointer.ts';
import { formatYaml } from './format.ts';
import { doubleQuoted, singleQuoted } from './quote.ts';
import { refuse, rewrite, type Splice } from './rewrite.ts';

export type ScalarValue = null | boolean | number | bigint | string;

/**
 * Sets the scalar at a pointer; `document` counts the documents of the text from 0, empty ones left out.
 *
 * Shape: the answer differs from `text` in that scalar only, and was read again to be sure of it. Refused: what is not there,
 * is no scalar, or stands in more than one place (anchors); texts that cannot be read.
 */
export function spliceScalar(text: string, pointer: string | Pointer, value: ScalarValue, document = 0): Splice {
  const path = typeof pointer === 'string' ? parsePointer(pointer) : pointer;
  if (path === undefined) return refuse(`${JSON.stringify(pointer)} is no JSON Pointer`);
  return rewrite(text, document, (chunk, before) => {
    const wanted = applyPatch(before, [{ op: 'replace', path, value }]);
    const place = scalarAt(chunk, path);
    if (wanted.kind === 'refused' || place === undefined) return `there is no scalar at ${formatPointer(path)}`;
    return {
      wanted: wanted.value,
      texts: spellingsOf(value, place.node).map(
        (spelling) => chunk.slice(0, place.start) + spelling + chunk.slice(place.end),
      ),
      whyNot: `the scalar at ${formatPointer(path)} cannot be changed alone`,
    };
  });
}

type Place = { readonly node: Scalar; readonly start: number; readonly end: number };

/** The package knows where a scalar ends; what it means does not matter here. */
function scalarAt(text: string, path: Pointer): Place | undefined {
  const parsed = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const node = parsed.errors.length > 0 ? undefined : parsed.getIn(path, true);
  if (!isScalar(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return { node, start, end };
}

/** In the quotes that are there, where they can hold the value; then in others. */
export function spellingsOf(
  value: ScalarValue,
  { type, source = '' }: Pick<Scalar, 'source' | 'type'>,
): readonly string[] {
  const plain = typeof value === 'string' && value.includes('\n') ? doubleQuoted(value) : formatYaml(value).trimEnd();
  // An empty value stands right behind its colon; a block text ends with its last line's end.
  const before = type === 'PLAIN' && source === '' ? ' ' : '';
  const after = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? '\n' : '';
  if (typeof value !== 'string') return [before + plain + after];
  // JSON's spelling keeps a JSON file one, and is right in YAML for nearly every text.
  const quoted =
    type === 'QUOTE_SINGLE' ? singleQuoted(value) : type === 'QUOTE_DOUBLE' ? JSON.stringify(value) : plain;
  return [quoted, doubleQuoted(value)].map((spelling) => before + spelling + after);
}

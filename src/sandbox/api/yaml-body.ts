/** Bodies of server-side apply, and of clients that would rather send YAML: JSON or YAML, read as Kubernetes reads them. */
import { parseDocument, type ScalarTag, type Tags } from 'yaml';
import { parseJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { duplicateFields } from '../schema/duplicates.ts';

export type YamlBody =
  | {
      readonly kind: 'read';
      readonly value: Json /** Keys that come twice in one map; the last one counts. */;
      readonly twice: readonly string[];
    }
  | { readonly kind: 'broken'; readonly message: string };

// Integers as Go's parser reads them, and no dates or sexagesimals.
const octal: ScalarTag = {
  identify: (value) => typeof value === 'number',
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.replace('0o', ''), 8),
};
const customTags = (tags: Tags): Tags => [
  octal,
  ...tags.filter(
    (tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && formatOf(tag) !== 'TIME'),
  ),
];
const formatOf = (tag: object): unknown => ('format' in tag ? tag.format : undefined);

export function readYamlBody(text: string): YamlBody {
  try {
    const twice = duplicateFields(text).map((path) => said(1, path.slice(path.lastIndexOf('.') + 1)));
    return { kind: 'read', value: parseJson(text), twice };
  } catch {
    return readYaml(text);
  }
}

function readYaml(text: string): YamlBody {
  const document = parseDocument(text, { version: '1.1', merge: true, strict: true, intAsBigInt: true, customTags });
  const [broken] = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (broken !== undefined) return { kind: 'broken', message: `yaml: ${broken.message.split('\n', 1)[0] ?? ''}` };
  const twice = document.errors.map(({ linePos, pos }) =>
    said(linePos?.[0].line ?? 1, text.slice(pos[0], pos[1]).split(':', 1)[0] ?? ''),
  );
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return { kind: 'read', value: narrowed(value), twice };
}

const said = (line: number, key: string): string => `line ${line}: key "${key}" already set in map`;

/** Integers are read with all their digits; those that a double holds become one. */
function narrowed(value: unknown): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(narrowed);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, narrowed(part)]));
}

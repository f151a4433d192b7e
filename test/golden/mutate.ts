/** One value of a manifest, made into one of another type. */
import { valueAt } from '../../src/core/json/pointer.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import type { Path } from '../../src/core/model/locate.ts';
import { formatYaml, formatYamlDocuments } from '../../src/core/yaml/format.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import type { Rng } from '../../src/seam/rng.ts';

export type Mutation = {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly JsonObject[];
  /** Which of them is another. */
  readonly index: number;
  readonly at: Path;
  readonly other: Json;
  readonly changed: readonly JsonObject[];
};

const pick = <Item>(items: readonly Item[], rng: Rng): Item | undefined => items[Math.floor(rng.next() * items.length)];

/** Shape: undefined where nothing can be another without the kinds of the whole fleet being others, too. */
export function mutationIn(
  files: readonly { readonly path: string; readonly text: string }[],
  rng: Rng,
): Mutation | undefined {
  const file = pick(files, rng);
  if (file === undefined) return undefined;
  const documents = readManifests(file.path, file.text).documents.map(({ value }) => value);
  const index = Math.floor(rng.next() * documents.length);
  const document = documents[index];
  const at = document === undefined ? undefined : pick([...pathsIn(document)], rng);
  // Whether a kind is namespaced is read from its definition only until a cluster serves it.
  if (document === undefined || at === undefined || document.kind === 'CustomResourceDefinition') return undefined;
  const other = ofAnotherType(valueAt(document, at.map(String)), rng);
  const changed = replaced(document, at, other);
  return isObject(changed)
    ? { ...file, documents, index, at, other, changed: documents.with(index, changed) }
    : undefined;
}

export const withDocuments = (documents: readonly JsonObject[]): string => formatYamlDocuments(documents);

/** For a person who wants to do it again. */
export const said = ({ path, index, at, other }: Mutation): string =>
  `${path}, document ${index}: ${at.join('.')} is ${formatYaml(other).trim()}`;

/** Every value inside of a value, itself left out. */
export function* pathsIn(value: Json, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (isArray(value)) for (const [index, part] of value.entries()) yield* pathsIn(part, [...path, index]);
  else if (isObject(value)) for (const [key, part] of Object.entries(value)) yield* pathsIn(part, [...path, key]);
}

const samples: readonly Json[] = [
  'other',
  '',
  7,
  -1.5,
  true,
  false,
  [],
  ['other'],
  [{ name: 'other' }],
  {},
  { a: 'b' },
];

/** Shape: never null, which says in many places that nothing is said. */
const ofAnotherType = (value: Json | undefined, rng: Rng): Json => pick(othersThan(value), rng) ?? '';

export const othersThan = (value: Json | undefined): readonly Json[] =>
  samples.filter((each) => typeOf(each) !== typeOf(value));

function typeOf(value: Json | undefined): string {
  if (isArray(value)) return 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** The value with another at a path. */
export function replaced(value: Json, path: Path, other: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return other;
  if (isArray(value)) return value.map((part, index) => (index === step ? replaced(part, rest, other) : part));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === step ? replaced(part, rest, other) : part]),
  );
}

/** One value of a manifest, made into one of another type; or one key, misspelt. */
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
  /** What was done there, for a person. */
  readonly change: string;
  readonly changed: readonly JsonObject[];
};

const pick = <Item>(items: readonly Item[], rng: Rng): Item | undefined => items[Math.floor(rng.next() * items.length)];

type Texts = readonly { readonly path: string; readonly text: string }[];

/** Shape: undefined where nothing can be another without the kinds of the whole fleet being others, too. */
export const mutationIn = (files: Texts, rng: Rng): Mutation | undefined =>
  changeIn(files, rng, (document) => {
    const at = pick([...pathsIn(document)], rng);
    if (at === undefined) return undefined;
    const other = ofAnotherType(valueAt(document, at.map(String)), rng);
    return { at, change: `is ${formatYaml(other).trim()}`, changed: replaced(document, at, other) };
  });

/** Shape: undefined where the key that was picked is a name that somebody gave. */
export const renamingIn = (files: Texts, rng: Rng): Mutation | undefined =>
  changeIn(files, rng, (document) => {
    const at = pick([...pathsIn(document)].filter(isField), rng);
    const key = at?.at(-1);
    const parent = at === undefined ? undefined : valueAt(document, at.slice(0, -1).map(String));
    if (at === undefined || typeof key !== 'string' || !isObject(parent)) return undefined;
    const other = misspelt(key, rng);
    if (Object.hasOwn(parent, other)) return undefined;
    const renamed = Object.fromEntries(
      Object.entries(parent).map(([each, value]) => [each === key ? other : each, value]),
    );
    return { at, change: `is written ${other}`, changed: replaced(document, at.slice(0, -1), renamed) };
  });

/** Shape: undefined where the document that was picked names no cluster of `clusters`. */
export const strangerIn = (files: Texts, clusters: ReadonlySet<string>, rng: Rng): Mutation | undefined =>
  changeIn(files, rng, (document) => {
    const names = [...pathsIn(document)].filter((path) => {
      const value = valueAt(document, path.map(String));
      return typeof value === 'string' && clusters.has(value) && path[0] !== 'metadata' && !isElse(path);
    });
    const at = pick(names, rng);
    if (at === undefined) return undefined;
    const other = 'a-cluster-that-nobody-knows';
    return { at, change: `is ${other}`, changed: replaced(document, at, other) };
  });

/** What a label is may be called as a cluster is, and an override for nobody is ignored, as it always was. */
const isElse = (path: Path): boolean => path.some((step) => step === 'labels' || step === 'overrides');

/** One document more, of the name of another and not the same. */
export function doubleIn(files: Texts, rng: Rng): Mutation | undefined {
  const made = changeIn(files, rng, (document) => {
    const metadata = isObject(document.metadata) ? document.metadata : {};
    const labels = isObject(metadata.labels) ? metadata.labels : {};
    const changed = { ...document, metadata: { ...metadata, labels: { ...labels, copy: 'true' } } };
    return { at: ['metadata', 'name'], change: 'is there twice', changed };
  });
  if (made === undefined) return undefined;
  const { documents, index, changed } = made;
  return { ...made, changed: [...documents, ...changed.slice(index, index + 1)] };
}

/** Whose keys are names that somebody gave. */
const open = ['labels', 'matchLabels', 'annotations', 'data', 'stringData', 'variables', 'nodeSelector', 'clusterLabelSelector'];

const isField = (path: Path): boolean =>
  typeof path.at(-1) === 'string' && !path.slice(0, -1).some((step) => open.includes(String(step)));

function misspelt(key: string, rng: Rng): string {
  const at = Math.floor(rng.next() * key.length);
  const [before, letter, after] = [key.slice(0, at), key.charAt(at), key.slice(at + 1)];
  const swapped = `${before}${after.charAt(0)}${letter}${after.slice(1)}`;
  const recased = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  const slips = [before + after, before + letter + letter + after, `${before}x${after}`, swapped];
  const others = [...slips, `${before}${recased}${after}`, key.toLowerCase(), `${key}s`];
  return pick(
    others.filter((each) => each !== key && each !== ''),
    rng,
  ) ?? `${key}s`;
}

function changeIn(
  files: Texts,
  rng: Rng,
  change: (document: JsonObject) => (Pick<Mutation, 'at' | 'change'> & { readonly changed: Json }) | undefined,
): Mutation | undefined {
  const file = pick(files, rng);
  if (file === undefined) return undefined;
  const documents = readManifests(file.path, file.text).documents.map(({ value }) => value);
  const index = Math.floor(rng.next() * documents.length);
  const document = documents[index];
  // Whether a kind is namespaced is read from its definition only until a cluster serves it.
  if (document === undefined || document.kind === 'CustomResourceDefinition') return undefined;
  const made = change(document);
  return made !== undefined && isObject(made.changed)
    ? { ...file, documents, index, ...made, changed: documents.with(index, made.changed) }
    : undefined;
}

export const withDocuments = (documents: readonly JsonObject[]): string => formatYamlDocuments(documents);

/** For a person who wants to do it again. */
export const said = ({ path, index, at, change }: Mutation): string =>
  `${path}, document ${index}: ${at.join('.')} ${change}`;

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

/** The variables that Flux puts into manifests after it has built them, as patches of an App. */
import { differenceOf } from '../../json/difference.ts';
import { formatPointer } from '../../json/pointer.ts';
import { isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../json/value.ts';
import { groupOf } from '../../model/object.ts';
import { formatYaml } from '../../yaml/format.ts';
import { readManifests } from '../../yaml/read.ts';
import { objects, type Surroundings, text } from '../surroundings.ts';
import { expand, plainNames } from './envsubst.ts';
import { givenAs, type Reading } from './reading.ts';

export type Substitution = { readonly patches: readonly JsonObject[]; readonly variables: JsonObject };

const nothing: Substitution = { patches: [], variables: {} };
const marker = 'kustomize.toolkit.fluxcd.io/substitute';

/** Names that Landfall gives a meaning of its own. */
const ownNames: ReadonlySet<string> = new Set(['name', 'region']);

/** Shape: a text is why it cannot be said. No value of a Secret is ever written. */
export function substitutionOf(reading: Reading, path: string): Substitution | string {
  const { spec, around, remark } = reading;
  const files = filesWithVariables(path, around);
  if (!isObject(spec.postBuild) || files.length === 0) return nothing;
  const values = valuesOf(spec.postBuild, reading);
  if (typeof values === 'string') return values;
  if (values.size === 0) return nothing;
  const patches: JsonObject[] = [];
  const variables = new Map<string, string>();
  for (const file of files) {
    const { documents, problems } = readManifests(file, around.read(file) ?? '');
    if (problems.length > 0) return `\`postBuild\` puts variables into ${file}, which cannot be read without them`;
    for (const { value } of documents) {
      const patch = patchOf(value, values, variables);
      if (typeof patch === 'string') return `\`postBuild\` puts variables into ${file}: ${patch}`;
      if (patch !== undefined) patches.push(patch);
    }
  }
  const sources = objects(spec.postBuild.substituteFrom).map((each) => `${text(each, 'kind')} ${text(each, 'name')}`);
  if (sources.length > 0 && patches.length > 0)
    remark(`takes variables from ${sources.join(', ')}; their values are in its App now`);
  return { patches, variables: Object.fromEntries([...variables].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

function filesWithVariables(path: string, { paths, read }: Surroundings): readonly string[] {
  const inside = path === '' ? '' : `${path}/`;
  return [...paths]
    .filter((each) => each.startsWith(inside) && /\.(?:ya?ml|json)$/.test(each) && (read(each) ?? '').includes('${'))
    .toSorted();
}

/** Later ones win, and those that are written in the Kustomization over all. */
function valuesOf(postBuild: JsonObject, reading: Reading): ReadonlyMap<string, string> | string {
  const values = new Map<string, string>();
  const add = (all: Json | undefined): void => {
    for (const [name, value] of Object.entries(isObject(all) ? all : {})) values.set(name, textOf(value) ?? '');
  };
  for (const reference of objects(postBuild.substituteFrom)) {
    const [kind, name] = [text(reference, 'kind'), text(reference, 'name')];
    if (kind !== 'ConfigMap')
      return `takes variables from ${kind} ${name}: write what they are put into as a manifest, encrypted with SOPS`;
    const found = givenAs(kind, reference, reading);
    if (found === undefined && reference.optional !== true)
      return `takes variables from ConfigMap ${name}, which is not among the objects given`;
    add(found?.data);
  }
  add(postBuild.substitute);
  return values;
}

/** Shape: undefined where nothing changes; a text is why it cannot be said. Enters the variables that the patch names. */
function patchOf(
  before: JsonObject,
  values: ReadonlyMap<string, string>,
  variables: Map<string, string>,
): JsonObject | string | undefined {
  const metadata = isObject(before.metadata) ? before.metadata : {};
  const [labels, annotations] = [metadata.labels, metadata.annotations];
  if ([labels, annotations].some((all) => isObject(all) && all[marker] === 'disabled')) return undefined;
  if (
    ['name', 'namespace'].some((field) => text(metadata, field).includes('${')) ||
    text(before, 'kind').includes('${')
  )
    return 'one of them names an object by a variable; write its name';
  const after = withValues(before, values);
  if (after.kind === 'refused') return after.reason;
  const changes = differenceOf(before, after.value);
  if (changes.length === 0) return undefined;
  const patch = changes.map((change): JsonObject => {
    const path = formatPointer(change.path);
    if (change.op === 'remove') return { op: change.op, path };
    const raw = change.path.reduce<Json | undefined>(
      (at, step) => (isArray(at) ? at[Number(step)] : isObject(at) ? at[step] : undefined),
      before,
    );
    return { op: change.op, path, value: named(raw, change.value, values, variables) };
  });
  const target = withFields(
    { group: groupOf(text(before, 'apiVersion')), kind: text(before, 'kind'), name: text(metadata, 'name') },
    { namespace: metadata.namespace },
  );
  return { target, patch };
}

/** As it is written, where that says the same to Landfall; else the value. */
function named(
  raw: Json | undefined,
  value: Json,
  values: ReadonlyMap<string, string>,
  variables: Map<string, string>,
): Json {
  if (typeof value !== 'string') return value;
  const names = typeof raw === 'string' ? plainNames(raw) : undefined;
  const isSame = names?.every((name) => values.has(name) && !ownNames.has(name)) === true;
  if (!isSame || typeof raw !== 'string') return value.replaceAll('${', () => '$${');
  for (const name of names ?? []) variables.set(name, values.get(name) ?? '');
  return raw;
}

type Valued<T> = { readonly kind: 'valued'; readonly value: T } | { readonly kind: 'refused'; readonly reason: string };

/**
 * Source: kustomize-controller, which puts values into the text of the built object: a value that is all there is of a field may
 * become a number or a boolean, whether the field was quoted or not.
 */
function withValues(value: Json, values: ReadonlyMap<string, string>): Valued<Json> {
  if (typeof value === 'string') return value.includes('${') ? expanded(value, values) : { kind: 'valued', value };
  if (isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const done = withValues(item, values);
      if (done.kind === 'refused') return done;
      items.push(done.value);
    }
    return { kind: 'valued', value: items };
  }
  if (!isObject(value)) return { kind: 'valued', value };
  const fields: [string, Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes('${')) return { kind: 'refused', reason: `the name of field \`${name}\` is one` };
    const done = withValues(inner, values);
    if (done.kind === 'refused') return done;
    fields.push([name, done.value]);
  }
  return { kind: 'valued', value: Object.fromEntries(fields) };
}

function expanded(raw: string, values: ReadonlyMap<string, string>): Valued<Json> {
  const whole = expand(raw, values);
  if (whole === undefined) return { kind: 'refused', reason: `\`${raw}\` has a function that is not known here` };
  const line = expand(formatYaml({ value: raw }), values) ?? '';
  const { documents, problems } = readManifests('value.yaml', line);
  const [read] = problems.length === 0 && documents.length === 1 ? documents.map((each) => each.value.value) : [];
  return { kind: 'valued', value: read ?? whole };
}

/** The components of a revision as objects, under the names that they have before a revision is placed. */
import { isObject, type JsonObject, textOf, withFields } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { nearest } from '../nearest.ts';
import { originAt, type Placed } from '../placed.ts';
import { label } from './labels.ts';
import type { Component } from './schema.ts';
import { patchTraits, type TraitKind, traits } from './trait.ts';
import { workloads } from './workload.ts';

/** One component: its workload, and what its traits made. */
export type Rendered = {
  readonly name: string;
  readonly workload: JsonObject;
  readonly traits: readonly { readonly object: JsonObject; readonly resource: string | undefined }[];
  readonly origin: Origin;
};

export type Context = {
  readonly app: string;
  readonly revision: string;
  readonly namespace: string;
  /** Where the components are written. */
  readonly placed: Placed;
  readonly path: Path;
};

/** Shape: undefined when any of them cannot be rendered: half a revision is none. */
export function renderComponents(
  components: readonly Component[],
  context: Context,
): Findings<readonly Rendered[] | undefined> {
  const found = components.map((component, index) => renderComponent(component, index, context));
  const diagnostics = found.flatMap((each) => each.diagnostics);
  if (diagnostics.some(isError)) return { value: undefined, diagnostics };
  return { value: found.flatMap(({ value }) => (value === undefined ? [] : [value])), diagnostics };
}

function renderComponent(component: Component, index: number, context: Context): Findings<Rendered | undefined> {
  const path = [...context.path, 'components', index];
  const origin = originAt(context.placed, path);
  const kind = Object.hasOwn(workloads, component.type) ? workloads[component.type] : undefined;
  if (kind === undefined)
    return {
      value: undefined,
      diagnostics: [unknownType('component', component.type, Object.keys(workloads), context, [...path, 'type'])],
    };
  const properties = kind.read(component.properties ?? {}, context.placed, [...path, 'properties']);
  const known = component.traits.map((trait, at) => readTrait(trait, context, [...path, 'traits', at]));
  const diagnostics = [...properties.diagnostics, ...known.flatMap((each) => each.diagnostics)];
  if (properties.value === undefined) return { value: undefined, diagnostics };
  const made = kind.render(properties.value, component.name, context);
  const own = {
    [label.app]: context.app,
    [label.component]: component.name,
    [label.revision]: context.revision,
  };
  const applied = known.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const workload = labelled(patchTraits(made, applied), { ...own, [label.workloadType]: component.type });
  const objects = applied.flatMap(({ type, outputs }) =>
    outputs(component.name).map(({ resource, object }) => ({
      resource,
      object: labelled(object, { ...own, [label.traitType]: type, [label.traitResource]: resource }),
    })),
  );
  return { value: { name: component.name, workload, traits: objects, origin }, diagnostics };
}

function readTrait(
  { type, properties = {} }: Component['traits'][number],
  context: Context,
  path: Path,
): Findings<TraitKind | undefined> {
  const trait = Object.hasOwn(traits, type) ? traits[type] : undefined;
  if (trait === undefined)
    return {
      value: undefined,
      diagnostics: [unknownType('trait', type, Object.keys(traits), context, [...path, 'type'])],
    };
  return trait(properties, context.placed, [...path, 'properties']);
}

function unknownType(
  what: string,
  type: string,
  known: readonly string[],
  { placed }: Context,
  path: Path,
): Diagnostic {
  const guess = nearest(type, known);
  const message = `${what} type ${excerpt(type)} cannot be rendered here`;
  const hint =
    guess === undefined
      ? `commit the ApplicationRevision as the old controller wrote it; types that can are ${known.join(', ')}`
      : `did you mean \`${guess}\`?`;
  return { code: 'A1623', severity: 'error', origin: originAt(placed, path), message, hint };
}

export function unknownComponent(name: string, origin: Origin, names: readonly string[]): Diagnostic {
  const guess = nearest(name, names);
  return {
    code: 'A1624',
    severity: 'error',
    origin,
    message: `the revision has no component ${excerpt(name)}`,
    hint: guess === undefined ? `its components are ${names.join(', ')}` : `did you mean \`${guess}\`?`,
  };
}

/** The object with these labels, too. */
export function labelled(object: JsonObject, labels: Readonly<Record<string, string>>): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const before = isObject(metadata.labels) ? metadata.labels : {};
  return withFields(object, { metadata: withFields(metadata, { labels: { ...before, ...labels } }) });
}

export const nameOf = (object: JsonObject): string => {
  const { metadata } = object;
  return (isObject(metadata) ? textOf(metadata.name) : undefined) ?? '';
};

/** What the documents of one federated object say together. */
import { digestOf } from '../../json/digest.ts';
import { at, fieldOf, isObject, type JsonObject, withFields } from '../../json/value.ts';
import { type Diagnostic, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { ClusterId } from '../../model/id.ts';
import type { Variant } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { fieldsAt } from '../native/shape.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { variantsOf } from './override.ts';
import { placeOf, problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';
import type { Written } from './written.ts';

export type Said = {
  readonly given: schema.Federated['spec'];
  readonly template: JsonObject;
  /** Of a part of the template. */
  readonly templateAt: (inside: Path) => Origin;
  readonly placementAt: Origin;
  readonly variants: readonly Variant[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Shape: `known`: clusters of the same repository. */
export function saidBy(written: Written, known: ReadonlySet<ClusterId>): Said {
  const { object, placement, overrides } = written;
  const diagnostics: Diagnostic[] = [];
  // The placement of a Namespace is all that there is of it.
  const own = object === placement ? undefined : readManifest(schema.Federated, object);
  diagnostics.push(...(own?.diagnostics ?? []));
  const given = own?.value?.spec ?? {};
  if (placement !== undefined && given.placement) diagnostics.push(...twice(placement, 'placement'));
  if (overrides !== undefined && given.overrides) diagnostics.push(...twice(overrides, 'overrides'));
  const where = placement === undefined ? undefined : readManifest(schema.FederatedPlacement, placement);
  diagnostics.push(...(where?.diagnostics ?? []));
  const spec = placement === undefined ? given : { placement: placementIn(where?.value) };
  if (spec.placement === undefined || saysNothing(spec.placement)) diagnostics.push(...missed(written, diagnostics));
  const problems = problemsIn(overrides ?? object);
  const variants =
    overrides === undefined
      ? variantsOf(given.overrides ?? [], object, known, problems)
      : variantsOf(overridesIn(overrides, diagnostics), overrides, known, problems);
  diagnostics.push(...problems.list);
  return {
    given: { ...given, ...spec },
    ...templateIn(written),
    placementAt: placement === undefined ? originAt(object, ['spec', 'placement']) : originAt(placement, ['spec']),
    variants,
    diagnostics,
  };
}

function twice(beside: Placed, field: string): readonly Diagnostic[] {
  const problems = problemsIn(beside);
  const { kind } = kindOfDocument(beside.document);
  const message = `the object that this ${kind} is of has \`spec.${field}\` itself`;
  problems.error('A1573', ['spec'], message, 'take one of them out');
  return problems.list;
}

const saysNothing = (given: schema.Federated['spec']['placement']): boolean =>
  Object.values(given ?? {}).every((each) => each === undefined || each === null);

/** A placement that only a slip keeps from saying where is none that says nowhere: also one at another place, not `told` yet. */
function missed({ object, placement }: Written, told: readonly Diagnostic[]): readonly Diagnostic[] {
  const placed = placement ?? object;
  const problems = problemsIn(placed);
  const known = fieldsAt(placement === undefined ? schema.Federated : schema.FederatedPlacement, ['spec']);
  const fields = placementFields.map((field) => (placement === undefined ? `placement.${field}` : field));
  const look = (path: readonly string[], usual: readonly string[]): void => {
    const here = at(placed.document.value, ...path);
    for (const key of Object.keys(isObject(here) ? here : {})) {
      const guess = usual.includes(key) ? undefined : nearest(key, ['placement', ...placementFields]);
      if (guess === undefined) continue;
      const meant = fields.find((field) => field.endsWith(guess)) ?? guess;
      const message = `${excerpt(key)} is unknown, and without it there is no placement`;
      problems.error('A1574', [...path, key], message, `did you mean \`spec.${meant}\`?`);
    }
  };
  look(['spec'], known);
  if (placement === undefined) look(['spec', 'placement'], placementFields);
  const slips = new Set(told.filter(isError).map(placeOf));
  return problems.list.filter((each) => !slips.has(placeOf(each)));
}

/** What says where something goes. */
export const placementFields = ['clusters', 'clusterNames', 'clusterSelector'];

/** Names went before selectors already, in one case of letters and later in another. */
function placementIn(value: schema.FederatedPlacement | undefined): schema.Federated['spec']['placement'] {
  const { clusterNames, clusternames, clusterSelector } = value?.spec ?? {};
  return { clusterNames: clusterNames ?? clusternames, clusterSelector };
}

function overridesIn(
  overrides: Placed,
  told: Diagnostic[],
): NonNullable<schema.FederatedOverride['spec']['overrides']> {
  const { value, diagnostics } = readManifest(schema.FederatedOverride, overrides);
  told.push(...diagnostics);
  return value?.spec.overrides ?? [];
}

/** Shape: of a Namespace that is its own template, labels and annotations. */
function templateIn({ object, placement, namespace }: Written): Pick<Said, 'template' | 'templateAt'> {
  if (object === placement) {
    const { metadata } = namespace?.document.value ?? {};
    const { labels, annotations } = isObject(metadata) ? metadata : {};
    return {
      template: namespace === undefined ? {} : { metadata: withFields({}, { labels, annotations }) },
      templateAt: (inside) => originAt(namespace ?? object, inside),
    };
  }
  const given = fieldOf(fieldOf(object.document.value, 'spec'), 'template');
  return {
    template: isObject(given) ? given : {},
    templateAt: (inside) => originAt(object, ['spec', 'template', ...inside]),
  };
}

/** Where it goes is not content. */
export function contentDigest({ object, placement, overrides, namespace }: Written): string {
  const { spec } = object.document.value;
  const own = isObject(spec) && object !== placement ? withFields(spec, { placement: undefined }) : {};
  const others = [namespace?.document.value.metadata, overrides?.document.value.spec].filter(
    (each) => each !== undefined,
  );
  return digestOf(others.length === 0 ? own : [own, ...others]);
}

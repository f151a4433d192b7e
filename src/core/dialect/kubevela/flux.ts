/** What traits change of a HelmRelease or a Kustomization, which the old control plane made and nobody makes here. */
import type { z } from 'zod';
import { applyEdits, type Edit } from '../../json/edit.ts';
import { equal } from '../../json/equal.ts';
import { withoutPointers } from '../../json/remove.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { MadeEdit } from '../../model/intent.ts';
import type { Origin } from '../../model/source.ts';
import type { Component } from './loaded.ts';
import { postRendered } from './post-renderer.ts';
import { caution, problem } from './problem.ts';
import type { Helm, Kustomize } from './schema/tool.ts';

/** A change by a trait, and which one. */
export type TraitEdit = { readonly edit: Edit; readonly origin: Origin; readonly type: string };

export type Release = {
  readonly chart: string;
  readonly version: string | undefined;
  readonly releaseName: string | undefined;
  readonly targetNamespace: string | undefined;
  readonly values: JsonObject;
  readonly edits: readonly MadeEdit[];
  readonly isRefused: boolean;
};

export function releaseChanges(
  given: z.output<typeof Helm>,
  component: Component,
  edits: readonly TraitEdit[],
): Findings<Release> {
  const { chart, version, releaseName, targetNamespace, values } = given;
  const spec = withFields(
    { chart: { spec: withFields({ chart }, { version }) } },
    { releaseName, targetNamespace, values: values ?? {} },
  );
  const { value, diagnostics } = changed('HelmRelease', spec, knownOfRelease, component, edits);
  const made = value.object;
  const changedValues = at(made, 'spec', 'values');
  const rendering = postRendered(at(made, 'spec', 'postRenderers'), component);
  const release: Release = {
    chart: textOf(at(made, 'spec', 'chart', 'spec', 'chart')) ?? chart,
    version: textOf(at(made, 'spec', 'chart', 'spec', 'version')),
    releaseName: textOf(at(made, 'spec', 'releaseName')),
    targetNamespace: textOf(at(made, 'spec', 'targetNamespace')),
    values: isObject(changedValues) ? changedValues : {},
    edits: rendering.value,
    isRefused: value.isRefused || rendering.diagnostics.length > 0,
  };
  return { value: release, diagnostics: [...diagnostics, ...rendering.diagnostics] };
}

export type Changed = {
  readonly path: string;
  /** What the kustomization over the folder says. */
  readonly overlay: JsonObject;
  readonly isRefused: boolean;
};

export function kustomizationChanges(
  given: z.output<typeof Kustomize>,
  component: Component,
  edits: readonly TraitEdit[],
): Findings<Changed> {
  const { path, targetNamespace, patches } = given;
  const spec = withFields({ path }, { targetNamespace, patches: patches === undefined ? undefined : [...patches] });
  const { value, diagnostics } = changed('Kustomization', spec, knownOfKustomization, component, edits);
  const listed = at(value.object, 'spec', 'patches');
  const namespace = textOf(at(value.object, 'spec', 'targetNamespace'));
  const overlay = withFields({}, { namespace, patches: isArray(listed) ? listed.map(asPatch) : undefined });
  return {
    value: {
      path: textOf(at(value.object, 'spec', 'path')) ?? path,
      overlay,
      isRefused: value.isRefused,
    },
    diagnostics,
  };
}

/** A patch that is written as an object, not as a text, or that is one itself. */
function asPatch(item: Json): Json {
  if (!isObject(item)) return item;
  if (item.patch === undefined) return { patch: JSON.stringify(item) };
  return typeof item.patch === 'string' ? item : { ...item, patch: JSON.stringify(item.patch) };
}

const knownOfRelease: readonly (readonly string[])[] = [
  ['spec', 'chart', 'spec', 'chart'],
  ['spec', 'chart', 'spec', 'version'],
  ['spec', 'releaseName'],
  ['spec', 'targetNamespace'],
  ['spec', 'values'],
  ['spec', 'postRenderers'],
];
const knownOfKustomization: readonly (readonly string[])[] = [
  ['spec', 'path'],
  ['spec', 'targetNamespace'],
  ['spec', 'patches'],
];
const marks: readonly (readonly string[])[] = [
  ['metadata', 'labels'],
  ['metadata', 'annotations'],
];

type Outcome = { readonly object: JsonObject; readonly isRefused: boolean };

/** Shape: refused with an error for a trait that changes what nobody here reads; one that only marks the object is told of. */
function changed(
  kind: 'HelmRelease' | 'Kustomization',
  spec: JsonObject,
  known: readonly (readonly string[])[],
  { name }: Component,
  edits: readonly TraitEdit[],
): Findings<Outcome> {
  const diagnostics: Diagnostic[] = [];
  const told = new Set<string>();
  let object: JsonObject = { kind, metadata: { name }, spec };
  let isRefused = false;
  for (const { edit, origin, type } of edits) {
    const result = applyEdits(object, [edit]);
    const after = result.kind === 'edited' && isObject(result.value) ? result.value : undefined;
    const without = (value: Json, paths: readonly (readonly string[])[]): Json => withoutPointers(value, paths);
    if (after === undefined || !equal(without(after, [...known, ...marks]), without(object, [...known, ...marks]))) {
      isRefused = true;
      if (!told.has(type)) diagnostics.push(refused(kind, type, origin));
      told.add(type);
      continue;
    }
    if (!equal(without(after, known), without(object, known)) && !told.has(type)) {
      told.add(type);
      const message = `trait ${type} marks the ${kind} of component ${name}, which there is none of here`;
      diagnostics.push(caution('A1530', origin, message));
    }
    object = after;
  }
  return { value: { object, isRefused }, diagnostics };
}

function refused(kind: 'HelmRelease' | 'Kustomization', type: string, origin: Origin): Diagnostic {
  const [what, hint] =
    kind === 'HelmRelease'
      ? ['what a chart makes', 'say it in the values of the chart']
      : ['what Kustomize makes', 'the trait kustomize-patch can'];
  return problem('A1520', origin, `trait ${type} cannot change ${what}`, hint);
}

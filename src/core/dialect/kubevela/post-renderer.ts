/** What the post-renderers of a HelmRelease change in the objects of its chart. */
import type { Edit } from '../../json/edit.ts';
import { readPatch } from '../../json/patch-operation.ts';
import { parseJson } from '../../json/text.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ImageChange, MadeEdit, Target } from '../../model/intent.ts';
import { groupOf } from '../../model/object.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';

const hint = 'patches are objects or JSON here, and a target has a `kind` or a `name` and no selector';

/**
 * Shape: strategic merges as far as they only merge objects, JSON patches, images; with an error for what cannot be read.
 * Source: `spec.postRenderers` of Flux's HelmRelease. An image that no container has is no error there.
 */
export function postRendered(
  postRenderers: Json | undefined,
  { name, origin }: Component,
): Findings<readonly MadeEdit[]> {
  const diagnostics: Diagnostic[] = [];
  const refuse = (what: string): readonly MadeEdit[] => {
    diagnostics.push(
      problem('A1515', origin, `component ${name}: ${what} of \`postRenderers\` cannot be understood`, hint),
    );
    return [];
  };
  const edit = (to: MadeEdit['to'], edits: readonly Edit[]): readonly MadeEdit[] => [{ origin, to, edits }];
  const jsonPatch = (target: Json | undefined, patch: Json | undefined): readonly MadeEdit[] => {
    const read = readPatch(patch ?? null);
    if (read.kind === 'refused' || !isObject(target)) return refuse('a JSON patch');
    const to = targetOf(target);
    return to === undefined ? refuse('the target of a patch') : edit(to, [{ kind: 'patch', operations: read.patch }]);
  };
  const merge = (patch: Json): readonly MadeEdit[] => {
    if (!isObject(patch) || textOf(patch.kind) === undefined) return refuse('a strategic merge');
    return edit(...merged(patch));
  };
  const value = listIn(postRenderers).flatMap((renderer) => {
    const kustomize = at(renderer, 'kustomize');
    return [
      ...listIn(at(kustomize, 'patchesStrategicMerge')).flatMap(merge),
      ...listIn(at(kustomize, 'patchesJson6902')).flatMap((each) => jsonPatch(at(each, 'target'), at(each, 'patch'))),
      ...listIn(at(kustomize, 'patches')).flatMap((each) => {
        const patch = parsed(at(each, 'patch'));
        if (isArray(patch)) return jsonPatch(at(each, 'target'), patch);
        return isObject(patch) ? merge(patch) : refuse('a patch');
      }),
      ...listIn(at(kustomize, 'images')).flatMap((each) => {
        const image = imageOf(each);
        return image === undefined ? refuse('an image') : [{ origin, to: 'each' as const, edits: [], image }];
      }),
    ];
  });
  return { value, diagnostics };
}

const listIn = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);

function merged({ apiVersion, kind, metadata, ...value }: JsonObject): [MadeEdit['to'], readonly Edit[]] {
  const group = groupOf(textOf(apiVersion) ?? '');
  const name = textOf(at(metadata, 'name'));
  const to = { group, version: undefined, kind: textOf(kind), namespace: undefined, name, selector: [] };
  return [to, [{ kind: 'change', at: [], change: { do: 'merge', value } }]];
}

/** As it stands, or as the JSON that the text is. Shape: null for a text that is something else. */
function parsed(patch: Json | undefined): Json {
  if (typeof patch !== 'string') return patch ?? null;
  try {
    return parseJson(patch);
  } catch {
    return null;
  }
}

/** Kustomize takes patterns and label selectors too, which nobody writes of a chart. */
function targetOf(target: JsonObject): Target | undefined {
  const text = (field: string): string | undefined => textOf(target[field]) || undefined;
  const isPlain = ['labelSelector', 'annotationSelector'].every((field) => text(field) === undefined);
  const [kind, name] = [text('kind'), text('name')];
  if (!isPlain || (kind === undefined && name === undefined) || /[*+?()[\]|^$]/.test(name ?? '')) return undefined;
  return { group: text('group'), version: text('version'), kind, namespace: text('namespace'), name, selector: [] };
}

function imageOf(given: Json): ImageChange | undefined {
  const text = (field: string): string | undefined => textOf(at(given, field)) || undefined;
  const name = text('name');
  return name === undefined
    ? undefined
    : { name, newName: text('newName'), newTag: text('newTag'), digest: text('digest') };
}

/** Traits that change what Flux makes: patches of a Kustomization, labels of pods of a chart. */

import { isArray } from '../../../json/value.ts';
import { asObject } from '../component/pod.ts';
import { change, trait } from '../effect.ts';
import * as schema from '../schema/tool.ts';

const patches = (items: unknown) => {
  const plus = asObject(items);
  return { edits: [change(['spec', 'patches'], { do: 'relist', without: [], plus: isArray(plus) ? plus : [] })] };
};

export const kustomizePatch = trait(schema.KustomizePatch, (given) => patches(given.patches));
export const kustomizeJsonPatch = trait(schema.KustomizeJsonPatch, (given) => patches(given.patchesJson));
export const kustomizeMerge = trait(schema.KustomizeMerge, (given) => patches(given.patchesStrategicMerge));

/** The namespace is the one that the release is in, whatever is given. */
export const helmLabels = trait(schema.HelmLabels, ({ apiVersion, kind, name, labels }, context) => {
  const own = { 'app.oam.dev/component': context.name, 'app.oam.dev/name': context.app };
  const patch = {
    apiVersion,
    kind,
    metadata: { name: name ?? context.name },
    spec: { template: { metadata: { labels: { ...own, ...labels } } } },
  };
  const plus = [{ kustomize: { patchesStrategicMerge: [patch] } }];
  return { edits: [change(['spec', 'postRenderers'], { do: 'relist', without: [], plus })] };
});

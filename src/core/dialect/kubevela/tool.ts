/** Components whose objects Helm or Kustomize makes. */
import type { Findings } from '../../model/diagnostic.ts';
import type { ToolSource } from '../../model/tool.ts';
import { kustomizeSource } from '../tool-source.ts';
import type { Context } from './effect.ts';
import { kustomizationChanges, type TraitEdit } from './flux.ts';
import { ofChart, ofHelm, type ToolPart } from './helm.ts';
import type { Component } from './loaded.ts';
import { folderHere, type Origins } from './repository.ts';
import { Kustomize } from './schema/tool.ts';
import { inBucket, moving, unknowable } from './tool-refusal.ts';
import { readParameters } from './written.ts';

export const toolComponents: readonly string[] = ['helm', 'helmchart', 'kustomize'];

/** Shape: undefined with at least one error: it must never look as if the component had nothing. `edits`: of its traits. */
export function toolOf(
  component: Component,
  context: Context,
  edits: readonly TraitEdit[],
  origins: Origins,
): Findings<ToolPart | undefined> {
  switch (component.type) {
    case 'helm':
      return ofHelm(component, context, edits, origins);
    case 'helmchart':
      return ofChart(component, context, edits, origins);
    default:
      return ofKustomize(component, edits, origins);
  }
}

/** Source: the `kustomize` component of KubeVela's fluxcd addon, whose traits change a Kustomization. */
function ofKustomize(
  component: Component,
  edits: readonly TraitEdit[],
  origins: Origins,
): Findings<ToolPart | undefined> {
  const { properties } = component;
  const { value: given, diagnostics } = readParameters(Kustomize, properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { value: changed, diagnostics: changes } = kustomizationChanges(given, component, edits);
  const warnings = [...diagnostics, ...changes];
  const folder = given.repoType === 'oss' ? undefined : folderHere(given.url, changed.path, origins);
  const revision = given.git?.commit ?? given.git?.tag;
  const oddities = [
    ...unknowable(component, given, [['secretRef'], ['imageRepository']]),
    ...(given.repoType === 'oss' ? [inBucket(component)] : []),
    ...(given.repoType === 'oss' || folder !== undefined || revision !== undefined
      ? []
      : [moving(component, given.url)]),
  ];
  if (changed.isRefused || oddities.length > 0) return { value: undefined, diagnostics: [...warnings, ...oddities] };
  const { overlay } = changed;
  if (folder === undefined) {
    const remotes = [`${given.url.replace(/\/+$/, '')}//${changed.path.replace(/^[./]+/, '')}?ref=${revision}`];
    const tool: ToolSource = {
      kind: 'kustomize',
      folder: '',
      files: [],
      remotes,
      overlay: { over: 'remotes', fields: overlay },
    };
    return { value: { tool, namespace: undefined, edits: [] }, diagnostics: warnings };
  }
  const read = kustomizeSource(folder, properties.originAt(['path']), origins.files);
  const isBare = Object.keys(overlay).length === 0;
  const tool: ToolSource | undefined =
    read.value?.kind === 'kustomize' && !isBare
      ? { ...read.value, overlay: { over: 'folder', fields: overlay } }
      : read.value;
  return {
    value: tool === undefined ? undefined : { tool, namespace: undefined, edits: [] },
    diagnostics: [...warnings, ...read.diagnostics],
  };
}

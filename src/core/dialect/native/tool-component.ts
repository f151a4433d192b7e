/** Components of a native App that Helm or Kustomize makes. */
import { isArray, isObject } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import type { PartSource } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import type { ToolSource } from '../../model/tool.ts';
import type { Files } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import {
  chartPaths,
  type GivenChart,
  helmSource,
  kustomizePaths,
  kustomizeSource,
  type ToolPaths,
  valuesPaths,
} from '../tool-source.ts';
import type { Component } from './component-name.ts';
import { nameOf } from './component-name.ts';

/** Shape: undefined for a component that no tool makes; without objects where it cannot say what to make. */
export function readToolSource(
  component: Component,
  index: number,
  placed: Placed,
  files: Files,
): Findings<PartSource> | undefined {
  const at = (...path: Path): Origin => originAt(placed, ['spec', 'components', index, ...path]);
  if (component.kustomize !== undefined) return partOf(kustomizeSource(component.kustomize, at('kustomize'), files));
  const { helm } = component;
  if (helm === undefined) return undefined;
  const chart: GivenChart =
    helm.path === undefined
      ? { kind: 'remote', repository: helm.repository, name: helm.chart ?? '', version: helm.version ?? '' }
      : { kind: 'folder', folder: helm.path, origin: at('helm', 'path') };
  const given = {
    chart,
    releaseName: helm.releaseName ?? nameOf(component, index),
    values: component.values ?? {},
    valuesFiles: (component.valuesFiles ?? []).map(({ path, optional }, each) => ({
      path,
      isOptional: optional,
      origin: at('valuesFiles', each),
    })),
  };
  return partOf(helmSource(given, files));
}

function partOf({ value, diagnostics }: Findings<ToolSource | undefined>): Findings<PartSource> {
  const source: PartSource = value === undefined ? { kind: 'objects', objects: [] } : { kind: 'tool', tool: value };
  return { value: source, diagnostics };
}

/** Also of an App that is broken elsewhere: its files stay its own. */
export function toolPathsOf({ document, origin }: Placed, files: Files): ToolPaths {
  const { spec } = document.value;
  const components = isObject(spec) && isArray(spec.components) ? spec.components.filter(isObject) : [];
  const all = components.flatMap(({ helm, kustomize, valuesFiles }): readonly ToolPaths[] => {
    const chart = isObject(helm) && typeof helm.path === 'string' ? [chartPaths(helm.path)] : [];
    const values = isArray(valuesFiles) ? valuesFiles.filter(isObject) : [];
    return [
      ...chart,
      ...values.flatMap(({ path }) => (typeof path === 'string' ? [valuesPaths(path, files)] : [])),
      ...(typeof kustomize === 'string' ? [kustomizePaths(kustomize, origin, files)] : []),
    ];
  });
  return {
    claimed: all.flatMap(({ claimed }) => claimed),
    toolOnly: all.flatMap(({ toolOnly }) => toolOnly),
  };
}

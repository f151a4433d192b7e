/** Components that are charts: KubeVela's own, and those of its addon for Flux. */
import type { z } from 'zod';
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import { clusterId } from '../../model/id.ts';
import type { MadeEdit } from '../../model/intent.ts';
import type { Chart, HeldValues, ToolSource } from '../../model/tool.ts';
import { cleanPath } from '../files.ts';
import { helmSource, remoteChart } from '../tool-source.ts';
import type { Context } from './effect.ts';
import { releaseChanges, type TraitEdit } from './flux.ts';
import { heldOf } from './held.ts';
import type { Component } from './loaded.ts';
import { folderHere, type Origins } from './repository.ts';
import { Helm, HelmChart } from './schema/tool.ts';
import { archive, inBucket, inexact, insideChart, moving, sourceless, unknowable } from './tool-refusal.ts';
import { readParameters } from './written.ts';

export type ToolPart = {
  readonly tool: ToolSource;
  readonly namespace: string | undefined;
  readonly edits: readonly MadeEdit[];
};

type Found = Findings<ToolPart | undefined>;

/** Source: the `helm` component of KubeVela's fluxcd addon, whose traits change a HelmRelease. */
export function ofHelm(component: Component, context: Context, edits: readonly TraitEdit[], origins: Origins): Found {
  const { properties } = component;
  const { value: given, diagnostics } = readParameters(Helm, properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { value: release, diagnostics: changes } = releaseChanges(given, component, edits);
  const { repoType, url } = sourceOf(given, context, origins);
  const valuesFiles = given.valuesFiles ?? [];
  const isGit = repoType === 'git';
  const folder = isGit && url !== undefined ? folderHere(url, release.chart, origins) : undefined;
  const { commit, tag } = given.git ?? {};
  const revision = commit ?? (tag === undefined ? undefined : `refs/tags/${tag}`);
  const oddities = [
    ...unknowable(component, given, url === undefined ? [['secretRef'], ['sourceName']] : [['secretRef']]),
    ...(url === undefined && given.sourceName === undefined ? [sourceless(component)] : []),
    ...(repoType === 'oss' ? [inBucket(component)] : []),
    ...(isGit && url !== undefined && folder === undefined && revision === undefined ? [moving(component, url)] : []),
    ...(isGit || repoType === 'oss' ? [] : inexact(component, release.version, ['version'])),
    ...(folder !== undefined || valuesFiles.length === 0 ? [] : [insideChart(component)]),
  ];
  const warnings = [...diagnostics, ...changes];
  if (release.isRefused || url === undefined || oddities.length > 0)
    return { value: undefined, diagnostics: [...warnings, ...oddities] };
  const place = { namespace: release.targetNamespace, edits: release.edits };
  const releaseName = release.releaseName ?? component.name;
  const held = given.valuesFrom.map(({ valuesKey: key, optional: isOptional, ...each }, index) => {
    const wanted = { ...each, key, isOptional, targetPath: each.targetPath };
    const origin = properties.originAt(['valuesFrom', index]);
    // A HelmRelease reads them where it is.
    return heldOf(wanted, { namespace: context.namespace, cluster: undefined }, origin, origins.inGit);
  });
  if (folder === undefined) {
    const chart: Chart = isGit
      ? { kind: 'git', url, revision: revision ?? '', folder: cleanPath(release.chart) }
      : remoteChart({ kind: 'remote', repository: url, name: release.chart, version: release.version ?? '' });
    return { value: { tool: fetched(chart, releaseName, release.values, held), ...place }, diagnostics: warnings };
  }
  const { value: tool, diagnostics: problems } = helmSource(
    {
      chart: { kind: 'folder', folder, origin: properties.originAt(['chart']) },
      releaseName: literal(releaseName),
      values: literalIn(release.values),
      valuesFiles: valuesFiles.map((path, index) => ({
        path: literal(path),
        isOptional: false,
        origin: properties.originAt(['valuesFiles', index]),
      })),
    },
    origins.files,
  );
  const value = tool === undefined ? undefined : { tool: withHeld(tool, held), ...place };
  return { value, diagnostics: [...warnings, ...problems] };
}

type Source = { readonly repoType: 'helm' | 'git' | 'oss' | 'oci'; readonly url: string | undefined };

const sourceKinds = { HelmRepository: 'helm', GitRepository: 'git', OCIRepository: 'oci', Bucket: 'oss' } as const;

/** A source that is named is one of Flux's objects, which may be written here. */
function sourceOf(given: z.output<typeof Helm>, { namespace }: Context, { inGit }: Origins): Source {
  const { repoType, sourceName: name } = given;
  if (name === undefined) return { repoType, url: given.url };
  for (const [kind, type] of Object.entries(sourceKinds)) {
    const source = inGit({ group: 'source.toolkit.fluxcd.io', kind, namespace, name });
    const url = textOf(at(source, 'spec', 'url'));
    if (source !== undefined)
      return { repoType: type, url: at(source, 'spec', 'secretRef') === undefined ? url : undefined };
  }
  return { repoType, url: undefined };
}

/** Source: KubeVela's own `helmchart` component, whose traits change the first object of the chart. */
export function ofChart(
  component: Component,
  context: Context,
  edits: readonly TraitEdit[],
  { inGit }: Origins,
): Found {
  const { properties } = component;
  const { value: given, diagnostics } = readParameters(HelmChart, properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { chart, release } = given;
  const isURL = chart.source.startsWith('oci://');
  const oddities = [
    ...unknowable(component, given, [['chart', 'auth']]),
    ...inexact(component, chart.version, ['chart', 'version']),
    ...(isURL || chart.repoURL !== undefined ? [] : [archive(component)]),
  ];
  if (oddities.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...oddities] };
  const repository = isURL ? undefined : chart.repoURL;
  const remote = remoteChart({ kind: 'remote', repository, name: chart.source, version: chart.version ?? '' });
  const held = given.valuesFrom.map(({ optional: isOptional, ...each }, index) => {
    const wanted = { ...each, isOptional, targetPath: undefined };
    // KubeVela makes the chart on the hub, and reads them there, beside the Application.
    const where = { namespace: context.appNamespace, cluster: clusterId('hub') };
    return heldOf(wanted, where, properties.originAt(['valuesFrom', index]), inGit);
  });
  const tool = fetched(remote, release?.name ?? component.name, given.values ?? {}, held);
  const changes = edits.map(({ edit, origin }): MadeEdit => ({ origin, to: 'first', edits: [edit] }));
  return { value: { tool, namespace: release?.namespace, edits: changes }, diagnostics };
}

const fetched = (chart: Chart, releaseName: string, values: JsonObject, held: readonly HeldValues[]): ToolSource =>
  withHeld(
    { kind: 'helm', chart, releaseName: literal(releaseName), values: literalIn(values), valuesFiles: [] },
    held,
  );

const withHeld = (tool: ToolSource, held: readonly HeldValues[]): ToolSource =>
  tool.kind === 'helm' && held.length > 0 ? { ...tool, held } : tool;

/** `${…}` stands for nothing here: it is the chart's. */
const literal = (text: string): string => text.replaceAll('${', '$$${');

function literalIn(values: JsonObject): JsonObject {
  const made = escaped(values);
  return isObject(made) ? made : {};
}

function escaped(value: Json): Json {
  if (typeof value === 'string') return literal(value);
  if (isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, escaped(part)]));
}

/** Components whose objects Helm or Kustomize makes, and those that cannot be made from what Git holds. */
import { isArray, isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { MadeEdit } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { ToolSource } from '../../model/tool.ts';
import { exactVersion, helmSource, kustomizeSource, remoteChart } from '../tool-source.ts';
import { kustomizationChanges, releaseChanges, type TraitEdit } from './flux.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { folderHere, type Origins } from './repository.ts';
import { Helm, HelmChart, Kustomize } from './schema/tool.ts';
import { readParameters } from './written.ts';

export const toolComponents: readonly string[] = ['helm', 'helmchart', 'kustomize'];

export type ToolPart = {
  readonly tool: ToolSource;
  readonly namespace: string | undefined;
  readonly edits: readonly MadeEdit[];
};

type Found = Findings<ToolPart | undefined>;

/** Shape: undefined with at least one error: it must never look as if the component had nothing. `edits`: of its traits. */
export function toolOf(component: Component, edits: readonly TraitEdit[], origins: Origins): Found {
  switch (component.type) {
    case 'helm':
      return ofHelm(component, edits, origins);
    case 'helmchart':
      return ofChart(component, edits);
    default:
      return ofKustomize(component, edits, origins);
  }
}

/** Source: the `helm` component of KubeVela's fluxcd addon, whose traits change a HelmRelease. */
function ofHelm(component: Component, edits: readonly TraitEdit[], origins: Origins): Found {
  const { properties } = component;
  const { value: given, diagnostics } = readParameters(Helm, properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { value: release, diagnostics: changes } = releaseChanges(given, component, edits);
  const warnings = [...diagnostics, ...changes];
  const isOurs = given.repoType === 'git';
  const folder = isOurs ? folderHere(given.url, release.chart, origins) : undefined;
  const valuesFiles = given.valuesFiles ?? [];
  const oddities = [
    ...unknowable(component, given, [['valuesFrom'], ['secretRef'], ['sourceName']]),
    ...(given.repoType === 'oss' ? [inBucket(component)] : []),
    ...(isOurs && folder === undefined ? [chartElsewhere(component, given.url)] : []),
    ...(isOurs || given.repoType === 'oss' ? [] : inexact(component, release.version, ['version'])),
    ...(isOurs || valuesFiles.length === 0 ? [] : [insideChart(component)]),
  ];
  if (release.isRefused || oddities.length > 0) return { value: undefined, diagnostics: [...warnings, ...oddities] };
  const place = { namespace: release.targetNamespace, edits: release.edits };
  const releaseName = release.releaseName ?? component.name;
  if (folder === undefined)
    return {
      value: { tool: remote(given.url, release.chart, release.version ?? '', releaseName, release.values), ...place },
      diagnostics: warnings,
    };
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
  return { value: tool === undefined ? undefined : { tool, ...place }, diagnostics: [...warnings, ...problems] };
}

/** Source: KubeVela's own `helmchart` component, whose traits change the first object of the chart. */
function ofChart(component: Component, edits: readonly TraitEdit[]): Found {
  const { value: given, diagnostics } = readParameters(HelmChart, component.properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { chart, release } = given;
  const isURL = chart.source.startsWith('oci://');
  const oddities = [
    ...unknowable(component, given, [['valuesFrom']]),
    ...unknowable(component, given, [['chart', 'auth']]),
    ...inexact(component, chart.version, ['chart', 'version']),
    ...(isURL || chart.repoURL !== undefined ? [] : [archive(component)]),
  ];
  if (oddities.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...oddities] };
  const name = release?.name ?? component.name;
  const tool = remote(isURL ? undefined : chart.repoURL, chart.source, chart.version ?? '', name, given.values);
  const changes = edits.map(({ edit, origin }): MadeEdit => ({ origin, to: 'first', edits: [edit] }));
  return { value: { tool, namespace: release?.namespace, edits: changes }, diagnostics };
}

/** Source: the `kustomize` component of KubeVela's fluxcd addon, whose traits change a Kustomization. */
function ofKustomize(component: Component, edits: readonly TraitEdit[], origins: Origins): Found {
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

function remote(
  repository: string | undefined,
  name: string,
  version: string,
  releaseName: string,
  values: JsonObject = {},
): ToolSource {
  const chart = remoteChart({ kind: 'remote', repository, name, version });
  return { kind: 'helm', chart, releaseName: literal(releaseName), values: literalIn(values), valuesFiles: [] };
}

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

/** What is on a cluster, and not in Git. */
function unknowable(component: Component, given: JsonLike, paths: readonly Path[]): readonly Diagnostic[] {
  const isGiven = (path: Path): boolean =>
    path.reduce<unknown>((part, step) => (isObject(part) ? part[step] : undefined), given) !== undefined;
  return paths.filter(isGiven).map((path) => {
    const field = String(path.at(-1));
    const message = `component ${component.name}: \`${path.join('.')}\` is of something that is not in Git, and nothing of it is known here`;
    return problem('A1520', component.properties.originAt(path), message, hints[field] ?? hints.secretRef);
  });
}

const hints: Readonly<Record<string, string>> = {
  valuesFrom:
    'write what it holds into `values`; what is secret goes into a Secret that the chart is told the name of, which may be a SOPS file here',
  secretRef: 'what is fetched is fetched without credentials: commit it here instead',
  sourceName: 'write the `url` of the source instead',
  imageRepository: 'an image is changed by a commit, which a robot may make',
};

type JsonLike = { readonly [field: string]: unknown };

function inexact(component: Component, version: string | undefined, path: Path): readonly Diagnostic[] {
  if (version !== undefined && exactVersion.test(version)) return [];
  const message = `component ${component.name} names no exact version of its chart`;
  const hint = 'give one, as 4.13.2: what runs must not change by itself';
  return [problem('A1520', component.properties.originAt(path), message, hint)];
}

const refusal =
  (path: Path, why: (url: string) => string, hint: string) =>
  ({ name, properties }: Component, url = ''): Diagnostic =>
    problem(
      'A1520',
      properties.originAt(path),
      `component ${name}: ${why(url)}`,
      `${hint}; what runs is kept until then`,
    );

const inBucket = refusal(
  ['repoType'],
  () => 'nothing is fetched from buckets',
  'commit the folder here, or publish the chart in a chart repository or registry',
);
const chartElsewhere = refusal(
  ['url'],
  (url) => `its chart is in ${url}, and Helm fetches no chart from another Git repository`,
  'commit the folder here, or publish the chart in a chart repository or registry',
);
const insideChart = refusal(
  ['valuesFiles'],
  () => 'files inside of a chart that is fetched cannot be named',
  'write what they say into `values`',
);
const archive = refusal(
  ['chart', 'source'],
  () => 'a chart is fetched from a chart repository or a registry',
  'give `repoURL`, or a source of `oci://`',
);
const moving = refusal(
  ['git'],
  (url) => `a branch of ${url} moves, and what runs must not change by itself`,
  'name a `commit` or a `tag` under `git`, or commit the folder here',
);

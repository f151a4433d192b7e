/** Components whose objects Helm makes, and those that cannot be made from what Git holds. */
import { z } from 'zod';
import { isArray, isObject, type Json, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Path } from '../../model/locate.ts';
import type { ToolSource } from '../../model/tool.ts';
import { Anything, Text } from '../native/field.ts';
import { exactVersion, remoteChart } from '../tool-source.ts';
import type { Component } from './loaded.ts';
import { problem } from './problem.ts';
import { readParameters } from './written.ts';

export const toolComponents: readonly string[] = ['helm', 'helmchart', 'kustomize'];

export type ToolPart = { readonly tool: ToolSource; readonly namespace: string | undefined };

/** What is said of how often to look, and for how long to wait, is Landfall's own business. */
const Ignored = z.unknown().optional();

const Helm = z.looseObject({
  repoType: z.enum(['helm', 'git', 'oss', 'oci']),
  url: Text,
  chart: Text,
  version: z.string().optional(),
  targetNamespace: Text.optional(),
  releaseName: Text.optional(),
  values: Anything.optional(),
  valuesFrom: Ignored,
  secretRef: Ignored,
});

const HelmChart = z.looseObject({
  chart: z.looseObject({ source: Text, repoURL: Text.optional(), version: z.string().optional(), auth: Ignored }),
  release: z.looseObject({ name: Text.optional(), namespace: Text.optional() }).optional(),
  values: Anything.optional(),
  valuesFrom: Ignored,
});

/** Shape: undefined with at least one error: it must never look as if the component had nothing. */
export function toolOf(component: Component): Findings<ToolPart | undefined> {
  const made =
    component.type === 'helm'
      ? ofHelm(component)
      : component.type === 'helmchart'
        ? ofChart(component)
        : elsewhere(component);
  const traits = made.value === undefined ? [] : component.traits;
  const refused = traits.map(({ type, given }) =>
    problem(
      'A1520',
      given.originAt([]),
      `trait ${type} cannot change what a chart makes`,
      'say it in the values of the chart',
    ),
  );
  return { value: refused.length > 0 ? undefined : made.value, diagnostics: [...made.diagnostics, ...refused] };
}

/** Source: the `helm` component of KubeVela's fluxcd addon. */
function ofHelm(component: Component): Findings<ToolPart | undefined> {
  const { value: given, diagnostics } = readParameters(Helm, component.properties);
  if (given === undefined) return { value: undefined, diagnostics };
  if (given.repoType === 'git' || given.repoType === 'oss') return elsewhere(component);
  const oddities = [
    ...unknowable(component, given, [['valuesFrom'], ['secretRef']]),
    ...inexact(component, given.version, ['version']),
  ];
  if (oddities.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...oddities] };
  return {
    value: {
      tool: sourceOf(given.url, given.chart, given.version ?? '', given.releaseName ?? component.name, given.values),
      namespace: given.targetNamespace,
    },
    diagnostics,
  };
}

/** Source: KubeVela's own `helmchart` component. */
function ofChart(component: Component): Findings<ToolPart | undefined> {
  const { value: given, diagnostics } = readParameters(HelmChart, component.properties);
  if (given === undefined) return { value: undefined, diagnostics };
  const { chart, release } = given;
  const isURL = chart.source.startsWith('oci://');
  const oddities = [
    ...unknowable(component, given, [['valuesFrom']]),
    ...unknowable(component, given, [['chart', 'auth']]),
    ...inexact(component, chart.version, ['chart', 'version']),
    ...(isURL || chart.repoURL !== undefined ? [] : [notFetched(component, ['chart', 'source'])]),
  ];
  if (oddities.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...oddities] };
  const name = release?.name ?? component.name;
  const tool = isURL
    ? sourceOf(undefined, chart.source, chart.version ?? '', name, given.values)
    : sourceOf(chart.repoURL, chart.source, chart.version ?? '', name, given.values);
  return { value: { tool, namespace: release?.namespace }, diagnostics };
}

function sourceOf(
  repository: string | undefined,
  name: string,
  version: string,
  releaseName: string,
  values: JsonObject = {},
): ToolSource {
  const chart = remoteChart({ kind: 'remote', repository, name, version });
  const literal = escaped(values);
  return { kind: 'helm', chart, releaseName, values: isObject(literal) ? literal : {}, valuesFiles: [] };
}

/** `${…}` stands for nothing here: it is the chart's. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('${', '$$${');
  if (isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, escaped(part)]));
}

/** What is on a cluster, and not in Git. */
function unknowable(component: Component, given: JsonLike, paths: readonly Path[]): readonly Diagnostic[] {
  const isGiven = (path: Path): boolean =>
    path.reduce<unknown>((part, step) => (isObject(part) ? part[step] : undefined), given) !== undefined;
  return paths.filter(isGiven).map((path) => {
    const message = `component ${component.name}: \`${path.join('.')}\` is on a cluster, and nothing of it is known here`;
    return problem(
      'A1520',
      component.properties.originAt(path),
      message,
      'write values into `values`; charts are fetched without credentials',
    );
  });
}

type JsonLike = { readonly [field: string]: unknown };

function inexact(component: Component, version: string | undefined, path: Path): readonly Diagnostic[] {
  if (version !== undefined && exactVersion.test(version)) return [];
  const message = `component ${component.name} names no exact version of its chart`;
  const hint = 'give one, as 4.13.2: what runs must not change by itself';
  return [problem('A1520', component.properties.originAt(path), message, hint)];
}

function elsewhere(component: Component): Findings<undefined> {
  return { value: undefined, diagnostics: [notFetched(component, [])] };
}

function notFetched({ name, type, properties }: Component, path: Path): Diagnostic {
  const hint =
    'commit the folder here, and make it a native App with `helm:` or `kustomize:`; what runs is kept until then';
  const message = `component ${name} of type ${type} is made from files of another repository, which are not fetched`;
  return problem('A1520', properties.originAt(path), message, hint);
}

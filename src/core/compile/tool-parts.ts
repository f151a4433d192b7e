/** Parts that a tool makes: which runs the cells need, and the intent once they have been made. */

import { declaredObject } from '../dialect/declared-object.ts';
import { digestOf, digestOfText } from '../json/digest.ts';
import { isObject, type Json } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FileRef } from '../model/file-ref.ts';
import type { Cluster } from '../model/fleet.ts';
import { digest } from '../model/id.ts';
import type { DeclaredObject, Intent, Part, PartSource } from '../model/intent.ts';
import { unreachable } from '../model/invariant.ts';
import type { ReadResult } from '../model/observed.ts';
import type { Chart, Tooling, ToolName, ToolResult, ToolRun, ValuesFile } from '../model/tool.ts';
import { unknownVariable } from '../render/patch.ts';
import { substitute, substituteIn, type Variables, variablesOf } from '../render/substitute.ts';
import { heldValues, holdsSecrets } from './held-values.ts';
import { hookedParts, hookWarnings } from './hooks.ts';
import { editMade } from './made-edits.ts';

export type Made =
  | { readonly kind: 'made'; readonly intent: Intent; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

type ToolPart = Part & { readonly source: Extract<PartSource, { readonly kind: 'tool' }> };
type Asked = { readonly run: ToolRun } | { readonly waiting: string } | { readonly problems: readonly Diagnostic[] };

const isToolPart = (part: Part): part is ToolPart => part.source.kind === 'tool';

/** What evidence is about: another version of a tool is other content, so that it passes the stages too. */
export function contentOf(intent: Intent, versions: Tooling['versions']): Intent['digest'] {
  const used = new Set(intent.parts.filter(isToolPart).map(({ source }) => source.tool.kind));
  if (used.size === 0) return intent.digest;
  const told = [...used].toSorted().map((name) => `${name} ${versions.get(name) ?? ''}`);
  return digest(digestOfText([intent.digest, ...told].join('\n')));
}

export class ToolParts {
  readonly #tooling: Tooling;
  readonly #reads: ReadonlyMap<string, ReadResult>;
  readonly #runs = new Map<string, ToolRun>();
  readonly #looked: Looked = new Map();
  readonly #views = new Map<Intent, Map<string, Intent>>();

  /** `reads`: answers to `needs`, for values that clusters hold. */
  constructor(tooling: Tooling, reads: ReadonlyMap<string, ReadResult> = new Map()) {
    this.#tooling = tooling;
    this.#reads = reads;
  }

  /** Every run that was asked for, whether its result is known or not. */
  get runs(): ReadonlyMap<string, ToolRun> {
    return this.#runs;
  }

  /** Shape: an intent without parts of tools is itself; one and the same for clusters that share all runs. */
  of(intent: Intent, cluster: Cluster): Made {
    if (!intent.parts.some(isToolPart)) return { kind: 'made', intent, warnings: [] };
    const variables = variablesOf(cluster, intent.variables);
    const asked = new Map(
      intent.parts.filter(isToolPart).map((part) => [part, this.#ask(part, intent, cluster, variables)] as const),
    );
    const problems = [...asked.values()].flatMap((each) => ('problems' in each ? each.problems : []));
    if (problems.length > 0) return { kind: 'failed', diagnostics: problems };
    for (const each of asked.values()) if ('waiting' in each) return { kind: 'waiting', reason: each.waiting };
    const runs = new Map([...asked].flatMap(([part, each]) => ('run' in each ? [[part, each.run] as const] : [])));
    for (const run of runs.values()) this.#runs.set(run.key, run);
    const results = new Map([...runs].map(([part, { key }]) => [part, this.#tooling.results.get(key)] as const));
    const failures = [...results].flatMap(([part, result]) => failureOf(part, result, this.#looked));
    if (failures.length > 0) return { kind: 'failed', diagnostics: failures };
    for (const [part, result] of results) {
      if (result === undefined)
        return { kind: 'waiting', reason: `${part.source.tool.kind} has yet to make ${part.name}` };
    }
    return {
      kind: 'made',
      intent: this.#view(intent, runs, results),
      warnings: [...results].flatMap(([part, result]) => warningsOf(part, result, this.#looked)),
    };
  }

  contentOf(intent: Intent): Intent['digest'] {
    return contentOf(intent, this.#tooling.versions);
  }

  #versionOf(name: ToolName): string {
    return this.#tooling.versions.get(name) ?? '';
  }

  #ask({ source: { tool }, ...part }: ToolPart, intent: Intent, cluster: Cluster, variables: Variables): Asked {
    const { repository } = intent;
    const version = this.#versionOf(tool.kind);
    if (tool.kind === 'kustomize') {
      const { folder, files, remotes, overlay } = tool;
      const over = overlay === undefined ? [] : [overlay.over, overlay.fields];
      const key = digest(digestOf(['kustomize', version, folder, refsOf(files), [...remotes], ...over]));
      return { run: { ...tool, key, repository } };
    }
    const problems: Diagnostic[] = [];
    const text = (written: string): string => {
      const { value, unknown } = substitute(written, variables);
      if (unknown.length > 0) problems.push(problemOf(part.origin, 'A1307', unknownVariable(unknown)));
      return value;
    };
    const values = substituteIn(tool.values, variables);
    if (values.unknown.length > 0) problems.push(problemOf(part.origin, 'A1307', unknownVariable(values.unknown)));
    const files = tool.valuesFiles.flatMap((each) => resolved(each, variables, problems));
    const held = heldValues(tool, cluster.id, this.#reads);
    if (held.kind === 'failed') problems.push(...held.diagnostics);
    if (held.kind === 'waiting') return { waiting: held.reason };
    const run = {
      kind: 'helm',
      repository,
      chart: tool.chart,
      releaseName: text(tool.releaseName),
      namespace: text(part.namespace ?? namespaceOf(intent)),
      values: isObject(values.value) ? values.value : {},
      ...(held.kind === 'values' && held.texts.length > 0 ? { held: held.texts } : {}),
      valuesFiles: files,
      capabilities: this.#tooling.capabilities.get(cluster.id),
    } as const;
    return problems.length > 0 ? { problems } : { run: { ...run, key: helmKey(run, version) } };
  }

  #view(intent: Intent, runs: ReadonlyMap<Part, ToolRun>, results: ReadonlyMap<Part, ToolResult | undefined>): Intent {
    const which = [...runs.values()].map(({ key }) => key).join(' ');
    const views = this.#views.get(intent) ?? new Map<string, Intent>();
    this.#views.set(intent, views);
    const view = views.get(which) ?? {
      ...intent,
      parts: intent.parts.flatMap((part) => madeParts(part, results.get(part), this.#looked)),
      digest: digest(digestOfText(`${intent.digest} ${which}`)),
    };
    views.set(which, view);
    return view;
  }
}

type MadeResult = Extract<ToolResult, { readonly kind: 'made' }>;
type Look = {
  readonly parts: readonly Part[];
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly string[];
};
/** What was made is looked at once, however many clusters share it. */
type Looked = Map<Part, Map<MadeResult, Look>>;

/** The same checks as of objects that people write; what is wrong stands where the component is written. */
function lookAt(part: ToolPart, result: MadeResult, looked: Looked): Look {
  const looks = looked.get(part) ?? new Map<MadeResult, Look>();
  looked.set(part, looks);
  const known = looks.get(result);
  if (known !== undefined) return known;
  const isSecret = result.isDecrypted === true || holdsSecrets(part.source.tool);
  const found = result.objects.map((object) => declaredObject(object, part.origin));
  const made = found.flatMap(({ value }): readonly DeclaredObject[] =>
    value === undefined ? [] : [isSecret ? { ...value, isSecret } : value],
  );
  const { value: objects, diagnostics } = editMade(made, part.source.edits ?? []);
  const hasHooks = part.source.tool.kind === 'helm';
  const look: Look = {
    parts: hasHooks ? hookedParts(part, objects) : [{ ...part, source: { kind: 'objects', objects } }],
    problems: [...found.flatMap((each) => each.diagnostics), ...diagnostics].map((each) =>
      isSecret ? discreet(each) : each,
    ),
    warnings: [...(isSecret ? [] : result.warnings), ...(hasHooks ? hookWarnings(result.objects) : [])],
  };
  looks.set(result, look);
  return look;
}

/** What is wrong with an object may be said in words that are a Secret's. */
const discreet = ({ hint: _, ...problem }: Diagnostic): Diagnostic => ({
  ...problem,
  message: 'what was made is not valid; what is wrong is not told, since values of a Secret are in it',
});

function madeParts(part: Part, result: ToolResult | undefined, looked: Looked): readonly Part[] {
  return result?.kind === 'made' && isToolPart(part) ? lookAt(part, result, looked).parts : [part];
}

function failureOf(part: ToolPart, result: ToolResult | undefined, looked: Looked): readonly Diagnostic[] {
  if (result?.kind === 'made') return lookAt(part, result, looked).problems;
  if (result === undefined) return [];
  if (holdsSecrets(part.source.tool) && result.mayPass !== true) {
    const said = `${part.source.tool.kind} cannot make component ${part.name}; why is not told, since values of a Secret are in it`;
    return [{ ...problemOf(part.origin, 'A1320', said), hint: 'the tool by itself, with the same values, says why' }];
  }
  const { message, hint } = result;
  const said = `${part.source.tool.kind} cannot make component ${part.name}: ${message}`;
  return [{ ...problemOf(part.origin, 'A1320', said), ...(hint === undefined ? {} : { hint }) }];
}

function warningsOf(part: ToolPart, result: ToolResult | undefined, looked: Looked): readonly Diagnostic[] {
  if (result?.kind !== 'made') return [];
  const { origin } = part;
  return lookAt(part, result, looked).warnings.map((message) => ({
    code: 'A1321',
    severity: 'warning',
    origin,
    message,
  }));
}

const problemOf = (origin: Diagnostic['origin'], code: Diagnostic['code'], message: string): Diagnostic => ({
  code,
  severity: 'error',
  origin,
  message,
});

/** The file that a path means on this cluster. */
function resolved(
  { origin, path: written, candidates, isOptional }: ValuesFile,
  variables: Variables,
  problems: Diagnostic[],
): readonly FileRef[] {
  const { value: path, unknown } = substitute(written, variables);
  // A cluster without a region has no values of its region.
  if (unknown.length > 0 && isOptional) return [];
  if (unknown.length > 0) problems.push(problemOf(origin, 'A1307', unknownVariable(unknown)));
  const found = candidates.find((file) => file.path === path);
  if (found !== undefined || isOptional || unknown.length > 0) return found === undefined ? [] : [found];
  const hint = 'a file that only some clusters have is `optional: true`';
  problems.push({ ...problemOf(origin, 'A1322', `there is no values file ${path}`), hint });
  return [];
}

type HelmRun = Omit<Extract<ToolRun, { readonly kind: 'helm' }>, 'key'>;

function helmKey(run: HelmRun, version: string) {
  const { chart, releaseName, namespace, values, valuesFiles, held, capabilities } = run;
  const from = chartKey(chart);
  const asked = capabilities === undefined ? [] : [capabilities.kubeVersion, [...capabilities.apiVersions]];
  const over = held === undefined ? [] : [[...held]];
  return digest(digestOf(['helm', version, from, releaseName, namespace, values, refsOf(valuesFiles), asked, ...over]));
}

function chartKey(chart: Chart): Json[] {
  switch (chart.kind) {
    case 'folder':
      return [chart.folder, refsOf(chart.files)];
    case 'remote':
      return [chart.repository, chart.name, chart.version];
    case 'git':
      return [chart.kind, chart.url, chart.revision, chart.folder];
    default:
      return unreachable(chart);
  }
}

const refsOf = (files: readonly FileRef[]): string[] => files.map(({ path, oid }) => `${path} ${oid}`);
const namespaceOf = ({ id }: Intent): string => id.slice(0, id.indexOf('/'));

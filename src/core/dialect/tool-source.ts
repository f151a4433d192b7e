/** What a component says of Helm or Kustomize, checked against the files of the repository. */
import type { JsonObject } from '../json/value.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import type { FileRef } from '../model/file-ref.ts';
import type { Origin } from '../model/source.ts';
import type { Chart, ToolSource, ValuesFile } from '../model/tool.ts';
import { cleanPath, type Files } from './files.ts';
import { readKustomization } from './kustomization.ts';

export type GivenValuesFile = { readonly path: string; readonly isOptional: boolean; readonly origin: Origin };

export type GivenChart =
  | { readonly kind: 'folder'; readonly folder: string; readonly origin: Origin }
  | {
      readonly kind: 'remote';
      readonly repository: string | undefined;
      readonly name: string;
      readonly version: string;
    };

export type GivenHelm = {
  readonly chart: GivenChart;
  readonly releaseName: string;
  readonly values: JsonObject;
  readonly valuesFiles: readonly GivenValuesFile[];
};

/** Whose files they are, be they manifests or not. */
export type ToolPaths = {
  /** Of the App, and of nobody else. */
  readonly claimed: readonly string[];
  /** Of those, what only the tool reads. */
  readonly toolOnly: readonly string[];
};

/** A version that always names the same chart. */
export const exactVersion = /^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$/;

/** Shape: undefined with at least one error. */
export function helmSource(given: GivenHelm, files: Files): Findings<ToolSource | undefined> {
  const chart = chartOf(given.chart, files);
  const valuesFiles = given.valuesFiles.map((each) => valuesFileOf(each, files));
  const diagnostics = [chart, ...valuesFiles].flatMap((each) => each.diagnostics);
  if (chart.value === undefined || diagnostics.length > 0) return { value: undefined, diagnostics };
  const { releaseName, values } = given;
  return {
    value: {
      kind: 'helm',
      chart: chart.value,
      releaseName,
      values,
      valuesFiles: valuesFiles.map(({ value }) => value),
    },
    diagnostics,
  };
}

/** Shape: undefined with at least one error. */
export function kustomizeSource(folder: string, origin: Origin, files: Files): Findings<ToolSource | undefined> {
  const refused = files.refuse(folder, origin);
  if (refused !== undefined) return { value: undefined, diagnostics: [refused] };
  const { value, diagnostics } = readKustomization(folder, origin, files);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  return {
    value: { kind: 'kustomize', folder: cleanPath(folder), files: value.files, remotes: value.remotes },
    diagnostics,
  };
}

/** All files of the repository that it is made from: part of what the App's digest is of. */
export function filesIn(source: ToolSource): readonly FileRef[] {
  if (source.kind === 'kustomize') return source.files;
  const chart = source.chart.kind === 'folder' ? source.chart.files : [];
  return [...chart, ...source.valuesFiles.flatMap(({ candidates }) => candidates)];
}

export function chartPaths(folder: string): ToolPaths {
  const clean = cleanPath(folder);
  const inside = chartParts.map((part) => (clean === '' ? part : `${clean}/${part}`));
  return { claimed: [folder], toolOnly: inside };
}

/** Not all of the folder: where the chart is the repository's root, everything else is there, too. */
const chartParts = ['Chart.yaml', 'values.yaml', 'values.schema.json', 'charts', 'ci', 'crds', 'files', 'templates'];

export function kustomizePaths(folder: string, origin: Origin, files: Files): ToolPaths {
  const { folders, named } = readKustomization(folder, origin, files).value;
  return { claimed: [...folders, ...named], toolOnly: named };
}

export function valuesPaths(path: string, files: Files): ToolPaths {
  const paths = candidatesFor(path, files).map((file) => file.path);
  return { claimed: paths, toolOnly: paths };
}

function chartOf(given: GivenChart, files: Files): Findings<Chart | undefined> {
  if (given.kind === 'remote') return { value: remoteChart(given), diagnostics: [] };
  const { folder, origin } = given;
  const refused = files.refuse(folder, origin);
  if (refused !== undefined) return { value: undefined, diagnostics: [refused] };
  const clean = cleanPath(folder);
  const marker = clean === '' ? 'Chart.yaml' : `${clean}/Chart.yaml`;
  if (files.treeUnder(marker)[0]?.path !== marker) {
    const message = `there is no Chart.yaml in ${excerpt(folder)}`;
    const hint = 'a folder of plain manifests is `path:` of the component itself';
    return { value: undefined, diagnostics: [{ code: 'A1323', severity: 'error', origin, message, hint }] };
  }
  return { value: { kind: 'folder', folder: clean, files: files.treeUnder(clean) }, diagnostics: [] };
}

/** `oci://host/charts/name` names the registry and the chart at once. */
export function remoteChart({ repository, name, version }: Extract<GivenChart, { readonly kind: 'remote' }>): Chart {
  if (repository !== undefined) return { kind: 'remote', repository, name, version };
  const slash = name.lastIndexOf('/');
  return { kind: 'remote', repository: name.slice(0, slash), name: name.slice(slash + 1), version };
}

function valuesFileOf({ path, isOptional, origin }: GivenValuesFile, files: Files): Findings<ValuesFile> {
  const candidates = candidatesFor(path, files);
  const value: ValuesFile = { origin, path: cleanPath(path), isOptional, candidates };
  const problem = (code: Diagnostic['code'], message: string, hint: string): Findings<ValuesFile> => ({
    value,
    diagnostics: [{ code, severity: 'error', origin, message, hint }],
  });
  if (leadsOut(path))
    return problem('A1204', `${excerpt(path)} leads out of the repository`, "paths start at the repository's root");
  if (isOptional || candidates.length > 0 || path.includes('${')) return { value, diagnostics: [] };
  return problem('A1322', `there is no values file ${excerpt(path)}`, "paths start at the repository's root");
}

const leadsOut = (path: string): boolean => path.startsWith('/') || path.split('/').includes('..');

/** Files that the path may mean, whatever its variables are. */
function candidatesFor(path: string, files: Files): readonly FileRef[] {
  if (leadsOut(path)) return [];
  const pieces = cleanPath(path).split(/\$\{[^}]*\}/);
  const [first = '', ...others] = pieces;
  if (others.length === 0) return files.treeUnder(first).filter((file) => file.path === first);
  // What stands before the first variable names a folder at best, and saves a look at all other files.
  const folder = first.slice(0, Math.max(0, first.lastIndexOf('/')));
  return files.treeUnder(folder).filter((file) => fits(file.path, pieces));
}

function fits(path: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (!path.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return path.endsWith(last) && path.length - last.length >= from;
}

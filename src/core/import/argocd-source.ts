/** The sources of an Argo CD Application as components of an App. */
import { isObject, type Json, type JsonObject } from '../json/value.ts';
import { chartComponent } from './chart.ts';
import { cleanPath, folderKind, objects, type Surroundings, text, texts } from './surroundings.ts';

export type Components = {
  readonly components: readonly JsonObject[];
  /** Why a source is not among them; one is enough to leave the Application out. */
  readonly missing: readonly string[];
  /** What of those that are is said otherwise. */
  readonly notes: readonly string[];
};

/** `parseValues` reads values that are written as a text of YAML; undefined when they are none. */
export function argoComponents(
  application: string,
  sources: readonly JsonObject[],
  around: Surroundings,
  parseValues: (text: string) => JsonObject | undefined,
): Components {
  const components: JsonObject[] = [];
  const missing: string[] = [];
  const notes: string[] = [];
  const real = sources.filter((source) => text(source, 'path') !== '' || text(source, 'chart') !== '');
  const refs = new Map(sources.map((source) => [text(source, 'ref'), source] as const));
  for (const [index, source] of real.entries()) {
    const name = real.length === 1 ? 'app' : `source-${index + 1}`;
    const made = componentOf({ application, name, source, refs, around, parseValues, notes });
    if (typeof made === 'string') missing.push(made);
    else components.push(made);
  }
  if (real.length === 0) missing.push('it names no path and no chart');
  return { components, missing, notes };
}

type Making = {
  readonly application: string;
  readonly name: string;
  readonly source: JsonObject;
  readonly refs: ReadonlyMap<string, JsonObject>;
  readonly around: Surroundings;
  readonly parseValues: (text: string) => JsonObject | undefined;
  readonly notes: string[];
};

function componentOf(making: Making): JsonObject | string {
  const { source, around, name, notes } = making;
  const url = text(source, 'repoURL');
  if (isObject(source.plugin)) return 'a plugin of Argo CD makes its manifests: render them into Git';
  if (text(source, 'chart') !== '') return helmOf(making);
  if (!around.isOurs(url)) return `its manifests are in ${url}: import it in a clone of that repository`;
  const revision = text(source, 'targetRevision');
  if (revision !== '' && revision !== 'HEAD')
    notes.push(
      `follows ${revision}; here it follows the branch of the settings, or a Pin where the stage says \`revision: Pinned\``,
    );
  const path = cleanPath(text(source, 'path'));
  if (path === undefined) return `its path ${text(source, 'path')} is outside of the repository`;
  const kind = isObject(source.helm)
    ? 'helm'
    : isObject(source.kustomize)
      ? 'kustomize'
      : folderKind(path, around.paths);
  if (kind === 'helm') return helmOf(making);
  if (kind === 'kustomize') {
    const options = Object.keys(isObject(source.kustomize) ? source.kustomize : {}).filter((key) => key !== 'version');
    if (options.length > 0)
      return `it gives Kustomize ${options.join(', ')}: write that into the kustomization at ${path}`;
    return { name, kustomize: path };
  }
  const directory = isObject(source.directory) ? source.directory : {};
  const options = Object.keys(directory).filter((key) => key !== 'recurse');
  if (options.length > 0) return `it chooses files of ${path} by ${options.join(', ')}: Landfall takes all of a folder`;
  if (directory.recurse !== true) notes.push(`takes ${path} without the folders below it; Landfall takes those too`);
  return { name, path: path === '' ? '.' : path };
}

function helmOf({ application, name, source, refs, around, parseValues, notes }: Making): JsonObject | string {
  const helm = isObject(source.helm) ? source.helm : {};
  const chart = text(source, 'chart');
  const path = text(source, 'path');
  const written = text(helm, 'values');
  const parsed = written === '' ? {} : parseValues(written);
  if (parsed === undefined) return 'its `helm.values` cannot be read as YAML';
  const values = isObject(helm.valuesObject) ? helm.valuesObject : parsed;
  const withParameters = objects(helm.parameters).reduce<JsonObject>(
    (all, parameter) => setParameter(all, text(parameter, 'name'), parameterOf(parameter)),
    values,
  );
  const ignored = ['fileParameters', 'skipCrds', 'passCredentials', 'kubeVersion', 'apiVersions'].filter(
    (key) => helm[key] !== undefined && helm[key] !== false,
  );
  if (ignored.length > 0) notes.push(`gives Helm ${ignored.join(', ')}, which has no counterpart`);
  const files: { readonly path: string; readonly optional: boolean }[] = [];
  for (const file of texts(helm.valueFiles)) {
    const found = valuesFile(file, path, refs, around);
    if (found === undefined) return `its values file ${file} is not in this repository`;
    files.push({ path: found, optional: helm.ignoreMissingValueFiles === true });
  }
  const place =
    chart === ''
      ? ({ kind: 'path', path } as const)
      : ({
          kind: 'chart',
          chart,
          repository: text(source, 'repoURL'),
          version: text(source, 'targetRevision'),
        } as const);
  const releaseName = text(helm, 'releaseName') || application;
  return chartComponent({ name, place, releaseName, values: withParameters, valuesFiles: files });
}

/** `$ref/path` is in the repository of that source; everything else is beside the chart. */
function valuesFile(
  file: string,
  path: string,
  refs: ReadonlyMap<string, JsonObject>,
  { isOurs }: Surroundings,
): string | undefined {
  if (/^https?:/.test(file)) return undefined;
  const [, ref, rest] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
  if (ref === undefined || rest === undefined)
    return path === '' ? undefined : cleanPath(file.startsWith('/') ? file : `${path}/${file}`);
  const source = refs.get(ref);
  return source !== undefined && isOurs(text(source, 'repoURL')) ? cleanPath(rest) : undefined;
}

/** As `helm --set`, unless a text is asked for. */
function parameterOf({ value = '', forceString }: JsonObject): Json {
  if (forceString === true || typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === 'null') return null;
  return /^(?:0|-?[1-9][0-9]{0,14})$/.test(value) ? Number(value) : value;
}

/** `a.b\.c` is the field `b.c` of `a`. */
function setParameter(values: JsonObject, name: string, value: Json): JsonObject {
  const [head = '', ...rest] = name.split(/(?<!\\)\./);
  const field = head.replaceAll('\\.', '.');
  if (rest.length === 0) return { ...values, [field]: value };
  const inner = values[field];
  return { ...values, [field]: setParameter(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** The sources of an Argo CD Application as components of an App. */
import { isObject, type JsonObject } from '../json/value.ts';
import { directoryComponents } from './argocd-directory.ts';
import { kustomizedBy } from './argocd-kustomize.ts';
import { chartComponent } from './chart.ts';
import { withParameter } from './helm-parameter.ts';
import { type OverlayFile, overlayFile } from './overlay.ts';
import { cleanPath, folderKind, objects, type Surroundings, text, texts } from './surroundings.ts';

export type Components = {
  readonly components: readonly JsonObject[];
  /** Other images, as a variant of an App has them. */
  readonly images: readonly JsonObject[];
  /** Kustomizations over folders, which are files of their own. */
  readonly overlays: readonly OverlayFile[];
  /** Why a source is not among them; one is enough to leave the Application out. */
  readonly missing: readonly string[];
  /** What of those that are is said otherwise. */
  readonly notes: readonly string[];
};

export function argoComponents(
  app: { readonly namespace: string; readonly name: string },
  /** Helm's name of a release that names none. */
  release: string,
  sources: readonly JsonObject[],
  around: Surroundings,
): Components {
  const made = { components: [], images: [], overlays: [], missing: [], notes: [] };
  const real = sources.filter((source) => text(source, 'path') !== '' || text(source, 'chart') !== '');
  const refs = new Map(sources.map((source) => [text(source, 'ref'), source] as const));
  const all: Components & Found = made;
  for (const [index, source] of real.entries()) {
    const name = real.length === 1 ? 'app' : `source-${index + 1}`;
    const reason = read({ app, release, name, source, refs, around, found: all });
    if (reason !== undefined) all.missing.push(reason);
  }
  if (real.length === 0) all.missing.push('it names no path and no chart');
  return all;
}

type Found = { [part in keyof Components]: Components[part] extends readonly (infer Item)[] ? Item[] : never };

type Making = {
  readonly app: { readonly namespace: string; readonly name: string };
  readonly release: string;
  readonly name: string;
  readonly source: JsonObject;
  readonly refs: ReadonlyMap<string, JsonObject>;
  readonly around: Surroundings;
  readonly found: Found;
};

/** Shape: why the source cannot be said. */
function read(making: Making): string | undefined {
  const { source, around, found } = making;
  const url = text(source, 'repoURL');
  if (isObject(source.plugin)) return 'a plugin of Argo CD makes its manifests: render them into Git';
  if (text(source, 'chart') !== '') return addHelm(making);
  if (!around.isOurs(url)) return `its manifests are in ${url}: import it in a clone of that repository`;
  const revision = text(source, 'targetRevision');
  if (revision !== '' && revision !== 'HEAD')
    found.notes.push(
      `follows ${revision}; here it follows the branch of the settings, or a Pin where the stage says \`revision: Pinned\``,
    );
  const path = cleanPath(text(source, 'path'));
  if (path === undefined) return `its path ${text(source, 'path')} is outside of the repository`;
  const kind = isObject(source.helm)
    ? 'helm'
    : isObject(source.kustomize)
      ? 'kustomize'
      : folderKind(path, around.paths);
  if (kind === 'helm') return addHelm(making);
  if (kind === 'kustomize') return addKustomize(making, path);
  const directory = isObject(source.directory) ? source.directory : {};
  const made = directoryComponents(making.name, path, directory, around);
  if (typeof made === 'string') return made;
  found.components.push(...made.components);
  found.notes.push(...made.notes);
  return undefined;
}

function addKustomize({ app, name, source, around, found }: Making, path: string): string | undefined {
  const said = kustomizedBy(isObject(source.kustomize) ? source.kustomize : {}, path, around);
  if (said.kind === 'refused') return said.reason;
  found.images.push(...said.images);
  noteWaves(path, around, found.notes);
  if (said.overlay === undefined) {
    found.components.push({ name, kustomize: path === '' ? '.' : path });
    return undefined;
  }
  const overlay = overlayFile(app, name, path, said.overlay, around.prefix);
  if (typeof overlay === 'string') return overlay;
  found.overlays.push(overlay);
  found.components.push({ name, kustomize: overlay.folder });
  return undefined;
}

/** Of what a tool makes; of plain files they are an order of components. */
function noteWaves(path: string, { paths, read: content }: Surroundings, notes: string[]): void {
  const inside = path === '' ? '' : `${path}/`;
  const marked = [...paths].find(
    (each) =>
      each.startsWith(inside) &&
      /\.(?:ya?ml|tpl|json)$/.test(each) &&
      /argocd\.argoproj\.io\/(?:sync-wave|hook["']?:)/.test(content(each) ?? ''),
  );
  if (marked !== undefined)
    notes.push(`${marked} speaks of waves or hooks of Argo CD: make components of it that depend on each other`);
}

function addHelm(making: Making): string | undefined {
  const component = helmOf(making);
  if (typeof component === 'string') return component;
  making.found.components.push(component);
  return undefined;
}

function helmOf({ release, name, source, refs, around, found }: Making): JsonObject | string {
  const helm = isObject(source.helm) ? source.helm : {};
  const chart = text(source, 'chart');
  const path = text(source, 'path');
  const written = text(helm, 'values');
  const parsed = written === '' ? {} : around.parseYaml(written);
  if (parsed === undefined) return 'its `helm.values` cannot be read as YAML';
  const values = isObject(helm.valuesObject) ? helm.valuesObject : parsed;
  const withParameters = objects(helm.parameters).reduce<JsonObject>(
    (all, parameter) => withParameter(all, parameter),
    values,
  );
  const ignored = ['fileParameters', 'skipCrds', 'passCredentials', 'kubeVersion', 'apiVersions'].filter(
    (key) => helm[key] !== undefined && helm[key] !== false,
  );
  if (ignored.length > 0) found.notes.push(`gives Helm ${ignored.join(', ')}, which has no counterpart`);
  const files: { readonly path: string; readonly optional: boolean }[] = [];
  for (const file of texts(helm.valueFiles)) {
    const known = valuesFile(file, path, refs, around);
    if (known === undefined) return `its values file ${file} is not in this repository`;
    files.push({ path: known, optional: helm.ignoreMissingValueFiles === true });
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
  const releaseName = text(helm, 'releaseName') || release;
  if (chart === '') noteWaves(path, around, found.notes);
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

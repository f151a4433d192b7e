/** Kustomizations and HelmReleases of Flux to Apps, Placements and Clusters. */
import { at, isObject, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { type ChartPlace, chartComponent } from './chart.ts';
import { appManifest, clusterManifest, type Imported, nativeName, placementManifest, type Remark } from './manifest.ts';
import { cleanPath, folderKind, objects, type Surroundings, subjectOf, text, texts } from './surroundings.ts';

/** One object of Flux on its way. */
type Reading = {
  readonly object: KubeObject;
  readonly spec: JsonObject;
  readonly namespace: string;
  readonly sources: ReadonlyMap<string, JsonObject>;
  readonly around: Surroundings;
  readonly remark: (reason: string) => void;
};

export function importFlux(found: readonly KubeObject[], around: Surroundings): Imported {
  const sources = new Map(
    found.map(({ kind, metadata, spec }) => [
      sourceKey(kind, metadata.namespace ?? '', metadata.name),
      isObject(spec) ? spec : {},
    ]),
  );
  const remarks: Remark[] = [];
  const files = new Map<string, readonly JsonObject[]>();
  const apps: string[] = [];
  for (const object of found) {
    if (object.kind !== 'Kustomization' && object.kind !== 'HelmRelease') continue;
    const remark = (reason: string): void => void remarks.push({ subject: subjectOf(object), reason });
    const spec = isObject(object.spec) ? object.spec : {};
    const namespace = text(spec, 'targetNamespace') || (object.metadata.namespace ?? 'default');
    const reading = { object, spec, namespace, sources, around, remark };
    const component = object.kind === 'HelmRelease' ? releaseOf(reading) : kustomizationOf(reading);
    if (typeof component === 'string') remark(component);
    if (typeof component === 'string') continue;
    const app = { namespace, name: nativeName(object.metadata.name) };
    const path = `apps/${app.namespace}/${app.name}.app.yaml`;
    if (files.has(path)) remark(`another is ${namespace}/${app.name} already; give one of them another name`);
    if (files.has(path)) continue;
    const cluster = clusterOf(reading, files);
    const depends = dependsOf(reading, found);
    files.set(path, [
      appManifest({ ...app, components: [component], adopt: ['flux', 'helm', 'kubectl'], more: depends }),
      placementManifest({
        ...app,
        apps: [app.name],
        clusters: { clusterNames: [cluster] },
        createNamespaces: at(spec, 'install', 'createNamespace') === true,
        suspend: spec.suspend === true,
      }),
    ]);
    apps.push(`${app.namespace}/${app.name}`);
  }
  return { files, remarks, apps };
}

const sourceKey = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

function sourceOf({ object, sources }: Reading, reference: JsonObject | undefined): JsonObject | undefined {
  const namespace = text(reference, 'namespace') || (object.metadata.namespace ?? '');
  return sources.get(sourceKey(text(reference, 'kind'), namespace, text(reference, 'name')));
}

const fieldsIn = (spec: JsonObject, names: readonly string[]): string =>
  names
    .filter((name) => spec[name] !== undefined)
    .map((name) => `\`${name}\``)
    .join(', ');

function kustomizationOf(reading: Reading): JsonObject | string {
  const { spec, around, remark } = reading;
  const problem = notHere(reading, isObject(spec.sourceRef) ? spec.sourceRef : undefined);
  if (problem !== undefined) return problem;
  const path = cleanPath(text(spec, 'path'));
  if (path === undefined) return `its path ${text(spec, 'path')} is outside of the repository`;
  const unlike = fieldsIn(spec, [
    'patches',
    'patchesStrategicMerge',
    'patchesJson6902',
    'images',
    'postBuild',
    'decryption',
    'components',
    'commonMetadata',
    'namePrefix',
    'nameSuffix',
  ]);
  if (unlike !== '')
    return `has ${unlike}: write that into the kustomization at ${path || '.'}, or into \`variants\` of an App`;
  const kind = folderKind(path, around.paths);
  if (kind === 'helm') return `its path ${path} is a chart`;
  if (spec.prune !== true) remark('prunes nothing; take `onDelete: Orphan` out only when deletions are to follow Git');
  return kind === 'kustomize'
    ? { name: 'app', kustomize: path === '' ? '.' : path }
    : { name: 'app', path: path === '' ? '.' : path };
}

/** Undefined: its files are in this repository. */
function notHere(reading: Reading, reference: JsonObject | undefined): string | undefined {
  const named = `${text(reference, 'kind')} ${text(reference, 'name')}`;
  if (text(reference, 'kind') !== 'GitRepository') return `its source is ${named}: Landfall reads Git`;
  const source = sourceOf(reading, reference);
  if (source === undefined) return `its source ${named} is not among the objects given`;
  const url = text(source, 'url');
  if (!reading.around.isOurs(url)) return `its manifests are in ${url}: import it in a clone of that repository`;
  const fixed = ['tag', 'semver', 'commit', 'name'].filter((field) => textOf(at(source, 'ref', field)) !== undefined);
  if (fixed.length > 0)
    reading.remark(
      `follows a ${fixed.join(', ')}; here it follows the branch of the settings, or a Pin where the stage says \`revision: Pinned\``,
    );
  return undefined;
}

function releaseOf(reading: Reading): JsonObject | string {
  const { object, spec, namespace, remark } = reading;
  const unlike = fieldsIn(spec, ['valuesFrom', 'postRenderers']);
  if (unlike !== '') return `has ${unlike}: write the values into Git`;
  const place = chartOf(reading);
  if (typeof place === 'string') return place;
  const prefix = text(spec, 'targetNamespace') === '' ? '' : `${namespace}-`;
  const releaseName = text(spec, 'releaseName') || `${prefix}${object.metadata.name}`;
  const files = texts(at(spec, 'chart', 'spec', 'valuesFiles'));
  if (files.length > 0 && place.kind === 'chart')
    return 'has values files inside of a chart from elsewhere: write them into Git';
  const hooks = fieldsIn(spec, ['test', 'rollback', 'driftDetection']);
  if (hooks !== '') remark(`has ${hooks}, which has no counterpart`);
  return chartComponent({
    name: 'app',
    place,
    releaseName,
    values: isObject(spec.values) ? spec.values : undefined,
    valuesFiles: files.map((path) => ({
      path: cleanPath(path) ?? path,
      optional: at(spec, 'chart', 'spec', 'ignoreMissingValuesFiles') === true,
    })),
  });
}

function chartOf(reading: Reading): ChartPlace | string {
  const { spec } = reading;
  if (isObject(spec.chartRef)) {
    const source = sourceOf(reading, spec.chartRef);
    const url = text(source, 'url');
    if (text(spec.chartRef, 'kind') !== 'OCIRepository' || source === undefined)
      return `its chart is ${text(spec.chartRef, 'kind')} ${text(spec.chartRef, 'name')}, which is not among the objects given`;
    const slash = url.lastIndexOf('/');
    return {
      kind: 'chart',
      chart: url.slice(slash + 1),
      repository: url.slice(0, slash),
      version: text(source, 'ref', 'tag'),
    };
  }
  const chart = isObject(spec.chart) && isObject(spec.chart.spec) ? spec.chart.spec : {};
  const reference = isObject(chart.sourceRef) ? chart.sourceRef : undefined;
  if (text(reference, 'kind') === 'GitRepository') {
    const problem = notHere(reading, reference);
    return problem ?? { kind: 'path', path: text(chart, 'chart') };
  }
  const source = sourceOf(reading, reference);
  if (text(reference, 'kind') !== 'HelmRepository' || source === undefined)
    return `its source ${text(reference, 'kind')} ${text(reference, 'name')} is not among the objects given`;
  return {
    kind: 'chart',
    chart: text(chart, 'chart'),
    repository: text(source, 'url'),
    version: text(chart, 'version'),
  };
}

/** Where Flux runs, or where its kubeconfig leads. */
function clusterOf({ object, spec, around }: Reading, files: Map<string, readonly JsonObject[]>): string {
  const secret = text(spec, 'kubeConfig', 'secretRef', 'name');
  const name = secret === '' ? around.host : nativeName(secret.replace(/-?kubeconfig$/, '')) || secret;
  if (!around.declared.has(name)) {
    const access =
      secret === ''
        ? { inCluster: true }
        : { secretRef: { name: secret, namespace: object.metadata.namespace ?? 'default' } };
    files.set(`clusters/${name}.yaml`, [clusterManifest(name, { access }, {})]);
  }
  return name;
}

function dependsOf({ object, spec, remark }: Reading, found: readonly KubeObject[]): JsonObject {
  const needed = objects(spec.dependsOn).flatMap((each): readonly JsonObject[] => {
    const namespace = text(each, 'namespace') || (object.metadata.namespace ?? '');
    const other = found.find(
      ({ kind, metadata }) => kind === object.kind && metadata.name === each.name && metadata.namespace === namespace,
    );
    if (other === undefined)
      remark(`depends on ${namespace}/${text(each, 'name')}, which is not among the objects given`);
    if (other === undefined) return [];
    const target = text(other.spec, 'targetNamespace') || (other.metadata.namespace ?? 'default');
    return [{ name: nativeName(other.metadata.name), namespace: target }];
  });
  return needed.length === 0 ? {} : { dependsOn: needed };
}

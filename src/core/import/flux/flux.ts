/** Kustomizations and HelmReleases of Flux to Apps, Placements and Clusters. */
import { at, isObject, type JsonObject, withFields } from '../../json/value.ts';
import type { KubeObject } from '../../model/object.ts';
import {
  appManifest,
  clusterManifest,
  type Imported,
  nativeName,
  placementManifest,
  type Remark,
} from '../manifest.ts';
import { objects, type Surroundings, subjectOf, text } from '../surroundings.ts';
import { kustomizationOf } from './kustomization.ts';
import { keyOf, type Reading, type Said } from './reading.ts';
import { releaseOf } from './release.ts';

export function importFlux(found: readonly KubeObject[], around: Surroundings): Imported {
  const given = new Map(
    found.map((object) => [keyOf(object.kind, object.metadata.namespace ?? '', object.metadata.name), object]),
  );
  const remarks: Remark[] = [];
  const read: Read[] = [];
  for (const object of found) {
    const remark = (reason: string): void => void remarks.push({ subject: subjectOf(object), reason });
    if (object.kind === 'ResourceSet') remark('makes objects of Flux from a template: import those that it makes');
    if (!isOfFlux(object)) continue;
    const spec = isObject(object.spec) ? object.spec : {};
    const namespace = text(spec, 'targetNamespace') || (object.metadata.namespace ?? 'default');
    const app = { namespace, name: nativeName(object.metadata.name) };
    const reading = { object, spec, app, given, around, remark };
    const said = object.kind === 'HelmRelease' ? releaseOf(reading) : kustomizationOf(reading);
    if (typeof said === 'string') remark(said);
    else if (read.some(({ reading: { app: other } }) => other.namespace === namespace && other.name === app.name))
      remark(`another is ${namespace}/${app.name} already; give one of them another name`);
    else read.push({ reading, said });
  }
  const kustomized = new Set(read.flatMap(({ said }) => said.overlays.map(({ folder }) => folder)));
  const files = new Map<string, readonly JsonObject[]>();
  const apps: string[] = [];
  for (const { reading, said } of read) {
    const { app, spec, remark } = reading;
    const component = besideKustomized(said.component, kustomized);
    if (typeof component === 'string') remark(component);
    if (typeof component === 'string') continue;
    const cluster = clusterOf(reading, files);
    const { variants, variables, ignore, overlays } = said;
    const more = {
      ...(Object.keys(variables).length === 0 ? {} : { variables }),
      ...(variants.length === 0 ? {} : { variants }),
      ...dependsOf(reading, found),
      ...(ignore.length === 0 ? {} : { ignore }),
    };
    files.set(`apps/${app.namespace}/${app.name}.app.yaml`, [
      appManifest({ ...app, components: [component], adopt: ['flux', 'helm', 'kubectl'], more }),
      placementManifest({
        ...app,
        apps: [app.name],
        clusters: { clusterNames: [cluster] },
        createNamespaces: at(spec, 'install', 'createNamespace') === true,
        suspend: spec.suspend === true,
      }),
    ]);
    for (const overlay of overlays) files.set(overlay.path, [overlay.document]);
    apps.push(`${app.namespace}/${app.name}`);
  }
  return { files, remarks, apps };
}

type Read = { readonly reading: Reading; readonly said: Said };

/** A folder of manifests that gets a kustomization, for whoever builds on it, is built with Kustomize from then on. */
function besideKustomized(component: JsonObject, kustomized: ReadonlySet<string>): JsonObject | string {
  const path = text(component, 'path');
  if (path === '') return component;
  if (kustomized.has(path)) return withFields(component, { path: undefined, kustomize: path });
  const below = [...kustomized].find((folder) => path === '.' || folder.startsWith(`${path}/`));
  return below === undefined
    ? component
    : `its path ${path} holds ${below}, where a kustomization is written for another: give it a folder of its own`;
}

/** Kustomize itself has a kind of that name, which is no object of a cluster. */
const isOfFlux = ({ kind, apiVersion }: KubeObject): boolean =>
  kind === 'HelmRelease' || (kind === 'Kustomization' && !apiVersion.startsWith('kustomize.config.k8s.io/'));

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
    if (each.readyExpr !== undefined)
      remark(`waits for ${namespace}/${text(each, 'name')} by an expression; Landfall waits until it is healthy`);
    const target = text(other.spec, 'targetNamespace') || (other.metadata.namespace ?? 'default');
    return [{ name: nativeName(other.metadata.name), namespace: target }];
  });
  return needed.length === 0 ? {} : { dependsOn: needed };
}

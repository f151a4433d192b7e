/** Live objects of one cluster to Apps: one for each namespace, a file for each object. */
import type { JsonObject } from '../json/value.ts';
import { groupOf, type KubeObject } from '../model/object.ts';
import { cleaned, scaledBy, whyLeftOut } from './live-object.ts';
import { appManifest, fileName, type Imported, placementManifest, type Remark } from './manifest.ts';

export type LiveImport = {
  /** As the fleet calls it. */
  readonly cluster: string;
  /** From the repository's root to the folder; empty, or with a slash at the end. */
  readonly prefix: string;
  readonly withSecrets: boolean;
};

/** What has no namespace goes into one App of this name. */
const clusterApp = { namespace: 'default', name: 'cluster-objects' };

export function importLive(objects: readonly KubeObject[], { cluster, prefix, withSecrets }: LiveImport): Imported {
  const scaled = scaledBy(objects);
  const remarks: Remark[] = [];
  const kept = objects.filter((object) => {
    const reason = whyLeftOut(object, withSecrets);
    // What Kubernetes and its controllers make is in every namespace; nobody misses it.
    if (reason !== undefined && !isExpected(reason)) remarks.push({ subject: nameOf(object), reason });
    return reason === undefined;
  });
  const files = new Map<string, readonly JsonObject[]>();
  const apps: string[] = [];
  const byNamespace = Map.groupBy(kept, ({ metadata }) => metadata.namespace ?? '');
  for (const [namespace, own] of [...byNamespace].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const app = namespace === '' ? clusterApp : { namespace, name: namespace };
    const folder = `apps/${app.namespace}/${app.name}`;
    for (const object of own) files.set(pathOf(object, own, folder), [cleaned(object, scaled.has(nameOf(object)))]);
    const components = [{ name: 'objects', path: `${prefix}${folder}` }];
    files.set(`${folder}.app.yaml`, [
      appManifest({ ...app, components, adopt: ['any'] }),
      placementManifest({ ...app, apps: [app.name], clusters: { clusterNames: [cluster] } }),
    ]);
    apps.push(`${app.namespace}/${app.name}`);
  }
  return { files, remarks, apps };
}

const isExpected = (reason: string): boolean => reason === 'Kubernetes makes it' || reason === 'a controller makes it';

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** With its group where two kinds have one name, as Knative's Service and that of the core. */
function pathOf(object: KubeObject, all: readonly KubeObject[], folder: string): string {
  const { apiVersion, kind, metadata } = object;
  const isDouble = all.some((other) => other.kind === kind && groupOf(other.apiVersion) !== groupOf(apiVersion));
  const group = isDouble ? `.${groupOf(apiVersion) || 'core'}` : '';
  return `${folder}/${fileName(`${kind}${group}-${metadata.name}`)}.yaml`;
}

/** Applications and cluster Secrets of Argo CD to Apps, Placements and Clusters. */
import { at, isObject, type Json, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { textMapOf } from '../model/object.ts';
import { type ArgoCluster, hostServer, type Placed } from './argocd-placed.ts';
import { expandSet } from './argocd-set.ts';
import { argoComponents } from './argocd-source.ts';
import { appManifest, clusterManifest, type Imported, nativeName, placementManifest, type Remark } from './manifest.ts';
import { objects, type Surroundings, subjectOf, text, texts } from './surroundings.ts';

export function importArgo(
  found: readonly KubeObject[],
  around: Surroundings,
  parseValues: (text: string) => JsonObject | undefined,
): Imported {
  const clusters = clustersOf(found, around.host);
  const remarks: Remark[] = [];
  const files = new Map<string, readonly JsonObject[]>();
  const apps: string[] = [];
  const named = new Set<string>();
  const sets = found.filter(({ kind }) => kind === 'ApplicationSet');
  const placed = [
    ...found.flatMap((object) => alone(object, sets)),
    ...sets.flatMap((set) => expandSet(set, clusters, around, remarks)),
  ];
  for (const each of placed) {
    const remark = (reason: string): void => void remarks.push({ subject: each.subject, reason });
    const app = appOf(each, clusters, around, parseValues, remark);
    if (app === undefined) continue;
    const { namespace, name } = app;
    const path = `apps/${namespace}/${name}.app.yaml`;
    if (files.has(path)) remark(`another is ${namespace}/${name} already; give one of them another name`);
    if (files.has(path)) continue;
    files.set(path, [app.manifest, app.placement]);
    for (const cluster of app.clusters) named.add(cluster);
    apps.push(`${namespace}/${name}`);
  }
  for (const cluster of clusters) {
    if (around.declared.has(cluster.name) || (cluster.server === hostServer && !named.has(cluster.name))) continue;
    const isHost = cluster.server === hostServer;
    const access: JsonObject = isHost ? { inCluster: true } : { secretRef: { name: cluster.name } };
    files.set(`clusters/${cluster.name}.yaml`, [clusterManifest(cluster.name, { access }, cluster.labels)]);
    const reason = `Argo CD's credential is not taken over: landfall cluster join ${cluster.name} --context <context of ${cluster.server}>`;
    if (!isHost) remarks.push({ subject: `Cluster ${cluster.name}`, reason });
  }
  const projects = new Set(
    placed.map(({ spec }) => text(spec, 'project')).filter((name) => !['', 'default'].includes(name)),
  );
  for (const project of projects)
    remarks.push({ subject: `AppProject ${project}`, reason: 'what it allows is for a Tenant to say' });
  return { files, remarks, apps };
}

/** One that a set makes comes with the set. */
function alone(object: KubeObject, sets: readonly KubeObject[]): readonly Placed[] {
  if (object.kind !== 'Application') return [];
  const owners = objects(object.metadata.ownerReferences);
  const isMade = owners.some((owner) => sets.some(({ metadata }) => metadata.name === owner.name));
  const spec = isObject(object.spec) ? object.spec : {};
  return isMade ? [] : [{ subject: subjectOf(object), name: object.metadata.name, spec, clusters: undefined }];
}

type Read = {
  readonly namespace: string;
  readonly name: string;
  readonly manifest: JsonObject;
  readonly placement: JsonObject;
  readonly clusters: readonly string[];
};

function appOf(
  { name: written, spec, clusters }: Placed,
  known: readonly ArgoCluster[],
  around: Surroundings,
  parseValues: (text: string) => JsonObject | undefined,
  remark: (reason: string) => void,
): Read | undefined {
  const sources = isObject(spec.source) ? [spec.source] : objects(spec.sources);
  const { components, missing, notes } = argoComponents(written, sources, around, parseValues);
  for (const reason of [...missing, ...notes]) remark(reason);
  const destination = clusters ?? destinationOf(spec.destination, known, remark);
  const name = nativeName(written);
  if (missing.length > 0 || destination === undefined) return undefined;
  const namespace = text(spec, 'destination', 'namespace') || 'default';
  const options = texts(at(spec, 'syncPolicy', 'syncOptions'));
  const isManual = at(spec, 'syncPolicy', 'automated') === undefined;
  if (isManual) remark('is synced by hand: its Placement is suspended until you take `suspend` out');
  if (options.includes('Replace=true')) remark('replaces objects; Landfall applies them');
  const ignore = ignoreOf(spec.ignoreDifferences, remark);
  const more = ignore.length === 0 ? {} : { ignore };
  const app = { namespace, name };
  const placement = {
    ...app,
    apps: [name],
    clusters: destination,
    createNamespaces: options.includes('CreateNamespace=true'),
    suspend: isManual,
  };
  return {
    ...app,
    manifest: appManifest({ ...app, components, adopt: ['argocd', 'kubectl'], more }),
    placement: placementManifest(placement),
    clusters: texts(destination.clusterNames),
  };
}

function destinationOf(
  destination: Json | undefined,
  known: readonly ArgoCluster[],
  remark: (reason: string) => void,
): JsonObject | undefined {
  const [server, name] = [text(destination, 'server'), text(destination, 'name')];
  const found = known.find((cluster) =>
    name === ''
      ? cluster.server === server
      : cluster.name === nativeName(name) || (name === 'in-cluster' && cluster.server === hostServer),
  );
  if (found !== undefined) return { clusterNames: [found.name] };
  remark(
    `its cluster ${name || server || '(none)'} is not among those given: add its Secret of Argo CD to what is imported`,
  );
  return undefined;
}

function ignoreOf(rules: Json | undefined, remark: (reason: string) => void): readonly JsonObject[] {
  return objects(rules).flatMap((rule): readonly JsonObject[] => {
    if (texts(rule.jqPathExpressions).length > 0 || texts(rule.managedFieldsManagers).length > 0)
      remark('ignores differences by jq or by manager: write the JSON pointers into `ignore`');
    const paths = texts(rule.jsonPointers);
    const target = Object.fromEntries(
      ['group', 'kind', 'name', 'namespace'].flatMap((field) =>
        textOf(rule[field]) ? [[field, rule[field] ?? null]] : [],
      ),
    );
    return paths.length === 0 ? [] : [{ target, paths }];
  });
}

/** The Secrets by which Argo CD knows clusters; of their values only name and address are read. */
function clustersOf(found: readonly KubeObject[], host: string): readonly ArgoCluster[] {
  const secrets = found.filter(
    (object) => object.kind === 'Secret' && textMapOf(object, 'labels')['argocd.argoproj.io/secret-type'] === 'cluster',
  );
  const clusters = secrets.map((secret): ArgoCluster => {
    const labels = Object.entries(textMapOf(secret, 'labels')).filter(
      ([label]) => !label.startsWith('argocd.argoproj.io/'),
    );
    const server = valueIn(secret, 'server');
    const isHost = server === hostServer;
    const name = isHost ? host : nativeName(valueIn(secret, 'name') || server.replace(/^https?:\/\//, ''));
    return { name, server, labels: Object.fromEntries(labels) };
  });
  const hasHost = clusters.some(({ server }) => server === hostServer);
  return hasHost ? clusters : [...clusters, { name: host, server: hostServer, labels: {}, isUnlisted: true }];
}

const valueIn = (secret: KubeObject, key: string): string =>
  text(secret, 'stringData', key) || Buffer.from(text(secret, 'data', key), 'base64').toString('utf8');

/** Applications and cluster Secrets of Argo CD to Apps, Placements and Clusters. */
import { at, isObject, type Json, type JsonObject } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import { expandSet } from './application-set/expand.ts';
import { ignoreOf, projectRemarks, pruneRemarks } from './argocd-about.ts';
import { clustersOf } from './argocd-clusters.ts';
import { type JoinedApp, joinApps, type ReadApp, shortName } from './argocd-join.ts';
import { type ArgoCluster, hostServer, type Placed } from './argocd-placed.ts';
import { argoComponents } from './argocd-source.ts';
import { appManifest, clusterManifest, type Imported, nativeName, placementManifest, type Remark } from './manifest.ts';
import { hasOpen, openName } from './open-name.ts';
import { objects, type Surroundings, sourcesIn, subjectOf, text, texts } from './surroundings.ts';

export function importArgo(found: readonly KubeObject[], around: Surroundings): Imported {
  const clusters = clustersOf(found, around.host);
  const remarks: Remark[] = [];
  const files = new Map<string, readonly JsonObject[]>();
  const apps: string[] = [];
  const sets = found.filter(({ kind }) => kind === 'ApplicationSet');
  const placed = [
    ...found.flatMap((object) => alone(object, sets)),
    ...sets.flatMap((set) => expandSet(set, clusters, around, remarks)),
  ];
  const strangers = new Map<string, string>();
  const read = placed.flatMap((each) => readApp(each, clusters, around, strangers, remarks) ?? []);
  const joined = joinApps(read, around.prefix);
  for (const app of joined) {
    const { namespace, name, subject } = app;
    const path = `apps/${namespace}/${name}.app.yaml`;
    const isDouble = files.has(path);
    if (isDouble)
      remarks.push({ subject, reason: `another is ${namespace}/${name} already; give one of them another name` });
    if (isDouble) continue;
    files.set(path, manifestsOf(app));
    for (const [place, document] of app.files) files.set(place, [document]);
    apps.push(`${namespace}/${name}`);
  }
  const named = new Set(joined.flatMap(({ clusters: where }) => texts(where.clusterNames)));
  const places = [...clusters, ...[...strangers].map(([name, server]) => ({ name, server, labels: {} }))];
  for (const { name, server, labels } of places) {
    const isHost = server === hostServer;
    if (around.declared.has(name) || (isHost && !named.has(name))) continue;
    const access: JsonObject = isHost ? { inCluster: true } : { secretRef: { name } };
    files.set(`clusters/${name}.yaml`, [clusterManifest(name, { access }, labels)]);
    const reason = `Argo CD's credential is not taken over: landfall cluster join ${name} --context <context of ${server}>`;
    if (!isHost) remarks.push({ subject: `Cluster ${name}`, reason });
  }
  return { files, remarks: [...remarks, ...projectRemarks(found, placed), ...pruneRemarks(placed)], apps };
}

/** One that a set makes comes with the set. */
function alone(object: KubeObject, sets: readonly KubeObject[]): readonly Placed[] {
  if (object.kind !== 'Application') return [];
  const owners = objects(object.metadata.ownerReferences);
  const isMade = owners.some((owner) => sets.some(({ metadata }) => metadata.name === owner.name));
  const spec = isObject(object.spec) ? object.spec : {};
  return isMade ? [] : [{ subject: subjectOf(object), name: object.metadata.name, spec, clusters: undefined }];
}

/** `strangers`: clusters that nobody has described, by name, with where they are. */
function readApp(
  { subject, name: written, spec, clusters, set }: Placed,
  known: readonly ArgoCluster[],
  around: Surroundings,
  strangers: Map<string, string>,
  remarks: Remark[],
): ReadApp | undefined {
  const remark = (reason: string): void => void remarks.push({ subject, reason });
  const namespace = text(spec, 'destination', 'namespace') || 'default';
  const name = nativeName(hasOpen(written) ? (shortName(written.replaceAll(openName, '')) ?? set ?? '') : written);
  const { components, images, overlays, missing, notes } = argoComponents(
    { namespace, name },
    written,
    sourcesIn(spec),
    around,
  );
  for (const reason of [...missing, ...notes]) remark(reason);
  const destination = clusters ?? destinationOf(spec.destination, known, strangers, remark);
  if (missing.length > 0 || destination === undefined) return undefined;
  const options = texts(at(spec, 'syncPolicy', 'syncOptions'));
  const automated = at(spec, 'syncPolicy', 'automated');
  const isManual = !isObject(automated) || automated.enabled === false;
  if (isManual) remark('is synced by hand: its Placement is suspended until you take `suspend` out');
  if (options.includes('Replace=true')) remark('replaces objects; Landfall applies them');
  const ignore = ignoreOf(spec.ignoreDifferences, remark);
  const marked = at(spec, 'syncPolicy', 'managedNamespaceMetadata');
  const own = isObject(marked)
    ? [
        {
          name: 'namespace',
          objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, ...marked } }],
        },
      ]
    : [];
  return {
    subject,
    namespace,
    name,
    components: [...own, ...components],
    images,
    ignore,
    clusters: destination,
    createNamespaces: options.includes('CreateNamespace=true'),
    suspend: isManual,
    files: new Map(overlays.map(({ path, document }) => [path, document])),
    set,
  };
}

function manifestsOf({
  namespace,
  name,
  components,
  variants,
  ignore,
  clusters,
  createNamespaces,
  suspend,
}: JoinedApp): readonly JsonObject[] {
  const more = {
    ...(variants.length === 0 ? {} : { variants }),
    ...(ignore.length === 0 ? {} : { ignore }),
  };
  return [
    appManifest({ namespace, name, components, adopt: ['argocd', 'kubectl'], more }),
    placementManifest({ namespace, name, apps: [name], clusters, createNamespaces, suspend }),
  ];
}

function destinationOf(
  destination: Json | undefined,
  known: readonly ArgoCluster[],
  strangers: Map<string, string>,
  remark: (reason: string) => void,
): JsonObject | undefined {
  const [server, title] = [text(destination, 'server').replace(/\/$/, ''), text(destination, 'name')];
  const found = known.find((cluster) =>
    title === ''
      ? cluster.server.replace(/\/$/, '') === server
      : cluster.title === title ||
        cluster.name === nativeName(title) ||
        (title === 'in-cluster' && cluster.server === hostServer),
  );
  if (found !== undefined) return { clusterNames: [found.name] };
  if (server === '' && title === '') {
    remark('it names no cluster');
    return undefined;
  }
  const name = nativeName(title || server.replace(/^https?:\/\//, '').replace(/:443$/, ''));
  strangers.set(name, title || server);
  remark(`its cluster ${title || server} is not among those given: its Secret of Argo CD would say its labels`);
  return { clusterNames: [name] };
}

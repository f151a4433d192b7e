/** `landfall import`: what runs already, or what another tool says, as manifests in a folder; then what they would change. */
import { resolve } from 'node:path';
import { importArgo } from '../../core/import/argocd.ts';
import { importFlux } from '../../core/import/flux/flux.ts';
import { importLive } from '../../core/import/live.ts';
import type { Imported } from '../../core/import/manifest.ts';
import { clusterIDOf, nameOf, newCluster } from '../../core/join/cluster-manifest.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { isError } from '../../core/model/diagnostic.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { clustersIn, type Declared, declaredAs, refuseMix } from '../cluster/inventory.ts';
import { openContext } from '../connect/context.ts';
import { UsageError } from '../failure.ts';
import { forecastOf } from '../import/forecast.ts';
import { liveObjects } from '../import/live-objects.ts';
import { changesIn, type ImportReport, reportAnswer, reportText } from '../import/report.ts';
import { type Around, filesIn, repositoryAround } from '../import/repository.ts';
import { objectsInFile, objectsOnCluster, type Tool } from '../import/tool-objects.ts';
import { writeFiles } from '../import/write.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';
import { problemsText } from './plan.ts';

export type ImportOptions = {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly cluster?: string | undefined;
  readonly namespace: readonly string[];
  readonly selector?: string | undefined;
  readonly kinds: readonly string[];
  readonly secrets?: boolean | undefined;
  /** A file or a folder; true: those on the cluster of the context. */
  readonly argocd?: string | true | undefined;
  readonly flux?: string | true | undefined;
  readonly repository: readonly string[];
  readonly dir: string;
  readonly force?: boolean | undefined;
  /** `--no-plan`: write, and ask no cluster what it would change. */
  readonly plan: boolean;
  readonly config?: string | undefined;
  readonly output: Format;
};

/** What was found, and the clusters that the user's own context reaches. */
type Found = {
  readonly imported: Imported;
  readonly more: ReadonlyMap<string, string>;
  readonly known: ReadonlyMap<string, () => KubeClient>;
};

export async function importObjects(options: ImportOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout, stderr } = around;
  const dir = resolve(folder, options.dir);
  const settings = await readSettings({ config: options.config, flags: {}, folder, environment });
  const declared = await clustersIn(dir, signal);
  const repository = repositoryAround(dir, options.repository, settings);
  const { root } = repository;
  const { imported, more, known } = await found(repository, declared, options, around);
  if (options.secrets === true)
    stderr.write('warning: the values of Secrets are in these files. Whoever can read the repository can read them.\n');
  const files = await writeFiles(dir, imported.files, options.force === true);
  const plan = options.plan
    ? await forecastOf({ root, apps: imported.apps, more, known }, settings, around)
    : undefined;
  const report: ImportReport = { files, apps: imported.apps, remarks: imported.remarks, plan };
  printAnswer(options.output, reportAnswer(report), () => reportText(report, stdout), stdout);
  const errors = plan?.diagnostics.filter(isError) ?? [];
  stderr.write(problemsText(errors, stderr));
  return changesIn(plan) > 0 || errors.length > 0 ? 1 : 0;
}

function found(
  repository: Around,
  declared: readonly Declared[],
  options: ImportOptions,
  around: Surroundings,
): Promise<Found> {
  const { argocd, flux } = options;
  if (argocd !== undefined && flux !== undefined) throw new UsageError('give --argocd or --flux, one at a time');
  if (argocd !== undefined) return fromTool('argocd', argocd, repository, declared, options, around);
  if (flux !== undefined) return fromTool('flux', flux, repository, declared, options, around);
  return fromLive(repository, declared, options, around);
}

async function fromTool(
  tool: Tool,
  place: string | true,
  { root, prefix, isOurs }: Around,
  declared: readonly Declared[],
  options: ImportOptions,
  around: Surroundings,
): Promise<Found> {
  const { signal, folder } = around;
  const objects =
    place === true
      ? await onContext(options, around, (client) => objectsOnCluster(tool, client, signal))
      : await objectsInFile(resolve(folder, place), signal);
  const choice = {
    isOurs,
    ...(await filesIn(root, signal)),
    parseYaml,
    prefix,
    host: options.cluster ?? 'in-cluster',
    declared: new Set(declared.map(({ value }) => nameOf(value))),
  };
  const imported = tool === 'argocd' ? importArgo(objects, choice) : importFlux(objects, choice);
  return { imported, more: new Map(), known: new Map() };
}

async function onContext<T>(
  options: ImportOptions,
  around: Surroundings,
  use: (client: KubeClient) => Promise<T>,
): Promise<T> {
  if (options.context === undefined) throw new UsageError('name the cluster to import from with --context');
  const { client } = openContext(options, around);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function parseYaml(text: string): JsonObject | undefined {
  const { documents, problems } = readManifests('values', text);
  return problems.length > 0 || documents.length > 1 ? undefined : (documents[0]?.value ?? {});
}

async function fromLive(
  { prefix }: Around,
  declared: readonly Declared[],
  options: ImportOptions,
  around: Surroundings,
): Promise<Found> {
  if (options.context === undefined) throw new UsageError('name the cluster to import from with --context');
  const { client } = openContext(options, around);
  try {
    const { signal } = around;
    const clusterID = await client.identity(signal);
    const same = declared.find(({ value }) => clusterIDOf(value) === clusterID);
    const cluster = options.cluster ?? (same === undefined ? options.context : nameOf(same.value));
    if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(cluster))
      throw new UsageError(`${JSON.stringify(cluster)} is no name of a cluster; give one with --cluster`);
    refuseMix(cluster, clusterID, declared);
    const { objects, remarks } = await liveObjects(
      { namespaces: options.namespace, selector: options.selector, kinds: options.kinds },
      client,
      signal,
    );
    const choice = { cluster, prefix, withSecrets: options.secrets === true };
    const imported = importLive(objects, choice);
    const known = new Map([[cluster, () => openContext(options, around).client]]);
    if (declaredAs(cluster, declared) !== undefined)
      return { imported: { ...imported, remarks: [...remarks, ...imported.remarks] }, more: new Map(), known };
    // The plan needs a cluster to look at; Git is to get one by joining it.
    const stand = formatYaml(newCluster({ name: cluster, clusterID, access: { inCluster: true }, labels: {} }));
    const join = {
      subject: `Cluster ${cluster}`,
      reason: `is not in the inventory yet: landfall cluster join ${cluster} --context ${options.context}`,
    };
    return {
      imported: { ...imported, remarks: [join, ...remarks, ...imported.remarks] },
      more: new Map([[`${prefix}clusters/${cluster}.yaml`, stand]]),
      known,
    };
  } finally {
    client.close();
  }
}

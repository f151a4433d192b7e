/** The objects of Argo CD or Flux: out of a file or a folder, or off the cluster that they run on. */
import { readFile, stat } from 'node:fs/promises';
import { objects, text } from '../../core/import/surroundings.ts';
import { at } from '../../core/json/value.ts';
import { isKubeObject, type KubeObject } from '../../core/model/object.ts';
import type { SourceFile } from '../../core/model/source.ts';
import { readManifests } from '../../core/yaml/read.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { builtinKinds } from '../../engine/member/builtin-kind.ts';
import { UsageError } from '../failure.ts';
import { openFolder } from '../offline/folder.ts';

export type Tool = 'argocd' | 'flux';

/** Errors: UsageError, for what cannot be read: half of a set-up would look like the whole of it. */
export async function objectsInFile(path: string, signal: AbortSignal): Promise<readonly KubeObject[]> {
  const files = await filesAt(path, signal);
  for (const { path: name, problems } of files) {
    const [problem] = problems;
    if (problem !== undefined) throw new UsageError(`${name}:${problem.line}:${problem.column} ${problem.message}`);
  }
  return files.flatMap(({ documents }) => documents.flatMap(({ value }) => (isKubeObject(value) ? [value] : [])));
}

async function filesAt(path: string, signal: AbortSignal): Promise<readonly SourceFile[]> {
  try {
    if ((await stat(path)).isFile()) return [readManifests(path, await readFile(path))];
  } catch (cause) {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const folder = await openFolder(path, undefined, signal);
  folder.close();
  return folder.snapshot.files;
}

const groups: Readonly<Record<Tool, RegExp>> = {
  argocd: /^argoproj\.io$/,
  flux: /^(?:(?:kustomize|helm|source)\.toolkit\.fluxcd\.io|fluxcd\.controlplane\.io)$/,
};
const wanted =
  /^(?:Application|ApplicationSet|AppProject|Kustomization|HelmRelease|GitRepository|HelmRepository|OCIRepository|HelmChart|ResourceSet)$/;

/** Errors: FaultError; UsageError, when the tool is not there. */
export async function objectsOnCluster(
  tool: Tool,
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const { all } = await client.kinds(signal);
  const seen = new Set<string>();
  const kinds = all.filter(({ group, kind }) => {
    if (!groups[tool].test(group) || !wanted.test(kind) || seen.has(`${group}/${kind}`)) return false;
    seen.add(`${group}/${kind}`);
    return true;
  });
  if (kinds.length === 0)
    throw new UsageError(`the cluster serves no kinds of ${tool === 'argocd' ? 'Argo CD' : 'Flux'}`);
  const found: KubeObject[] = [];
  for (const kind of kinds) found.push(...(await client.list({ kind }, signal)).items);
  if (tool === 'flux') return [...found, ...(await valuesOf(found, client, signal))];
  const labelSelector = 'argocd.argoproj.io/secret-type=cluster';
  return [...found, ...(await client.list({ kind: builtinKinds.secret, labelSelector }, signal)).items];
}

/** The ConfigMaps that releases take values from, and Kustomizations variables. Secrets are not read: none of them is ever written. */
async function valuesOf(
  found: readonly KubeObject[],
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const named = found.flatMap(({ metadata, spec }) => {
    const references = [...objects(at(spec, 'valuesFrom')), ...objects(at(spec, 'postBuild', 'substituteFrom'))];
    const own = references.filter(({ kind }) => kind === 'ConfigMap');
    return own.map((each) => `${metadata.namespace ?? ''}/${text(each, 'name')}`);
  });
  const namespaces = new Set(named.map((name) => name.slice(0, name.indexOf('/'))));
  const configMaps: KubeObject[] = [];
  for (const namespace of namespaces)
    configMaps.push(...(await client.list({ kind: builtinKinds.configMap, namespace }, signal)).items);
  return configMaps.filter(({ metadata }) => named.includes(`${metadata.namespace ?? ''}/${metadata.name}`));
}

/** The objects of Argo CD or Flux: out of a file or a folder, or off the cluster that they run on. */
import { readFile, stat } from 'node:fs/promises';
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
  flux: /^(?:kustomize|helm|source)\.toolkit\.fluxcd\.io$/,
};
const wanted = /^(?:Application|ApplicationSet|Kustomization|HelmRelease|GitRepository|HelmRepository|OCIRepository)$/;

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
  if (tool === 'flux') return found;
  const labelSelector = 'argocd.argoproj.io/secret-type=cluster';
  return [...found, ...(await client.list({ kind: builtinKinds.secret, labelSelector }, signal)).items];
}

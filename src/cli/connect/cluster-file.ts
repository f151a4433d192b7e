/** May a Cluster name this file as its kubeconfig, and how far is what it says to be trusted? */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { Cluster } from '../../core/model/fleet.ts';
import { parseGitURL } from '../../edge/git/url.ts';
import type { Trust } from '../../edge/kube/kubeconfig.ts';
import { pathFrom } from '../settings/path.ts';
import type { Settings } from '../settings/settings.ts';

export type ClusterFile = { readonly path: string; readonly trust: Trust };

/**
 * The file behind `access.file` of a Cluster.
 *
 * Shape: who writes to a repository of role `single` runs Landfall too, so its Clusters may name any file. Clusters of an
 *   `operator` repository may name files of the settings' `kubeconfigDir` only. A kubeconfig may run programs and read
 *   other files; one that lies in a working tree came from Git, where whoever can push could put one, so it may do neither.
 * Errors: misconfigured.
 */
export function clusterFile(cluster: Cluster, path: string, settings: Settings): ClusterFile {
  const { base, folder } = settings.clusterFiles;
  const role = settings.repositories.find(({ name }) => name === cluster.origin.repository)?.role;
  const whole = realPath(pathFrom(base, path));
  const refuse = (why: string): never => {
    throw new FaultError({ kind: 'misconfigured', detail: `cluster ${cluster.id} names the file ${path}: ${why}` });
  };
  if (role !== 'single' && folder === undefined) refuse('the settings allow that with `kubeconfigDir` only');
  if (folder !== undefined && !isInside(whole, realPath(folder)))
    refuse(`it is not in ${folder}, the \`kubeconfigDir\` of the settings`);
  const isFromGit = workingTrees(settings).some((tree) => isInside(whole, tree));
  return { path: whole, trust: isFromGit ? 'data' : 'operator' };
}

/** Through symbolic links; a path that leads nowhere stays as it is, and reading it will say so. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

/** Folders whose files come out of a repository of the settings. */
function workingTrees({ repositories }: Settings): readonly string[] {
  return repositories.flatMap(({ address }) => {
    const url = parseGitURL(address);
    if (url.kind !== 'local') return [];
    return [realPath(basename(url.path) === '.git' ? dirname(url.path) : url.path)];
  });
}

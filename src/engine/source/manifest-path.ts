/** Which files of a repository may hold manifests. */
import type { TreeFile } from '../../seam/git.ts';

export type ManifestPaths = {
  /** Only below this folder; empty: the whole repository. */
  readonly root: string;
};

const endings = ['.yaml', '.yml', '.json'];
const otherTools: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'composer.json',
  'biome.json',
  'renovate.json',
]);

/**
 * The files to read, in order of path.
 *
 * Shape: without folders that begin with a dot, `node_modules`, and the templates of Helm charts, which are text with
 *   holes and no manifests.
 */
export function manifestFiles(files: readonly TreeFile[], { root }: ManifestPaths): readonly TreeFile[] {
  const charts = files.filter(({ path }) => nameOf(path) === 'Chart.yaml').map(({ path }) => folderOf(path));
  const templates = charts.map((chart) => (chart === '' ? 'templates/' : `${chart}/templates/`));
  return files.filter(
    ({ path, mode }) =>
      mode !== 'submodule' &&
      (root === '' || path.startsWith(`${root}/`)) &&
      // The one file without an ending that is YAML by its name.
      (endings.some((ending) => path.endsWith(ending)) || nameOf(path) === 'Kustomization') &&
      !otherTools.has(nameOf(path)) &&
      !path.split('/').some((step) => step.startsWith('.') || step === 'node_modules') &&
      !templates.some((folder) => path.startsWith(folder)),
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The commands that make objects. */
import { join, relative } from 'node:path';
import { formatJson } from '../../core/json/text.ts';
import type { FileRef } from '../../core/model/file-ref.ts';
import type { Overlay, ToolRun } from '../../core/model/tool.ts';
import type { Workspace } from './workspace.ts';

export type HelmRun = Extract<ToolRun, { readonly kind: 'helm' }>;
export type KustomizeRun = Extract<ToolRun, { readonly kind: 'kustomize' }>;

/** What a run reads of the repository, each file once. */
export function inputsOf(run: ToolRun): readonly FileRef[] {
  if (run.kind === 'kustomize') return run.files;
  const chart = run.chart.kind === 'folder' ? run.chart.files : [];
  return [...new Map([...chart, ...run.valuesFiles].map((file) => [file.path, file])).values()];
}

/** Source: `kustomize build --help`. No plugin, no chart, no program in a container; files stay below their folder. */
export async function kustomizeBuild(run: KustomizeRun, workspace: Workspace): Promise<readonly string[]> {
  const folder = run.overlay === undefined ? workspace.pathOf(run.folder) : await overlaid(run, run.overlay, workspace);
  return ['build', '--load-restrictor=LoadRestrictionsRootOnly', folder];
}

/** Shape: the folder of a kustomization that is written for this run alone. Bases are named by relative paths. */
async function overlaid({ folder, remotes }: KustomizeRun, { over, fields }: Overlay, workspace: Workspace) {
  const own = join(workspace.folder, 'own');
  const resources = over === 'remotes' ? [...remotes] : [relative(own, workspace.pathOf(folder))];
  await workspace.write('kustomization.yaml', formatJson({ ...fields, resources }));
  return own;
}

/** Source: `helm template --help`. `chart`: a folder or an archive on this machine. */
export async function helmTemplate(run: HelmRun, chart: string, workspace: Workspace): Promise<readonly string[]> {
  const { releaseName, namespace, values, valuesFiles, capabilities } = run;
  const own = await workspace.write('values.json', formatJson(values));
  const held = await Promise.all(
    (run.held ?? []).map((text, index) => workspace.write(`held-${index + 1}.yaml`, text)),
  );
  return [
    'template',
    releaseName,
    chart,
    '--namespace',
    namespace,
    '--include-crds',
    '--skip-tests',
    ...valuesFiles.flatMap(({ path }) => ['--values', workspace.pathOf(path)]),
    ...held.flatMap((path) => ['--values', path]),
    // The component's own values win, so they come last.
    '--values',
    own,
    ...(capabilities === undefined ? [] : ['--kube-version', capabilities.kubeVersion]),
    ...(capabilities === undefined ? [] : ['--api-versions', capabilities.apiVersions.join(',')]),
  ];
}

/** Source: `helm pull --help`. */
export const helmPull = ({ repository, name, version }: RemoteChart, into: string): readonly string[] => {
  const where = repository.startsWith('oci://') ? [`${repository}/${name}`] : [name, '--repo', repository];
  return ['pull', ...where, '--version', version, '--destination', into];
};

/** Source: `helm package --help`. */
export const helmPackage = (folder: string, into: string): readonly string[] => [
  'package',
  folder,
  '--destination',
  into,
];

/**
 * One revision of a repository, without its history.
 *
 * Source: git-fetch(1). What is a link there is a file with a path in it here: a link could lead out of the folder.
 */
export const gitFetch = ({ url, revision }: GitChart, folder: string): readonly (readonly string[])[] => [
  ['init', '--quiet', folder],
  ['-C', folder, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', url, revision],
  ['-C', folder, '-c', 'core.symlinks=false', 'checkout', '--quiet', 'FETCH_HEAD'],
];

export type RemoteChart = Extract<HelmRun['chart'], { readonly kind: 'remote' }>;
export type GitChart = Extract<HelmRun['chart'], { readonly kind: 'git' }>;

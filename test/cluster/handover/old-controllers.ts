/** KubeFed, KubeVela and Flux themselves: found, or built when somebody asks for them. */
import { join } from 'node:path';
import type { Report } from '../assets.ts';
import { findGoTools, findOrBuildGoTools, type GoTools } from '../go-tools.ts';

export type OldController = {
  readonly program: string;
  /** Files of its published module, each under its own path. */
  readonly folder: string;
};

const kubefed: GoTools = {
  title: 'KubeFed',
  name: 'kubefed',
  module: join(import.meta.dirname, 'kubefed'),
  programs: ['controller-manager'],
  linkerFlags: () => '-s -w',
  kept: [{ module: 'sigs.k8s.io/kubefed', paths: ['charts/kubefed'] }],
};
const kubevela: GoTools = {
  title: 'KubeVela',
  name: 'kubevela',
  module: join(import.meta.dirname, 'kubevela'),
  programs: ['core'],
  linkerFlags: (goMod) =>
    `-s -w -X github.com/oam-dev/kubevela/version.VelaVersion=${/oam-dev\/kubevela (v\S+)/.exec(goMod)?.[1] ?? 'v1'}`,
  kept: [{ module: 'github.com/oam-dev/kubevela', paths: ['charts/vela-core'] }],
};

const fluxControllers = ['source-controller', 'kustomize-controller', 'helm-controller'];
const flux: GoTools = {
  title: 'Flux',
  name: 'flux',
  module: join(import.meta.dirname, 'flux'),
  programs: fluxControllers,
  linkerFlags: () => '-s -w',
  kept: fluxControllers.map((name) => ({ module: `github.com/fluxcd/${name}`, paths: ['config/crd/bases'] })),
};

/** The folder with its controllers, and below it their kinds. */
export const findFlux = (): string | undefined => findGoTools(flux);
/** Shape: why it cannot be had, in one line. Cost: some minutes the first time, nothing after. */
export const buildFlux = (report: Report): Promise<{ readonly folder: string } | string> =>
  findOrBuildGoTools(flux, report);

export const findKubeFed = (): OldController | undefined => find(kubefed);
export const findKubeVela = (): OldController | undefined => find(kubevela);

function find(tools: GoTools): OldController | undefined {
  const folder = findGoTools(tools);
  return folder === undefined ? undefined : { folder, program: join(folder, tools.programs[0] ?? '') };
}

/** Shape: a line for each that could not be built. Cost: a quarter of an hour on two cores the first time, nothing after. */
export async function buildOldControllers(report: Report): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const tools of [kubefed, kubevela, flux]) {
    const found = await findOrBuildGoTools(tools, report);
    if (typeof found === 'string') problems.push(`${skipLine(tools.title)} (${found})`);
  }
  return problems;
}

/** What a run says where one is not there. */
export const skipLine = (title: string): string =>
  `SKIPPED: nothing was handed over from a real ${title}. \`npm run test:cluster -- --handover\` builds it once, with Go 1.26 or newer.`;

/** Flux: its two controllers that a push passes through, built from their published modules. */
import { join } from 'node:path';
import { findOrBuildGoTools, type GoTools } from '../../cluster/go-tools.ts';

const controllers = ['source-controller', 'kustomize-controller'] as const;
const definitions = 'config/crd/bases';

const flux: GoTools = {
  title: 'Flux',
  name: 'flux',
  module: join(import.meta.dirname, 'module'),
  programs: controllers,
  linkerFlags: () => '-s -w',
  kept: controllers.map((name) => ({ module: `github.com/fluxcd/${name}`, paths: [definitions] })),
};

export type FluxPrograms = {
  readonly sourceController: string;
  readonly kustomizeController: string;
  /** A folder of custom resource definitions. */
  readonly definitions: string;
};

/** Errors: rejects where there is no Go, with the reason. Cost: some minutes the first time, nothing after. */
export async function fluxPrograms(report: (line: string) => void): Promise<FluxPrograms> {
  const found = await findOrBuildGoTools(flux, report);
  if (typeof found === 'string') throw new Error(`Flux cannot be had: ${found}`);
  const [sourceController = '', kustomizeController = ''] = controllers.map((name) => join(found.folder, name));
  return { sourceController, kustomizeController, definitions: join(found.folder, definitions) };
}

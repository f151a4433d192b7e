/** Helm and Kustomize: found, or built. */
import { join } from 'node:path';
import type { Report } from './assets.ts';
import { findGoTools, findOrBuildGoTools, type GoTools } from './go-tools.ts';

export type RenderTools = { readonly folder: string; readonly helm: string; readonly kustomize: string };

const versionPackage = 'helm.sh/helm/v4/internal/version';
const tools: GoTools = {
  title: 'Helm and Kustomize',
  name: 'render-tools',
  module: join(import.meta.dirname, 'tools'),
  programs: ['helm', 'kustomize'],
  linkerFlags: (goMod) => `-s -w -X ${versionPackage}.version=${/helm\.sh\/helm\/v4 (v\S+)/.exec(goMod)?.[1] ?? 'v4'}`,
};

/** Those that were built before; undefined when there are none. */
export function findRenderTools(): RenderTools | undefined {
  const folder = findGoTools(tools);
  return folder === undefined ? undefined : renderToolsIn(folder);
}

/** Shape: why there are none, in one line. Cost: some minutes the first time, nothing after. */
export async function findOrBuildRenderTools(report: Report): Promise<RenderTools | string> {
  const found = await findOrBuildGoTools(tools, report);
  return typeof found === 'string' ? found : renderToolsIn(found.folder);
}

const renderToolsIn = (folder: string): RenderTools => ({
  folder,
  helm: join(folder, 'helm'),
  kustomize: join(folder, 'kustomize'),
});

/** What a run says when they are not there. */
export const skipLine =
  'SKIPPED: no test ran a real Helm or Kustomize. `npm run test:cluster` builds them once, with Go 1.26 or newer.';

/** SOPS itself: found, or built. */
import { join } from 'node:path';
import type { Report } from './assets.ts';
import { findGoTools, findOrBuildGoTools, type GoTools } from './go-tools.ts';

const tools: GoTools = {
  title: 'SOPS',
  name: 'sops',
  module: join(import.meta.dirname, 'sops'),
  programs: ['sops'],
  linkerFlags: () => '-s -w',
};

/** The program, when it was built before. */
export function findSops(): string | undefined {
  const folder = findGoTools(tools);
  return folder === undefined ? undefined : join(folder, 'sops');
}

/** Shape: why there is none, in one line; undefined when there is one. Cost: some minutes the first time, nothing after. */
export async function buildSops(report: Report): Promise<string | undefined> {
  if (process.env.LANDFALL_LEAN === '1') return findSops() === undefined ? skipLine : undefined;
  const found = await findOrBuildGoTools(tools, report);
  return typeof found === 'string' ? found : undefined;
}

/** What a run says when it is not there. */
export const skipLine =
  'SKIPPED: no test read a file of the real SOPS. `npm run test:cluster` builds it once, with Go 1.26 or newer.';

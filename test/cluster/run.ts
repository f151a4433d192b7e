/**
 * `npm run test:cluster`: finds or builds Kubernetes and Gitea, then runs every test of this folder on real API servers.
 *
 * `-- <file>…` runs these alone; `-- --build-only` runs none; with `-- --required` it is a failure to have no Kubernetes;
 * `-- --lean` builds neither Gitea nor SOPS, and uses them where they were built before; `-- --handover` builds KubeFed, KubeVela
 * and Flux too, which are only used where they were built before.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOrBuildAssets } from './assets.ts';
import { findOrBuildGitea, giteaSkipLine } from './gitea/build.ts';
import { buildOldControllers } from './handover/old-controllers.ts';
import { findOrBuildRenderTools } from './render-tools.ts';
import { skipLine } from './skip-line.ts';
import { buildSops } from './sops.ts';

const report = (line: string): void => console.error(`# ${line}`);
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isBuildOnly = flags.includes('--build-only');

// Whoever builds looks there, the tests among them.
if (flags.includes('--lean')) process.env.LANDFALL_LEAN = '1';

const search = await findOrBuildAssets(report);
const tools = await findOrBuildRenderTools(report);
if (typeof tools === 'string') report(tools);
const noSops = await buildSops(report);
if (noSops !== undefined) report(noSops);
const gitea = await findOrBuildGitea(report);
if (typeof gitea === 'string') report(giteaSkipLine(gitea));
if (flags.includes('--handover')) for (const line of await buildOldControllers(report)) report(line);
if (search.kind === 'missing') {
  report(skipLine(search.reason));
  if (isBuildOnly || flags.includes('--required')) process.exitCode = 1;
} else if (!isBuildOnly) {
  const files = chosen.length > 0 ? chosen : globSync(join(import.meta.dirname, '**/*.test.ts')).toSorted();
  const args = ['--test', '--test-isolation=none', '--test-reporter=spec', ...files];
  const environment = { ...process.env, KUBEBUILDER_ASSETS: dirname(search.assets.apiServer) };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
  // The child ends its servers, and this process ends with it.
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code) => process.exit(code ?? 1));
}

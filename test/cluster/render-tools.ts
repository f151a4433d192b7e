/** Helm and Kustomize: found, or built from their published modules once and kept, beside the programs of Kubernetes. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot, lock, type Report, run } from './assets.ts';

export type RenderTools = { readonly folder: string; readonly helm: string; readonly kustomize: string };

const source = join(import.meta.dirname, 'tools');
const versionPackage = 'helm.sh/helm/v4/internal/version';

/** Those that were built before; undefined when there are none. */
export function findRenderTools(): RenderTools | undefined {
  const folder = cacheFolder();
  const tools = { folder, helm: join(folder, 'helm'), kustomize: join(folder, 'kustomize') };
  return existsSync(tools.helm) && existsSync(tools.kustomize) ? tools : undefined;
}

/** Shape: why there are none, in one line. Cost: some minutes the first time, nothing after. */
export async function findOrBuildRenderTools(report: Report): Promise<RenderTools | string> {
  const found = findRenderTools();
  if (found !== undefined) return found;
  const folder = cacheFolder();
  mkdirSync(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`, report);
  try {
    return findRenderTools() ?? (await build(folder, report)) ?? findRenderTools() ?? `nothing was built in ${folder}`;
  } finally {
    unlock();
  }
}

/** What a run says when they are not there. */
export const skipLine =
  'SKIPPED: no test ran a real Helm or Kustomize. `npm run test:cluster` builds them once, with Go 1.26 or newer.';

function cacheFolder(): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(source, file)));
  return join(cacheRoot(), `render-tools-${hash.digest('hex').slice(0, 12)}`);
}

async function build(folder: string, report: Report): Promise<string | undefined> {
  const temporary = `${folder}.${process.pid}.tmp`;
  mkdirSync(temporary, { recursive: true });
  report(`building Helm and Kustomize from source into ${folder} (once; some minutes)`);
  const version = /helm\.sh\/helm\/v4 (v\S+)/.exec(readFileSync(join(source, 'go.mod'), 'utf8'))?.[1] ?? 'v4';
  const flags = ['-trimpath', '-ldflags', `-s -w -X ${versionPackage}.version=${version}`];
  try {
    const args = ['build', ...flags, '-o', `${temporary}/`, 'tool'];
    const built = await run('go', args, { CGO_ENABLED: '0' }, source);
    if (built.code !== 0) return `go build of Helm and Kustomize failed: ${built.lastLine}`;
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

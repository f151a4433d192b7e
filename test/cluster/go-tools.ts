/** Programs built from their published Go modules, once, and kept beside the programs of Kubernetes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot, lock, type Report, run } from './assets.ts';

/** A Go module whose `tool` lines name the programs. */
export type GoTools = {
  /** As people say it, and as folders are called. */
  readonly title: string;
  readonly name: string;
  readonly module: string;
  readonly programs: readonly string[];
  /** For the linker, from the text of `go.mod`. */
  readonly linkerFlags: (goMod: string) => string;
  /** Files of published modules that are kept beside the programs, under their own paths. */
  readonly kept?: readonly { readonly module: string; readonly paths: readonly string[] }[];
};

/** Where those are that were built before; undefined when one is missing. */
export function findGoTools(tools: GoTools): string | undefined {
  const folder = folderOf(tools);
  const names = [...tools.programs, ...(tools.kept ?? []).flatMap(({ paths }) => paths)];
  return names.every((name) => existsSync(join(folder, name))) ? folder : undefined;
}

/** Shape: why there are none, in one line. Cost: some minutes the first time, nothing after. */
export async function findOrBuildGoTools(
  tools: GoTools,
  report: Report,
): Promise<{ readonly folder: string } | string> {
  const found = findGoTools(tools);
  if (found !== undefined) return { folder: found };
  const folder = folderOf(tools);
  mkdirSync(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`, report);
  try {
    const problem = findGoTools(tools) === undefined ? await build(tools, folder, report) : undefined;
    if (problem !== undefined) return problem;
    return findGoTools(tools) === undefined ? `nothing was built in ${folder}` : { folder };
  } finally {
    unlock();
  }
}

function folderOf({ name, module }: GoTools): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)));
  return join(cacheRoot(), `${name}-${hash.digest('hex').slice(0, 12)}`);
}

async function build(
  { title, module, linkerFlags, kept = [] }: GoTools,
  folder: string,
  report: Report,
): Promise<string | undefined> {
  const temporary = `${folder}.${process.pid}.tmp`;
  mkdirSync(temporary, { recursive: true });
  report(`building ${title} from source into ${folder} (once; some minutes)`);
  const flags = ['-trimpath', '-ldflags', linkerFlags(readFileSync(join(module, 'go.mod'), 'utf8'))];
  try {
    const built = await run('go', ['build', ...flags, '-o', `${temporary}/`, 'tool'], { CGO_ENABLED: '0' }, module);
    if (built.code !== 0) return `go build of ${title} failed: ${built.lastLine}`;
    for (const each of kept) await keep(each, module, temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function keep(
  { module, paths }: NonNullable<GoTools['kept']>[number],
  cwd: string,
  folder: string,
): Promise<void> {
  const { stdout } = await promisify(execFile)('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd });
  for (const path of paths) cpSync(join(stdout.trim(), path), join(folder, path), { recursive: true, mode: 0 });
}

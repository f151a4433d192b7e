/** Gitea: found, or built from its published module once and kept, beside the programs of Kubernetes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot, lock, type Report, run } from '../assets.ts';

export type Gitea = {
  readonly program: string;
  /** Its templates and languages, which a build from the module does not hold. */
  readonly staticFolder: string;
};

const here = import.meta.dirname;
const module = 'code.gitea.io/gitea';
const statics = ['templates', 'options', 'public'];
/** Longer than that nobody waits for one more test. */
const buildMsMax = 20 * 60_000;

/** The one that was built before; undefined when there is none. */
export function findGitea(): Gitea | undefined {
  const folder = cacheFolder();
  const gitea = { program: join(folder, 'gitea'), staticFolder: join(folder, 'static') };
  return existsSync(gitea.program) && existsSync(gitea.staticFolder) ? gitea : undefined;
}

/** Shape: why there is none, in one line. Cost: some ten minutes on two cores the first time, nothing after. */
export async function findOrBuildGitea(report: Report): Promise<Gitea | string> {
  const found = findGitea();
  if (found !== undefined) return found;
  if (process.env.LANDFALL_LEAN === '1') return 'it was not to be built';
  if ((await run('go', ['version'], {})).code !== 0) return 'there is no `go` in PATH to build it with';
  const folder = cacheFolder();
  mkdirSync(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`, report);
  try {
    return findGitea() ?? (await build(folder, report)) ?? findGitea() ?? `nothing was built in ${folder}`;
  } finally {
    unlock();
  }
}

/** What a run says when there is none. */
export const giteaSkipLine = (reason: string): string =>
  `SKIPPED: no test ran on a real Gitea (${reason}). \`npm run test:cluster -- --build-only\` builds it once, with Go 1.26.2 or newer and a C compiler.`;

function cacheFolder(): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(here, file)));
  return join(cacheRoot(), `gitea-${version()}-${hash.digest('hex').slice(0, 12)}`);
}

function version(): string {
  return /code\.gitea\.io\/gitea v(\S+)/.exec(readFileSync(join(here, 'go.mod'), 'utf8'))?.[1] ?? '';
}

async function build(folder: string, report: Report): Promise<string | undefined> {
  const temporary = `${folder}.${process.pid}.tmp`;
  mkdirSync(temporary, { recursive: true });
  report(`building Gitea ${version()} from source into ${folder} (once; some ten minutes)`);
  // SQLite is written in C.
  const tags = ['-tags', 'sqlite sqlite_unlock_notify'];
  const flags = ['-trimpath', ...tags, '-ldflags', `-s -w -X main.Version=${version()}`];
  try {
    const args = ['build', ...flags, '-o', `${temporary}/`, 'tool'];
    const built = await run('go', args, { CGO_ENABLED: '1' }, here, buildMsMax);
    if (built.code !== 0) return `go build of Gitea failed: ${built.lastLine || 'it took too long'}`;
    const { stdout } = await promisify(execFile)('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd: here });
    for (const name of statics)
      cpSync(join(stdout.trim(), name), join(temporary, 'static', name), { recursive: true, mode: 0 });
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

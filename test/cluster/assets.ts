/** The programs of a control plane: found, or built from their published modules once and kept. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Assets = {
  readonly etcd: string;
  readonly apiServer: string;
  /** Absent in a `KUBEBUILDER_ASSETS` that has none: then no controllers run. */
  readonly controllerManager: string | undefined;
  readonly kubectl: string | undefined;
};
export type AssetSearch =
  | { readonly kind: 'found'; readonly assets: Assets }
  | { readonly kind: 'missing'; readonly reason: string };

export type Report = (line: string) => void;

const here = import.meta.dirname;
const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
const reportEveryMs = 15_000;

/**
 * `KUBEBUILDER_ASSETS` when set, else the cache folder, filled by `go build` when it is empty.
 *
 * Shape: `missing` where there is nothing and nothing can be built; the reason fits one line. Cost: about six minutes
 * on two cores the first time, nothing after.
 */
export async function findOrBuildAssets(report: Report): Promise<AssetSearch> {
  const given = process.env.KUBEBUILDER_ASSETS;
  if (given !== undefined && given !== '') return assetsIn(given, `KUBEBUILDER_ASSETS=${given}`);
  const folder = cacheFolder();
  if (isWhole(folder)) return assetsIn(folder, folder);
  const go = await run('go', ['version'], {});
  if (go.code !== 0)
    return { kind: 'missing', reason: 'no KUBEBUILDER_ASSETS, and no `go` in PATH to build them with' };
  mkdirSync(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`, report);
  try {
    if (isWhole(folder)) return assetsIn(folder, folder);
    const failure = await build(folder, report);
    return failure === undefined ? assetsIn(folder, folder) : { kind: 'missing', reason: failure };
  } finally {
    unlock();
  }
}

const isWhole = (folder: string): boolean => programs.every((program) => existsSync(join(folder, program)));

function assetsIn(folder: string, named: string): AssetSearch {
  const optional = (program: string): string | undefined =>
    existsSync(join(folder, program)) ? join(folder, program) : undefined;
  const etcd = optional('etcd');
  const apiServer = optional('kube-apiserver');
  if (etcd === undefined || apiServer === undefined) {
    return { kind: 'missing', reason: `no etcd and kube-apiserver in ${named}` };
  }
  const assets = {
    etcd,
    apiServer,
    controllerManager: optional('kube-controller-manager'),
    kubectl: optional('kubectl'),
  };
  return { kind: 'found', assets };
}

/** Outside the clone, so that clones share it; named for what it is built from. */
export function cacheFolder(): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(here, file)));
  return join(cacheRoot(), `kubernetes-${kubernetesVersion().slice(1)}-${hash.digest('hex').slice(0, 12)}`);
}

export function cacheRoot(): string {
  const { LANDFALL_CACHE: own, XDG_CACHE_HOME: user } = process.env;
  return own || join(user || join(homedir(), '.cache'), 'landfall');
}

/** As go.mod requires it, such as `v1.36.3`. */
export function kubernetesVersion(): string {
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(join(here, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) throw new Error('go.mod requires no k8s.io/kubernetes');
  return version;
}

/** Builds into a temporary folder that takes its name only when it is whole. Returns why it could not. */
async function build(folder: string, report: Report): Promise<string | undefined> {
  const startedAtMs = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - startedAtMs) / 1_000)} s`;
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  report(`building Kubernetes ${kubernetesVersion()} and etcd from source into ${folder} (once; some minutes)`);
  const commands = ['kube-apiserver', 'kube-controller-manager', 'kubectl'].map(
    (name) => `k8s.io/kubernetes/cmd/${name}`,
  );
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['kube-apiserver, kube-controller-manager and kubectl', ['-o', `${temporary}/`, ...commands]],
    ['etcd', ['-o', join(temporary, 'etcd'), 'go.etcd.io/etcd/server/v3']],
  ];
  try {
    for (const [what, args] of steps) {
      const timer = setInterval(() => report(`still building ${what} (${elapsed()})`), reportEveryMs);
      const built = await run('go', ['build', '-trimpath', '-ldflags', linkerFlags(), ...args], { CGO_ENABLED: '0' });
      clearInterval(timer);
      if (built.code !== 0) return `go build of ${what} failed: ${built.lastLine}`;
      report(`built ${what} (${elapsed()})`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Without these a server that was built from modules would say that it is v0.0.0. */
function linkerFlags(): string {
  const version = kubernetesVersion();
  const [major = '', minor = ''] = version.slice(1).split('.');
  const set = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((where) => [
    `-X ${where}.gitVersion=${version}`,
    `-X ${where}.gitMajor=${major}`,
    `-X ${where}.gitMinor=${minor}`,
  ]);
  return ['-s', '-w', ...set].join(' ');
}

type Finished = { readonly code: number; readonly lastLine: string };

export function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd = here,
  timeoutMs?: number,
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      timeout: timeoutMs,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let tail = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      tail = `${tail}${text}`.slice(-2_000);
    });
    child.on('error', (error) => resolve({ code: 1, lastLine: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, lastLine: tail.trim().split('\n').at(-1) ?? '' }));
  });
}

/** A folder of which one process at a time is the owner; an owner that is gone gives it up. */
export async function lock(folder: string, report: Report): Promise<() => void> {
  const ownerFile = join(folder, 'pid');
  let isReported = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(ownerFile, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = existsSync(ownerFile) ? Number(readFileSync(ownerFile, 'utf8')) : undefined;
    if (owner !== undefined && !isAlive(owner)) rmSync(folder, { recursive: true, force: true });
    else {
      if (!isReported) report(`waiting for process ${owner ?? 'unknown'}, which is building the same`);
      isReported = true;
      await sleep(1_000);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

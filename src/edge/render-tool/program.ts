/** Runs a tool to its end: no shell, an empty environment, no network unless granted, limits on all it takes. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Clock } from '../../seam/clock.ts';

export type ProgramRun = {
  readonly program: string;
  readonly args: readonly string[];
  /** The only folder that it is told of: it starts there, and `HOME` and all caches are in it. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly memoryBytesMax: number;
  readonly outputBytesMax: number;
  /** `open`: as the machine has it. Else the words that put a program where there is none; see `findIsolation`. */
  readonly network: 'open' | Isolation;
  /** Over an open network these alone, and what is below them; absent: any. */
  readonly hosts?: readonly string[];
  /** Of servers that are reached over an open network; absent: those that this machine trusts. */
  readonly caFile?: string | undefined;
};

export type Isolation = readonly string[];

export type ProgramEnd =
  | { readonly kind: 'exit'; readonly code: number; readonly output: Buffer; readonly complaint: string }
  | { readonly kind: 'timeout' }
  /** It printed more than it may. */
  | { readonly kind: 'output' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'unstartable'; readonly reason: string };

const complaintMax = 16 * 1024;

/**
 * Shape: what ended it. Errors: the signal's reason; then it has been stopped, and with it all that it had started.
 * Source: prlimit(1), unshare(1).
 */
export function runProgram(run: ProgramRun, clock: Clock, signal: AbortSignal): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const [program, args] = contained(run);
    const child = spawn(program, args, optionsOf(run));
    let end: ProgramEnd | undefined;
    const stop = (why: ProgramEnd | undefined): void => {
      end ??= why;
      stopGroup(child.pid);
    };
    const onAbort = (): void => stop(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    const cancel = clock.after(run.timeoutMs, () => stop({ kind: 'timeout' }));
    const leave = (): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    const output: Buffer[] = [];
    let outputBytes = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > run.outputBytesMax) stop({ kind: 'output' });
      else output.push(chunk);
    });
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-complaintMax);
    });
    child.once('error', (error) => {
      leave();
      resolve({ kind: 'unstartable', reason: error.message });
    });
    // What it has started does not outlive it, and does not keep its pipes open.
    child.once('exit', () => stopGroup(child.pid));
    child.once('close', (code) => {
      leave();
      if (signal.aborted) return reject(signal.reason);
      if (end !== undefined) return resolve(end);
      if (code !== 0 && isMemory(complaint)) return resolve({ kind: 'memory' });
      resolve({ kind: 'exit', code: code ?? 1, output: Buffer.concat(output), complaint });
    });
  });
}

const isMemory = (complaint: string): boolean =>
  /out of memory|cannot allocate memory|allocation failed/i.test(complaint);

/**
 * With limits of the operating system, and in a network namespace without any way out, where there are such.
 *
 * Elsewhere the network is kept away by a proxy that is not there: programs that ask the environment for one, as Helm,
 * Kustomize and Git do, reach nothing over HTTP; one that opens connections by itself is not stopped.
 */
function contained({ program, args, memoryBytesMax, outputBytesMax, network }: ProgramRun): [string, string[]] {
  const limits = onPath('prlimit');
  const bounded =
    limits === undefined ? [] : [limits, `--data=${memoryBytesMax}`, `--fsize=${outputBytesMax}`, '--core=0'];
  const [first = program, ...rest] = [...bounded, ...(network === 'open' ? [] : network), program, ...args];
  return [first, rest];
}

/** A proxy where nobody listens. */
const nowhere = 'http://127.0.0.1:9';

/** Did it want to reach what it may not? It says how the proxy has failed it. */
export const isKeptAway = (complaint: string): boolean => /127\.0\.0\.1(?::| port )9\b/.test(complaint);

function optionsOf({ folder, network, hosts, memoryBytesMax, caFile }: ProgramRun): SpawnOptions {
  // Whatever is not named here goes by a proxy that is not there. Some read a port there, and some do not.
  const direct = network === 'open' ? hosts?.flatMap((host) => [host, host.replace(/:[0-9]+$/, '')]) : [];
  const home = join(folder, 'home');
  return {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own: what it starts is stopped with it.
    detached: true,
    env: {
      // For git, which Kustomize fetches bases with.
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: join(folder, 'tmp'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      KUBECONFIG: join(home, 'no-kubeconfig'),
      HELM_NO_PLUGINS: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https',
      LC_ALL: 'C',
      NO_COLOR: '1',
      // Runs side by side share the machine with the controller; the collector works harder before the limit is met.
      GOMAXPROCS: '2',
      GOMEMLIMIT: String(Math.floor(memoryBytesMax * 0.75)),
      // For Go's programs, and for the git that Kustomize starts.
      ...(network === 'open' && caFile !== undefined ? { SSL_CERT_FILE: caFile, GIT_SSL_CAINFO: caFile } : {}),
      ...(direct === undefined
        ? {}
        : { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere, NO_PROXY: direct.join(',') }),
    },
  };
}

const isolations = [['--net'], ['--user', '--map-root-user', '--net']];

/** What this machine can do. Shape: empty where it has no namespaces to give. Errors: the signal's reason. */
export async function findIsolation(clock: Clock, folder: string, signal: AbortSignal): Promise<Isolation> {
  const unshare = onPath('unshare');
  if (unshare === undefined) return [];
  for (const flags of isolations) {
    const limits = { timeoutMs: 5_000, memoryBytesMax: 2 ** 28, outputBytesMax: 2 ** 16 };
    const args = [...flags, 'true'];
    const end = await runProgram({ program: unshare, args, folder, network: 'open', ...limits }, clock, signal);
    if (end.kind === 'exit' && end.code === 0) return [unshare, ...flags];
  }
  return [];
}

/** Where a program is; undefined when PATH has none. */
export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function stopGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

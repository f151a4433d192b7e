/** Runs the system's `git`: no shell, no settings but ours, no helper, no hook, no question asked. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { OversizeError } from '../http/faults.ts';
import { misconfigured } from '../settings.ts';

export type GitRun = {
  readonly args: readonly string[];
  /** Settings, by name. They travel in the environment, as arguments are anybody's to see. */
  readonly settings: ReadonlyMap<string, string>;
  /** Added to an environment that is otherwise empty. */
  readonly environment: Readonly<Record<string, string>>;
  /** Units: bytes of standard output. */
  readonly outputMax: number;
  /** Units: bytes of any file written, and of memory. */
  readonly fileMax: number;
  readonly memoryMax: number;
  /** Units: seconds of processor time. */
  readonly processorMax: number;
};

export type GitOutcome = { readonly code: number; readonly output: Buffer; readonly complaint: string };

const complaintMax = 16 * 1024;

// What old and honest histories hold; `git fsck` calls these errors, and none can be used against a reader.
const oldDefects = ['zeroPaddedFilemode', 'badTimezone', 'missingSpaceBeforeDate', 'missingSpaceBeforeEmail'];

const hardened: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['protocol.version', '2'],
  ['transfer.fsckObjects', 'true'],
  ['transfer.bundleURI', 'false'],
  ['fetch.unpackLimit', '1'],
  ['fetch.writeCommitGraph', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['pack.threads', '1'],
  ['index.threads', '1'],
  ['submodule.recurse', 'false'],
  ['push.gpgSign', 'false'],
  ['safe.bareRepository', 'all'],
  ['http.followRedirects', 'false'],
  ...oldDefects.map((defect): [string, string] => [`fetch.fsck.${defect}`, 'ignore']),
];

/**
 * Runs `git` to its end. The signal stops it and all it has started.
 *
 * Errors: `misconfigured` when there is no `git`; OversizeError; the signal's reason. An exit code is an outcome.
 * Source: git(1), git-config(1), prlimit(1).
 */
export function runGit(run: GitRun, signal: AbortSignal): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const [program, args] = limited(run);
    const child = spawn(program, args, {
      env: environmentOf(run),
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      // A group of its own: git starts others that would outlive it.
      detached: true,
    });
    const stop = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    signal.addEventListener('abort', stop, { once: true });

    const output: Buffer[] = [];
    let outputBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes <= run.outputMax) output.push(chunk);
      else stop();
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('latin1')).slice(-complaintMax);
    });
    child.on('error', (cause) => {
      signal.removeEventListener('abort', stop);
      reject(misconfigured('the native transport needs git, and there is none on the path', cause));
    });
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) return reject(signal.reason);
      if (outputBytes > run.outputMax) return reject(new OversizeError(`git says more than ${run.outputMax} bytes`));
      resolve({ code: code ?? 1, output: Buffer.concat(output), complaint: complaint + (killedBy ?? '') });
    });
  });
}

/** With limits of the operating system, where there is `prlimit`. */
function limited(run: GitRun): readonly [string, readonly string[]] {
  hasLimits ??= isOnPath('prlimit');
  if (!hasLimits) return ['git', run.args];
  const limits = [`--fsize=${run.fileMax}`, `--data=${run.memoryMax}`, `--cpu=${run.processorMax}`];
  return ['prlimit', [...limits, 'git', ...run.args]];
}

let hasLimits: boolean | undefined;

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));

function environmentOf(run: GitRun): NodeJS.ProcessEnv {
  const settings = [...hardened, ...run.settings];
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    ...run.environment,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], row) => [
        [`GIT_CONFIG_KEY_${row}`, name],
        [`GIT_CONFIG_VALUE_${row}`, value],
      ]),
    ),
  };
}

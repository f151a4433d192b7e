/** Runs kubectl, unmodified, against one cluster. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type KubectlRun = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type KubectlOptions = {
  /** For `-f -`. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** After this the command is ended: for `get -w`, which never ends by itself. */
  readonly timeoutMs?: number;
  /** Called with each piece of stdout; true ends the command, for what never ends by itself. */
  readonly isEnough?: (stdout: string) => boolean;
};
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlRun>;

export type KubectlProgram = { readonly path: string; readonly version: string };

/** kubectl as a caller of one cluster; its caches stay in `folder`. */
export function kubectlFor(program: string, kubeconfig: string, folder: string): Kubectl {
  const home = join(folder, 'kubectl-home');
  mkdirSync(home, { recursive: true });
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, ['--kubeconfig', kubeconfig, ...args], {
        env: { PATH: process.env.PATH, HOME: home, KUBECACHEDIR: join(home, 'cache'), ...options.environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: options.timeoutMs ?? 60_000,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (options.isEnough?.(stdout) === true) child.kill('SIGTERM');
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 143, stdout, stderr }));
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
    });
}

/** The one that was built and the one of the system, where present, newest first. */
export async function kubectlPrograms(built: string | undefined): Promise<readonly KubectlProgram[]> {
  const paths = [built, '/usr/bin/kubectl', '/usr/local/bin/kubectl'].filter(
    (path): path is string => path !== undefined && existsSync(path),
  );
  const found: KubectlProgram[] = [];
  for (const path of paths) {
    const version = await versionOf(path);
    if (version !== undefined && !found.some((each) => each.version === version)) found.push({ path, version });
  }
  return found;
}

async function versionOf(program: string): Promise<string | undefined> {
  const { stdout } = await kubectlFor(program, '/dev/null', '/tmp')(['version', '--client']);
  return /v(\d+\.\d+)\.\d+/.exec(stdout)?.[1];
}

/** The system's `git`, run on the sandbox's own repositories, with nothing of the user's own Git settings. */
import { spawn } from 'node:child_process';

export type GitRun = {
  readonly code: number;
  readonly out: string;
  /** What it complains of, trimmed. */
  readonly complaint: string;
};

/** What every Git of the sandbox has for an environment. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
}

/** Rejects only where there is no `git`. */
export function runGit(
  args: readonly string[],
  more: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<GitRun> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env: { ...gitEnvironment(), ...more.env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.err += text;
    });
    // One that wants no input may be gone before it has got any.
    child.stdin.on('error', () => undefined);
    child.stdin.end(more.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out: texts.out, complaint: texts.err.trim() }));
  });
}

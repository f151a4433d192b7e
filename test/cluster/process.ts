/** A server that we started: its log, its end, and the promise that it does not outlive us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export type ServerProcess = {
  readonly pid: number;
  /** Undefined while it runs. */
  readonly exit: () => string | undefined;
  /** The last lines of its log. */
  readonly tail: () => string;
  /** Ends it at once, running or not: nothing that it holds matters. Resolves when it is gone. */
  readonly stop: () => Promise<void>;
  /** SIGTERM: it ends in its own way. Resolves, when it has, with how. */
  readonly end: () => Promise<string>;
  /** SIGSTOP: it keeps its connections and answers nobody. */
  readonly pause: () => void;
  readonly resume: () => void;
};

const running = new Set<ChildProcess>();

let isGuarded = false;

/** A test that throws, or a person who presses Ctrl-C, must leave nothing behind. */
function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
  });
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
}

export function startServer(
  program: string,
  args: readonly string[],
  logPath: string,
  environment: Readonly<Record<string, string>> = {},
): ServerProcess {
  guard();
  const log = openSync(logPath, 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
  closeSync(log);
  running.add(child);
  let exit: string | undefined;
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      exit = how;
      running.delete(child);
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
  });
  return {
    pid: child.pid ?? 0,
    exit: () => exit,
    tail: () => readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-15).join('\n'),
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    end: async () => {
      child.kill('SIGTERM');
      await gone;
      return exit ?? '';
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

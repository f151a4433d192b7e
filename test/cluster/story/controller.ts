/** The real controller: `landfall run` as a process of its own, started, told to stop, and killed. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../process.ts';
import { freePorts, untilReady } from '../readiness.ts';

const program = join(import.meta.dirname, '../../../src/main.ts');

export type Controller = {
  /** Where its server listens, once it is started. */
  readonly origin: string;
  /** Resolves when it says that it is ready. */
  readonly start: () => Promise<void>;
  /** SIGTERM, as a kubelet does. Errors: rejects when it does not end well. */
  readonly stop: () => Promise<void>;
  /** SIGKILL: nothing is given up, nothing finished. */
  readonly kill: () => Promise<void>;
  /** A figure of /metrics by its name and labels, as they are printed; 0 where there is none. */
  readonly figure: (name: string) => Promise<number>;
  /** Another command with the same settings. Shape: what it prints; any exit code is fine. */
  readonly command: (...args: readonly string[]) => Promise<string>;
  readonly log: () => string;
};

export async function controller(settingsPath: string, folder: string): Promise<Controller> {
  const [port = 0] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const logPath = join(folder, 'landfall.log');
  let running: ServerProcess | undefined;
  return {
    origin,
    start: async () => {
      const args = [program, 'run', '--config', settingsPath, '--listen', `127.0.0.1:${port}`];
      const started = startServer(process.execPath, args, logPath);
      running = started;
      await untilReady('landfall', started, async () => (await fetch(`${origin}/readyz`)).ok);
    },
    stop: async () => {
      const exit = await running?.end();
      const last = running;
      running = undefined;
      if (exit !== undefined && exit !== 'exit code 0') throw new Error(`landfall ended (${exit}):\n${last?.tail()}`);
    },
    kill: async () => {
      await running?.stop();
      running = undefined;
    },
    figure: async (name) => {
      const text = await (await fetch(`${origin}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.slice(name.length + 1));
    },
    command: (...args) =>
      new Promise((resolve, reject) =>
        execFile(
          process.execPath,
          [program, ...args, '--config', settingsPath],
          { timeout: 60_000 },
          (error, stdout) => {
            if (error !== null && error.code === undefined) reject(error);
            else resolve(stdout);
          },
        ),
      ),
    log: () => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : ''),
  };
}

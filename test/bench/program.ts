/** Programs that a benchmark starts beside itself, so that their work is not counted as Landfall's. */
import { type ChildProcess, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Shape: what it printed. Errors: rejects with what it complained of. */
export async function execute(program: string, args: readonly string[], folder: string): Promise<string> {
  const environment = {
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Bench',
    GIT_AUTHOR_EMAIL: 'bench@example.com',
    GIT_COMMITTER_NAME: 'Bench',
    GIT_COMMITTER_EMAIL: 'bench@example.com',
  };
  const { stdout } = await run(program, args, { cwd: folder, env: environment, maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}

/** Ends it politely, and then not. */
export async function stop(child: ChildProcess): Promise<void> {
  const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
  child.kill('SIGTERM');
  await ended(child);
  clearTimeout(patience);
}

const tickMs = 10;

/** Of a process, its children now and those it has waited for. Undefined where there is no /proc. Units: milliseconds. */
export function processorMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold anything, and ends at the last bracket; utime is the 14th field, the 12th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * tickMs;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + (processorMs(Number(child)) ?? 0), own);
  } catch {
    return undefined;
  }
}

/** Of a process and its children; what processes share is divided among them. Undefined where there is no /proc. */
export function memoryBytes(pid: number): number | undefined {
  try {
    const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + (memoryBytes(Number(child)) ?? 0), Number(match?.[1] ?? 0) * 1_024);
  } catch {
    return undefined;
  }
}

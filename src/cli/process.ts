/** This process as a command sees it: its streams, its folder, its signals. */
import { systemClock } from '../edge/clock/clock.ts';
import { systemRng } from '../edge/rng/rng.ts';
import { showsColour } from './output/paint.ts';
import { runCommand } from './program.ts';
import type { Surroundings, Terminal } from './surroundings.ts';

/** Runs the command that the process was started with, and ends the process. */
export async function runProcess(): Promise<void> {
  const stopping = new AbortController();
  // SIGHUP is of a terminal that was closed; who runs under nohup, whose output is a file, does not want to hear of it.
  const names = process.stdout.isTTY ? (['SIGINT', 'SIGTERM', 'SIGHUP'] as const) : (['SIGINT', 'SIGTERM'] as const);
  for (const name of names) {
    process.once(name, () => stopping.abort(new Error(name)));
  }
  // Whoever reads our output may stop reading: `landfall build . | head`.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // On the way out there is something to tidy up, whether anybody reads or not.
      if (!stopping.signal.aborted) process.exit(error.code === 'EPIPE' ? 0 : 1);
    });
  }
  const around: Surroundings = {
    stdout: terminalOf(process.stdout),
    stderr: terminalOf(process.stderr),
    environment: process.env,
    folder: process.cwd(),
    clock: systemClock,
    rng: systemRng,
    signal: stopping.signal,
  };
  const code = await codeOf(around);
  // Pipes take their time; what is still open beside them (idle connections) must not keep the process.
  await Promise.all([process.stdout, process.stderr].map(drained));
  process.exit(code);
}

async function codeOf(around: Surroundings): Promise<number> {
  try {
    return await runCommand(process.argv.slice(2), around);
  } catch (error) {
    if (around.signal.aborted) return 130;
    around.stderr.write(`a bug of Landfall: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const isTerminal = stream.isTTY === true;
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    hasColour: showsColour(isTerminal, process.env),
    columns: () => stream.columns || 80,
  };
}

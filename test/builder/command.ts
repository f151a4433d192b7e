/** The command line in this process: what it printed, and how it ended. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../../src/cli/program.ts';
import type { Surroundings, Terminal } from '../../src/cli/surroundings.ts';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';

export type Ended = { readonly code: number; readonly out: string; readonly err: string };

export type CommandOptions = {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Somebody looks, on a terminal of 100 columns without colours. */
  readonly isTerminal?: boolean;
  readonly onOut?: (text: string) => void;
};

/** Runs `landfall …argv`. */
export async function command(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const texts = { out: '', err: '' };
  const terminal = (name: 'out' | 'err'): Terminal => ({
    write: (text) => {
      texts[name] += text;
      if (name === 'out') options.onOut?.(text);
    },
    isTerminal: options.isTerminal ?? false,
    hasColour: false,
    columns: () => 100,
  });
  const around: Surroundings = {
    stdout: terminal('out'),
    stderr: terminal('err'),
    environment: options.environment ?? {},
    folder: options.folder ?? process.cwd(),
    clock: systemClock,
    rng: systemRng,
    signal: options.signal ?? new AbortController().signal,
  };
  const code = await runCommand(argv, around);
  return { code, ...texts };
}

export type Files = Readonly<Record<string, string>>;

export type TestFolder = {
  readonly path: string;
  readonly write: (files: Files) => void;
  readonly [Symbol.dispose]: () => void;
};

/** A folder that goes when it is let go: `using folder = testFolder({…})`. */
export function testFolder(files: Files = {}): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  const write = (more: Files): void => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
  };
  write(files);
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

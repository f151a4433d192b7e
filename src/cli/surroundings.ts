/** What a command finds around it: where it prints, where it runs, and when it is told to stop. */
import type { Clock } from '../seam/clock.ts';
import type { Rng } from '../seam/rng.ts';

export type Terminal = {
  readonly write: (text: string) => void;
  /** Somebody looks at it now. */
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  readonly columns: () => number;
};

export type Surroundings = {
  /** The answer, and nothing else. */
  readonly stdout: Terminal;
  /** Logs, and what went wrong. */
  readonly stderr: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of arguments start. */
  readonly folder: string;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Fires when the command is to stop: Ctrl-C, SIGTERM, or a terminal that closes. */
  readonly signal: AbortSignal;
};

/** 0: fine. 1: the answer is no. 2: wrong usage or settings. */
export type ExitCode = 0 | 1 | 2;

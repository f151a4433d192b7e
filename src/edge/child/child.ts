/** A process of our own that reads what others wrote: limited in memory and time, stopped without ceremony. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import { isReply, type Reply, type Request } from './protocol.ts';

export type ChildSettings = {
  /** The program: a module that calls `serveAsks`. */
  readonly entry: URL;
  /** What it may take beyond what an idle one does, where the operating system can tell. Units: bytes. */
  readonly memoryBytesMax: number;
};

export type Child = {
  /**
   * Asks and waits for the answer; `onPart` gets what comes before it. When the deadline passes the process is stopped,
   * and with it whatever else was asked of it.
   *
   * Errors: FaultError as the child threw it; ChildError; the signal's reason; Error for a bug in the child.
   */
  readonly ask: (ask: unknown, options: AskOptions, signal: AbortSignal) => Promise<unknown>;
  readonly isAlive: () => boolean;
  /** How many asks are under way. */
  readonly load: () => number;
  readonly stop: () => void;
};

export type AskOptions = {
  /** Units: milliseconds, from the asking or the last part. */
  readonly deadlineMs: number;
  readonly onPart?: (value: unknown) => void;
};

/** Why an ask got no answer. `lost`: the process ended for the sake of another ask, or of none. */
export type ChildEnd = 'deadline' | 'memory' | 'crash' | 'lost';

export class ChildError extends Error {
  override readonly name = 'ChildError';
  readonly end: ChildEnd;
  constructor(end: ChildEnd, detail: string) {
    super(`the child process ended (${end}): ${detail}`);
    this.end = end;
  }
}

type Pending = {
  readonly settle: (reply: Reply) => void;
  readonly fail: (error: Error) => void;
};

const MiB = 1024 * 1024;
const lastWordsMax = 4096;

export function startChild(settings: ChildSettings, clock: Clock): Child {
  const program = launch(settings);
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let isAlive = true;
  let lastWords = '';
  let guilty: number | undefined;

  const end = (end: ChildEnd, detail: string): void => {
    isAlive = false;
    for (const [id, { fail }] of pending) {
      const isLost = guilty !== undefined && guilty !== id;
      fail(new ChildError(isLost ? 'lost' : end, detail));
    }
    pending.clear();
    stopGroup(program);
  };
  program.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('latin1')).slice(-lastWordsMax);
  });
  program.on('message', (message: unknown) => {
    if (isReply(message)) pending.get(message.id)?.settle(message);
  });
  program.on('error', (error) => end('crash', error.message));
  program.on('close', (code, signal) => {
    const isMemory = /out of memory|allocat|virtual memory|bad_alloc/i.test(lastWords);
    end(isMemory ? 'memory' : 'crash', `${signal ?? `code ${code}`}`);
  });

  return {
    ask: (ask, { deadlineMs, onPart }, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (!isAlive) return reject(new ChildError('lost', 'it had ended before'));
        const id = ++lastId;
        let stopClock: () => void = () => {};
        const arm = (): void => {
          stopClock();
          stopClock = clock.after(deadlineMs, () => {
            guilty = id;
            end('deadline', `no answer within ${deadlineMs} ms`);
          });
        };
        const leave = (): void => {
          stopClock();
          pending.delete(id);
          signal.removeEventListener('abort', onAbort);
        };
        const fail = (error: Error): void => {
          leave();
          reject(error);
        };
        const onAbort = (): void => {
          post(program, { kind: 'cancel', id });
          leave();
          reject(signal.reason);
        };
        const settle = (reply: Reply): void => {
          if (reply.kind === 'part') {
            arm();
            onPart?.(reply.value);
            return;
          }
          leave();
          if (reply.kind === 'done') resolve(reply.value);
          else reject(errorOf(reply));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        pending.set(id, { settle, fail });
        arm();
        post(program, { kind: 'ask', id, ask });
      }),
    isAlive: () => isAlive,
    load: () => pending.size,
    stop: () => end('lost', 'it was stopped'),
  };
}

function errorOf(reply: Extract<Reply, { readonly kind: 'fault' | 'memory' | 'bug' }>): Error {
  if (reply.kind === 'fault') return new FaultError(reply.fault);
  if (reply.kind === 'memory') return new ChildError('memory', 'the input takes more memory than allowed');
  return new Error(reply.message);
}

function launch({ entry, memoryBytesMax }: ChildSettings): ChildProcess {
  const heapMiB = Math.max(64, Math.floor(memoryBytesMax / MiB));
  const flags = [`--max-old-space-size=${heapMiB}`, '--disable-proto=delete'];
  return spawn(process.execPath, [...flags, fileURLToPath(entry), String(memoryBytesMax)], {
    env: { PATH: process.env.PATH },
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A group of its own: what it starts is stopped with it, and what stops us from a terminal is ours to pass on.
    detached: true,
  });
}

function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** A process that has ended takes no message; its end settles what was asked. */
function post(child: ChildProcess, request: Request): void {
  if (child.connected) child.send(request, () => {});
}

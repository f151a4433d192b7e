/** The child's side: answers asks until its parent goes, with a ceiling on its own memory. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { FaultError } from '../../core/model/fault.ts';
import { isRequest, type Reply } from './protocol.ts';

export type AskContext = {
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Sends some of the answer ahead. */
  readonly part: (value: unknown) => void;
};

/**
 * Answers every ask by `handle`, several at a time if several are asked.
 *
 * What `handle` throws: a FaultError goes to the asker as it is, memory that is not to be had as such, everything else
 * as a bug.
 */
export function serveAsks(handle: (ask: unknown, context: AskContext) => Promise<unknown>): void {
  limitMemory(Number(process.argv[2]));
  hardenPrototypes();
  const running = new Map<number, AbortController>();
  const reply = (message: Reply): void => {
    process.send?.(message, () => {});
  };

  process.on('disconnect', leave);
  process.on('message', (message: unknown) => {
    if (!isRequest(message)) return;
    const { id } = message;
    if (message.kind === 'cancel') {
      running.get(id)?.abort(new Error('nobody waits any more'));
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    const part = (value: unknown): void => reply({ kind: 'part', id, value });
    void answer(() => handle(message.ask, { signal: controller.signal, part }), id).then((last) => {
      running.delete(id);
      reply(last);
    });
  });
}

async function answer(run: () => Promise<unknown>, id: number): Promise<Reply> {
  try {
    return { kind: 'done', id, value: await run() };
  } catch (error) {
    if (error instanceof FaultError) return { kind: 'fault', id, fault: error.fault };
    if (isMemory(error)) return { kind: 'memory', id };
    return { kind: 'bug', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const isMemory = (error: unknown): boolean =>
  error instanceof RangeError &&
  /allocat|invalid (?:array buffer|string|array) length|out of memory/i.test(error.message);

/**
 * Has the operating system refuse memory beyond what this process has now plus `bytes`: an allocation then fails,
 * most of the time as an error that can be caught. V8's own ceiling knows only its heap, not the buffers outside.
 *
 * Source: prlimit(1), getrlimit(2), RLIMIT_DATA.
 */
function limitMemory(bytes: number): void {
  if (process.platform !== 'linux') return;
  const now = /^VmData:\s+([0-9]+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  if (now === undefined) return;
  // Without prlimit there are still V8's ceiling and the deadline.
  spawnSync('prlimit', [`--pid=${process.pid}`, `--data=${Number(now) * 1024 + bytes}`], { stdio: 'ignore' });
}

/** What everything inherits from stays as it is, whatever names the input makes up. */
function hardenPrototypes(): void {
  for (const shared of [Object, Array, Map, Set, Promise, String, Number, RegExp]) Object.freeze(shared.prototype);
}

/** Our parent is gone: so are we, and with us the group of what we have started. */
function leave(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(1);
  }
}

/** Questions between a benchmark and the process that it measures: one answer each, over Node's own channel. */
import { type ChildProcess, fork } from 'node:child_process';
import { stop } from './program.ts';

type Asked = { readonly id: number; readonly name: string; readonly argument: unknown };
type Answered = { readonly id: number; readonly value?: unknown; readonly error?: string };

export type Answers<Q extends Questions> = {
  readonly [Name in keyof Q]: (argument: Q[Name][0]) => Promise<Q[Name][1]>;
};
/** By name: what is asked with, and what is answered. */
export type Questions = Readonly<Record<string, readonly [argument: unknown, value: unknown]>>;

export type Measured<Q extends Questions> = {
  readonly pid: number;
  readonly ask: <Name extends keyof Q & string>(name: Name, argument: Q[Name][0]) => Promise<Q[Name][1]>;
  readonly stop: () => Promise<void>;
};

/** Starts a program that calls `answer`. `flags` are Node's. */
export function measured<Q extends Questions>(
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Measured<Q> {
  const child: ChildProcess = fork(program, args, {
    execArgv: [...flags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Answered) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) answer?.resolve(value);
    else answer?.reject(new Error(error));
  });
  child.on('exit', (code, signal) => {
    for (const answer of waiting.values()) answer.reject(new Error(`${program} ended with ${code ?? signal}`));
  });
  return {
    pid: child.pid ?? 0,
    ask: <Name extends keyof Q & string>(name: Name, argument: Q[Name][0]) => {
      asked += 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(asked, answer);
      child.send({ id: asked, name, argument } satisfies Asked);
      // Both sides are of this folder, and take their types from one list.
      return answer.promise as Promise<Q[Name][1]>;
    },
    stop: () => stop(child),
  };
}

/** In the measured process: answers until the benchmark ends it. */
export function answer<Q extends Questions>(answers: Answers<Q>): void {
  process.on('message', async ({ id, name, argument }: Asked) => {
    try {
      process.send?.({ id, value: await answers[name]!(argument) } satisfies Answered);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) } satisfies Answered);
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** The same on both sides. Units: milliseconds. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

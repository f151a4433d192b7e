/** Parsing processes: lent out one at a time, started when needed, stopped when idle. */
import { extname } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import { type Child, startChild } from '../child/child.ts';

export type PoolSettings = {
  /** At the same time. */
  readonly processesMax: number;
  /** A process without work is stopped after it. */
  readonly idleMs: number;
  /** What a process may take beyond what an idle one does. */
  readonly memoryBytesMax: number;
};

export type Pool = {
  /** Lends a process; whoever has it gives it back, or up when it may still be at work. Errors: `misconfigured`, when none starts; the signal's reason. */
  readonly take: (signal: AbortSignal) => Promise<Child>;
  readonly giveBack: (child: Child) => void;
  readonly giveUp: (child: Child) => void;
  readonly close: () => void;
};

const entry = new URL(`./parse-process${extname(import.meta.url)}`, import.meta.url);
const startTimeoutMs = 20_000;

export function openPool(settings: PoolSettings, clock: Clock): Pool {
  const idle = new Map<Child, () => void>();
  const lent = new Set<Child>();
  const waiting: (() => void)[] = [];

  const start = async (signal: AbortSignal): Promise<Child> => {
    const child = startChild({ entry, memoryBytesMax: settings.memoryBytesMax }, clock);
    lent.add(child);
    try {
      // A first ask that no file can fail: what goes wrong here is no file's fault.
      await child.ask({ files: [], limits: {} }, { deadlineMs: startTimeoutMs }, signal);
      return child;
    } catch (cause) {
      giveUp(child);
      if (signal.aborted) throw signal.reason;
      throw new FaultError({ kind: 'misconfigured', detail: 'cannot start a process to read manifests in' }, { cause });
    }
  };

  const giveBack = (child: Child): void => {
    if (!child.isAlive()) return giveUp(child);
    lent.delete(child);
    const cancel = clock.after(settings.idleMs, () => {
      idle.delete(child);
      child.stop();
    });
    idle.set(child, cancel);
    waiting.shift()?.();
  };
  const giveUp = (child: Child): void => {
    lent.delete(child);
    child.stop();
    waiting.shift()?.();
  };

  return {
    take: async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        for (const [child, cancel] of idle) {
          idle.delete(child);
          cancel();
          if (!child.isAlive()) continue;
          lent.add(child);
          return child;
        }
        if (lent.size < settings.processesMax) return start(signal);
        await turn(waiting, signal);
      }
    },
    giveBack,
    giveUp,
    close: () => {
      for (const [child, cancel] of idle) {
        cancel();
        child.stop();
      }
      for (const child of lent) child.stop();
      idle.clear();
    },
  };
}

/** Waits in line until somebody calls, or the signal fires. */
function turn(line: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      const at = line.indexOf(wake);
      if (at >= 0) line.splice(at, 1);
      resolve();
    };
    line.push(wake);
    signal.addEventListener('abort', leave, { once: true });
  });
}

/** Which process works for which repository. */
import { extname } from 'node:path';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import { type Child, ChildError, startChild } from '../child/child.ts';
import type { WorkAsk } from './git-process.ts';
import type { OperationName, Operations } from './operations.ts';
import type { Credential } from './remote/remote.ts';
import { misconfigured, type WorkSettings } from './settings.ts';

/**
 * A repository has a process of its own while it works and none while it rests. So a repository that breaks, stalls or
 * bloats its process harms itself alone, and a hundred repositories at rest cost nothing.
 */
export type GitProcesses = {
  /**
   * Works for the repository that `settings` describe: the same object is the same repository, so that one that was
   * opened anew with other settings never meets a process of the old ones.
   *
   * Errors: FaultError, or the signal's reason.
   */
  readonly perform: <Name extends OperationName>(
    settings: WorkSettings,
    credential: Credential,
    name: Name,
    ask: Operations[Name]['ask'],
    signal: AbortSignal,
  ) => Promise<Operations[Name]['answer']>;
  /** Stops the process of a repository that is no longer wanted. */
  readonly release: (settings: WorkSettings) => void;
  readonly close: () => void;
};

export type GitProcessSettings = {
  /** At the same time. Others wait for their turn. */
  readonly processesMax: number;
  /** A process without work is stopped after it. */
  readonly idleMs: number;
};

export const defaultProcessSettings: GitProcessSettings = { processesMax: 3, idleMs: 120_000 };

type Lane = { readonly child: Child; users: number; stopIdle: () => void; usedAt: number };

const entry = new URL(`./git-process${extname(import.meta.url)}`, import.meta.url);

export function gitProcesses(settings: GitProcessSettings, deps: { clock: Clock; log: Log }): GitProcesses {
  const lanes = new Map<WorkSettings, Lane>();
  const waiting = new Set<() => void>();
  let uses = 0;

  const drop = (work: WorkSettings): void => {
    const lane = lanes.get(work);
    lanes.delete(work);
    lane?.stopIdle();
    lane?.child.stop();
    for (const wake of [...waiting]) wake();
  };

  /** A process for the repository, or undefined while there are too many that work. */
  const laneFor = (work: WorkSettings): Lane | undefined => {
    const known = lanes.get(work);
    if (known?.child.isAlive()) return known;
    if (known !== undefined) drop(work);
    if (lanes.size >= settings.processesMax) {
      const idle = [...lanes].filter(([, { users }]) => users === 0).toSorted(([, a], [, b]) => a.usedAt - b.usedAt)[0];
      if (idle === undefined) return undefined;
      drop(idle[0]);
    }
    const child = startChild({ entry, memoryBytesMax: work.limits.memoryBytesMax }, deps.clock);
    const lane: Lane = { child, users: 0, stopIdle: () => {}, usedAt: 0 };
    lanes.set(work, lane);
    return lane;
  };

  const acquire = async (work: WorkSettings, signal: AbortSignal): Promise<Lane> => {
    for (;;) {
      signal.throwIfAborted();
      const lane = laneFor(work);
      if (lane !== undefined) {
        lane.stopIdle();
        lane.users++;
        lane.usedAt = ++uses;
        return lane;
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  };

  const leave = (work: WorkSettings, lane: Lane): void => {
    lane.users--;
    if (lane.users > 0) return;
    if (lane.child.isAlive() && lanes.get(work) === lane) {
      lane.stopIdle = deps.clock.after(settings.idleMs, () => drop(work));
    }
    for (const wake of [...waiting]) wake();
  };

  return {
    perform: async (work, credential, name, ask, signal) => {
      const lane = await acquire(work, signal);
      const message: WorkAsk = { settings: work, credential, name, ask };
      try {
        const answer = await lane.child.ask(message, { deadlineMs: work.limits.workTimeoutMs }, signal);
        // The other end is this program too: see Operations.
        return answer as Operations[typeof name]['answer'];
      } catch (error) {
        if (!(error instanceof ChildError)) throw error;
        deps.log.warn('git process ended early', { repository: work.id, work: name, why: error.end });
        throw faultOf(error, work.limits.workTimeoutMs);
      } finally {
        leave(work, lane);
      }
    },
    release: drop,
    close: () => {
      for (const work of [...lanes.keys()]) drop(work);
    },
  };
}

function faultOf(error: ChildError, deadlineMs: number): FaultError {
  if (error.end === 'memory') return misconfigured('the repository takes more memory than its limit', error);
  const detail =
    error.end === 'deadline'
      ? `work on the repository was not done within ${deadlineMs} ms`
      : 'work on the repository was cut short';
  return new FaultError({ kind: 'unreachable', detail }, { cause: error });
}

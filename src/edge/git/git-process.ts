/** The program of a repository's process: everything that unpacks or parses what a Git server sent. */
import type { Clock } from '../../seam/clock.ts';
import { type AskContext, serveAsks } from '../child/serve.ts';
import type { OperationName, Operations } from './operations.ts';
import { performers } from './perform.ts';
import type { Credential } from './remote/remote.ts';
import type { WorkSettings } from './settings.ts';
import { openWork, type Work } from './work.ts';

/** One ask, as `processes.ts` sends it. */
export type WorkAsk = {
  readonly settings: WorkSettings;
  readonly credential: Credential;
  readonly name: OperationName;
  readonly ask: Operations[OperationName]['ask'];
};

const clock: Clock = {
  nowMs: () => Date.now(),
  after: (durationMs, wake) => {
    const timer = setTimeout(wake, durationMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** One repository for this process; opened by the first ask. */
let opening: Promise<Work> | undefined;
let turn: Promise<unknown> = Promise.resolve();

// Reads of what is here need no turn; what fetches or pushes does, because it changes the local copy.
const turnless: ReadonlySet<OperationName> = new Set<OperationName>(['files', 'blobs']);

serveAsks((message, context) => {
  // The other end is this program too: see WorkAsk.
  const work = message as WorkAsk;
  if (turnless.has(work.name)) return perform(work, context);
  const mine = turn.then(() => perform(work, context));
  turn = mine.catch(() => undefined);
  return mine;
});

async function perform({ settings, credential, name, ask }: WorkAsk, { signal }: AskContext): Promise<unknown> {
  signal.throwIfAborted();
  opening ??= openWork(settings, clock);
  const { holding, limits, identity } = await opening.catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  const bench = { holding, limits, identity, nowMs: clock.nowMs };
  // A name and its ask were paired by their sender.
  const performer = performers[name] as (b: typeof bench, a: typeof ask, call: object) => Promise<unknown>;
  return performer(bench, ask, { credential, signal });
}

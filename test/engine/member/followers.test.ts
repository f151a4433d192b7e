/** Protects: nobody waits for a first list that will never be whole; Landfall could not end while somebody does. */
import { rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeClient } from '../../../src/edge/kube/client.ts';
import { builtinKinds } from '../../../src/engine/member/builtin-kind.ts';
import { Followers } from '../../../src/engine/member/followers.ts';
import { silentLog } from '../../../src/seam/log.ts';
import { handClock } from '../../builder/clock.ts';
import { seededRng } from '../../builder/rng.ts';

const nothing = (): void => undefined;
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** A cluster that never answers a list or a watch. */
const silent: Pick<KubeClient, 'listReduced' | 'watch'> = {
  listReduced: (_query, _reduce, signal) => untilAborted(signal),
  watch: (_query, _from, _sink, signal) => untilAborted(signal),
};

for (const isLate of [false, true]) {
  test(`start: rejects when told to end ${isLate ? 'already before it' : 'amid its first list'}`, async () => {
    const stop = new AbortController();
    const followers = new Followers(
      { client: silent as KubeClient, clock: handClock(), rng: seededRng(1), log: silentLog },
      { onContact: nothing, onRevoked: nothing },
      stop.signal,
    );
    if (isLate) stop.abort(new Error('told to end'));
    const started = followers.start('leases', { kind: builtinKinds.lease }, (object) => object, nothing);
    stop.abort(new Error('told to end'));
    await rejects(started, /told to end/);
    await followers.ended();
  });
}

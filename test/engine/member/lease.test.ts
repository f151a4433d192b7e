/** Protects: whoever found the lease stale is told when it is fresh again, however short it was stale; giving it up takes its time and no more. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { installationId } from '../../../src/core/model/id.ts';
import { Lease, type LeaseDeps } from '../../../src/engine/member/lease.ts';
import { handClock } from '../../builder/clock.ts';

type Client = LeaseDeps['client'];
const quiet = (): void => undefined;
const log: LeaseDeps['log'] = { debug: quiet, info: quiet, warn: quiet, error: quiet };

test('keep: a renewal whose answer comes late is told of, though the lease was fresh before and is after', async () => {
  const clock = handClock();
  const answers: (() => void)[] = [];
  const client: Pick<Client, 'get' | 'apply' | 'replace'> = {
    get: async () => undefined,
    apply: async (object) => object,
    replace: (object) => new Promise((resolve) => answers.push(() => resolve(object))),
  };
  const lease = new Lease(
    { installation: installationId('test'), holder: 'one', durationMs: 15_000 },
    { client: client as unknown as Client, clock, log, manager: 'landfall-test' },
  );
  let told = 0;
  const stop = new AbortController();
  const kept = lease.keep(() => {
    told += 1;
  }, stop.signal);
  await clock.settle();
  equal(told, 1, 'acquired');
  await clock.advance(5_000);
  equal(answers.length, 1, 'a renewal is under way');
  await clock.advance(6_000);
  equal(lease.isFresh, false, 'it takes longer than the lease is fresh');
  answers[0]!();
  await clock.settle();
  equal(lease.isFresh, true);
  equal(told, 2);
  await clock.advance(1_250);
  equal(answers.length, 2, 'the next renewal does not wait as long as ever');
  answers[1]!();
  await clock.settle();
  equal(told, 2, 'a renewal in time is no news');
  stop.abort();
  await kept;
});

test('release: a cluster that does not answer cannot keep it longer than its time', async () => {
  const clock = handClock();
  const client: Pick<Client, 'get' | 'apply' | 'replace'> = {
    get: async () => undefined,
    apply: async (object) => object,
    replace: (_object, _kind, _options, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
  };
  const lease = new Lease(
    { installation: installationId('test'), holder: 'one', durationMs: 15_000 },
    { client: client as unknown as Client, clock, log, manager: 'landfall-test' },
  );
  const stop = new AbortController();
  const kept = lease.keep(quiet, stop.signal);
  await clock.settle();
  stop.abort();
  await kept;
  let isReleased = false;
  const released = lease.release().then(() => {
    isReleased = true;
  });
  await clock.advance(9_999);
  equal(isReleased, false, 'it has its time');
  await clock.advance(1);
  await clock.settle();
  equal(isReleased, true);
  await released;
});

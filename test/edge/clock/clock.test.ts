/** The machine's clock, and the clock that tests move. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { DeadlineError, deadlineOf, sleep } from '../../../src/seam/clock.ts';
import { handClock } from '../../builder/clock.ts';
import { never } from '../../builder/kube.ts';

/** Timers do not keep the process alive, so the test must. */
const awake = async <T>(work: Promise<T>): Promise<T> => {
  const timer = setInterval(() => {}, 1_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
};

test('systemClock: wakes once, not early, in order; not when cancelled', async () => {
  const woken: string[] = [];
  const startedAtMs = systemClock.nowMs();
  const cancel = systemClock.after(1, () => woken.push('cancelled'));
  cancel();
  systemClock.after(5, () => woken.push('first'));
  await awake(new Promise<void>((resolve) => systemClock.after(30, resolve)));
  deepEqual(woken, ['first']);
  ok(systemClock.nowMs() - startedAtMs >= 29);
});

test('systemClock: a wait of months does not wake at once', async () => {
  let isWoken = false;
  const cancel = systemClock.after(100 * 86_400_000, () => {
    isWoken = true;
  });
  await awake(sleep(systemClock, 20, never));
  cancel();
  equal(isWoken, false);
});

test('handClock: wakes each timer at its moment, and what it started before the next', async () => {
  const clock = handClock(0);
  const woken: string[] = [];
  clock.after(20, () => woken.push(`b ${clock.nowMs()}`));
  clock.after(10, () => {
    woken.push(`a ${clock.nowMs()}`);
    clock.after(5, () => woken.push(`c ${clock.nowMs()}`));
  });
  clock.after(40, () => woken.push('late'))();
  await clock.advance(30);
  deepEqual(woken, ['a 10', 'c 15', 'b 20']);
  deepEqual([clock.nowMs(), clock.waiting()], [30, 0]);
});

test('deadlineOf: fires with its own error, leaves nothing when disposed', async () => {
  const clock = handClock(0);
  {
    using deadline = deadlineOf(clock, 10, never);
    await clock.advance(10);
    ok(deadline.signal.reason instanceof DeadlineError);
  }
  {
    using _ = deadlineOf(clock, 10, never);
  }
  equal(clock.waiting(), 0);
});

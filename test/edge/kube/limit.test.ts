/** How many requests a cluster gets at once. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { type Release, requestLimit } from '../../../src/edge/kube/limit.ts';
import { never } from '../../builder/kube.ts';

test('take: no more than the limit, first come first served', async () => {
  const limit = requestLimit(2);
  const started: number[] = [];
  const ends = [1, 2, 3, 4].map((number) =>
    limit.take(never).then((release) => {
      started.push(number);
      return release;
    }),
  );
  await ends[1];
  deepEqual(started, [1, 2]);
  (await ends[1])?.(false);
  await ends[2];
  deepEqual(started, [1, 2, 3]);
});

test('take: who gives up leaves the queue', async () => {
  const limit = requestLimit(1);
  const release = await limit.take(never);
  const leaving = new AbortController();
  const left = limit.take(leaving.signal);
  const next = limit.take(never);
  leaving.abort(new Error('gave up'));
  await rejects(left, /gave up/);
  release(false);
  (await next)(false);
  await rejects(limit.take(leaving.signal), /gave up/);
});

const inFlightOf = async (limit: ReturnType<typeof requestLimit>): Promise<readonly Release[]> => {
  const releases: Release[] = [];
  for (;;) {
    const leaving = new AbortController();
    const turn = limit.take(leaving.signal).catch(() => undefined);
    const release = await Promise.race([
      turn,
      new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    leaving.abort();
    if (release === undefined) return releases;
    releases.push(release);
  }
};

test('take: a burst of 429 halves the limit once, good answers win it back', async () => {
  const limit = requestLimit(16);
  const burst = await inFlightOf(limit);
  equal(burst.length, 16);
  for (const release of burst) release(true);
  const halved = await inFlightOf(limit);
  equal(halved.length, 8);
  for (const release of halved) release(false);
  const after = await inFlightOf(limit);
  equal(after.length, 8);
  for (const release of after) release(false);
  let held = 0;
  for (let round = 0; round < 20; round += 1) {
    const releases = await inFlightOf(limit);
    held = releases.length;
    for (const release of releases) release(false);
  }
  equal(held, 16);
});

test('take: never less than one', async () => {
  const limit = requestLimit(4);
  for (let round = 0; round < 10; round += 1) (await limit.take(never))(true);
  equal((await inFlightOf(limit)).length, 1);
});

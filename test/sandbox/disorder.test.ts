/** Disorder: what goes wrong, how often, and that it can be switched off again. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { Disorder } from '../../src/sandbox/disorder.ts';
import { configMap, core, type Reply, type Scene, scene } from './scene.ts';

const path = `${core}/configmaps/a`;
const set = ({ cluster }: Scene, disorder: Disorder): void => cluster.setDisorder(disorder);
const isThere = ({ cluster }: Scene): boolean => cluster.read('v1', 'ConfigMap', 'default', 'a') !== undefined;

const always: readonly {
  readonly name: string;
  readonly disorder: Disorder;
  readonly status: number;
  readonly reason?: string;
  readonly isDone: boolean;
}[] = [
  {
    name: 'throttled',
    disorder: { throttleShare: 1, retryAfterSeconds: 3 },
    status: 429,
    reason: 'TooManyRequests',
    isDone: false,
  },
  { name: 'an error before', disorder: { errorShare: 1 }, status: 503, reason: 'ServiceUnavailable', isDone: false },
  { name: 'a conflict', disorder: { conflictShare: 1 }, status: 409, reason: 'Conflict', isDone: false },
  { name: 'an error after', disorder: { errorAfterShare: 1 }, status: 500, reason: 'InternalError', isDone: true },
  { name: 'a portal in between', disorder: { htmlShare: 1 }, status: 200, isDone: false },
];
for (const { name, disorder, status, reason, isDone } of always) {
  test(`disorder: ${name}`, async () => {
    const here = scene({ disorder });
    const said = await here.apply(path, configMap('a'));
    deepEqual([said.status, said.json.reason, isThere(here)], [status, reason, isDone]);
    if (disorder.retryAfterSeconds !== undefined) equal(said.headers['retry-after'], '3');
    set(here, {});
    ok([200, 201].includes((await here.apply(path, configMap('a'))).status));
  });
}

test('disorder: a lost answer is a write that nobody hears of', async () => {
  const here = scene({ disorder: { lostAnswerShare: 1 } });
  await rejects(here.apply(path, configMap('a')), { name: 'CutError', how: 'reset' });
  ok(isThere(here));
});

test('disorder: a write that was refused is refused, and not lost', async () => {
  const here = scene({ disorder: { lostAnswerShare: 1, errorAfterShare: 0.5 } });
  equal((await here.ask('POST', `${core}/configmaps`, { body: configMap('A_b') })).status, 422);
});

test('disorder: down refuses, and cuts what runs', async () => {
  const here = scene();
  const watch = await here.watch(`${core}/configmaps?watch=true`);
  await watch.lines();
  set(here, { isDown: true });
  await here.clock.settle();
  ok(watch.isEnded());
  await rejects(here.ask('GET', '/version'), { name: 'CutError', how: 'refused' });
});

test('disorder: a black hole answers nothing until its caller gives up', async () => {
  const here = scene();
  const watch = await here.watch(`${core}/configmaps?watch=true&resourceVersion=0`);
  await watch.lines();
  set(here, { isBlackHole: true });
  const patience = new AbortController();
  const asked = here.cluster.handle({ method: 'GET', path: '/version', headers: {} }, patience.signal);
  const outcome = asked.then(() => 'answered').catch(() => 'gave up');
  await here.clock.advance(600_000);
  patience.abort();
  equal(await outcome, 'gave up');
});

test('disorder: latency passes on the cluster’s own clock', async () => {
  const here = scene({ disorder: { latencyMs: { min: 100, max: 100 } } });
  const said: Reply[] = [];
  const asked = here.ask('GET', '/version').then((reply) => said.push(reply));
  await here.clock.advance(99);
  equal(said.length, 0);
  await here.clock.advance(1);
  await asked;
  equal(said[0]?.status, 200);
});

test('disorder: a cut watch ends in the middle of a line', async () => {
  const here = scene();
  const answer = await here.cluster.handle(
    { method: 'GET', path: `${core}/configmaps?watch=true`, headers: {} },
    new AbortController().signal,
  );
  set(here, { cutWatchShare: 1 });
  set(here, { cutWatchShare: 1 });
  await here.clock.settle();
  await here.cluster.handle(
    {
      method: 'POST',
      path: `${core}/configmaps`,
      headers: { 'content-type': 'application/json' },
      body: '{"metadata":{"name":"a"}}',
    },
    new AbortController().signal,
  );
  let text = '';
  await rejects(
    async () => {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(chunk);
    },
    { name: 'CutError' },
  );
  ok(text.length > 0 && !text.endsWith('\n'));
});

test('disorder: lists may be stale, or empty', async () => {
  const here = scene();
  for (const name of ['a', 'b', 'c']) await here.ask('POST', `${core}/secrets`, { body: { metadata: { name } } });
  const count = async (): Promise<number> =>
    ((await here.ask('GET', `${core}/secrets`)).json.items as readonly unknown[]).length;
  equal(await count(), 3);
  set(here, { staleListShare: 1, staleVersions: 2 });
  equal(await count(), 1);
  set(here, { emptyListShare: 1 });
  equal(await count(), 0);
  set(here, {});
  equal(await count(), 3);
});

test('disorder: a watch from a version is gone', async () => {
  const here = scene({ disorder: { goneShare: 1 } });
  equal((await here.ask('GET', `${core}/configmaps?watch=true&resourceVersion=20`)).status, 410);
  const fresh = await here.watch(`${core}/configmaps?watch=true`);
  ok(!fresh.isEnded());
});

test('disorder: half of the requests are about half of them, and the same half for the same seed', async () => {
  const run = async (): Promise<readonly number[]> => {
    const here = scene({ disorder: { errorShare: 0.5 } }, 3);
    const replies = [];
    for (let count = 0; count < 200; count += 1) replies.push((await here.ask('GET', '/version')).status);
    return replies;
  };
  const first = await run();
  const failed = first.filter((status) => status === 503).length;
  ok(failed > 70 && failed < 130, `${failed} of 200`);
  deepEqual(await run(), first);
});

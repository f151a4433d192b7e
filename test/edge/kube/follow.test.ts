/** Following a collection for ever. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { type FollowOptions, follow } from '../../../src/edge/kube/follow.ts';
import type { FollowEvent } from '../../../src/edge/kube/track.ts';
import type { NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { type HandClock, handClock } from '../../builder/clock.ts';
import { clientOf, configMap, configMaps } from '../../builder/kube.ts';
import { answerJson, answerStatus, type WrittenStream, writtenStream } from '../../builder/net.ts';
import { seededRng } from '../../builder/rng.ts';

const query = { kind: configMaps, namespace: 'shop' };
const parameter = (request: NetRequest, name: string): string | null =>
  new URL(request.path, 'https://x').searchParams.get(name);
const listOf = (names: readonly string[], resourceVersion: string): NetResponse =>
  answerJson(200, {
    kind: 'ConfigMapList',
    metadata: { resourceVersion },
    items: names.map((name) => configMap(name, '1')),
  });
const mark = (resourceVersion: string, isEnd = false): unknown => ({
  metadata: { resourceVersion, ...(isEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}) },
});

type Told = { readonly text: string[]; readonly asked: string[]; readonly stop: () => Promise<void> };

/** Starts following; each event and each request as a line. */
function told(
  clock: HandClock,
  answer: (request: NetRequest, asked: readonly string[]) => NetResponse | Promise<NetResponse>,
  options?: FollowOptions,
): Told {
  const text: string[] = [];
  const asked: string[] = [];
  const rng = seededRng(1);
  const client = clientOf(
    (request) => {
      const from = parameter(request, 'watch') === null ? 'list' : (parameter(request, 'resourceVersion') ?? 'start');
      asked.push(from === 'list' || from === 'start' ? from : `watch ${from}`);
      return answer(request, asked);
    },
    { clock, rng },
    { attemptsMax: 1 },
  );
  const stopping = new AbortController();
  const sink = (event: FollowEvent<string>): void => void text.push(lineOf(event));
  const reduce = (object: { readonly metadata: { readonly name: string } }): string => object.metadata.name;
  const done = follow({ query, reduce, sink }, { client, clock, rng }, stopping.signal, options);
  const stop = async (): Promise<void> => {
    stopping.abort(new Error('stop'));
    await done;
    equal(clock.waiting(), 0);
  };
  return { text, asked, stop };
}

function lineOf(event: FollowEvent<string>): string {
  switch (event.kind) {
    case 'listed':
      return `listed ${event.items.join(',')} @${event.resourceVersion}`;
    case 'set':
    case 'gone':
      return `${event.kind} ${event.item} @${event.resourceVersion}`;
    case 'mark':
      return `mark @${event.resourceVersion}`;
    case 'broken':
      return `broken ${event.fault.kind}`;
    case 'resumed':
      return 'resumed';
  }
}

/** A server that plays its answers in order; the last goes on for ever. */
const script =
  (...answers: readonly (() => NetResponse)[]) =>
  (_request: NetRequest, asked: readonly string[]): NetResponse =>
    answers[Math.min(asked.length, answers.length) - 1]!();

test('follow: everything in one stream, then what changes', async () => {
  const clock = handClock();
  const stream = writtenStream();
  const following = told(clock, () => stream.response);
  stream.event('ADDED', configMap('a', '3'));
  stream.event('ADDED', configMap('b', '5'));
  await clock.settle();
  deepEqual(following.text, [], 'nothing is told before all is here');
  stream.event('BOOKMARK', mark('9', true));
  stream.event('MODIFIED', configMap('a', '10'));
  stream.event('DELETED', configMap('b', '11'));
  stream.event('BOOKMARK', mark('20'));
  await clock.settle();
  deepEqual(following.text, ['listed a,b @9', 'set a @10', 'gone b @11', 'mark @20']);
  await following.stop();
  equal(stream.isLeft(), true);
});

const without = [
  { name: 'refuses', first: () => answerStatus(422, 'Invalid'), delayMs: 0 },
  {
    name: 'overlooks',
    first: () => {
      const stream = writtenStream();
      stream.event('ADDED', configMap('a', '3'));
      stream.event('BOOKMARK', mark('9'));
      return stream.response;
    },
    delayMs: 0,
  },
];
for (const { name, first, delayMs } of without) {
  test(`follow: a server that ${name} the stream is asked in pages, at once and silently`, async () => {
    const clock = handClock();
    const stream = writtenStream();
    const following = told(
      clock,
      script(
        first,
        () => listOf(['a', 'b'], '9'),
        () => stream.response,
      ),
    );
    await clock.advance(delayMs);
    stream.event('ADDED', configMap('c', '12'));
    await clock.settle();
    deepEqual(following.asked, ['start', 'list', 'watch 9']);
    deepEqual(following.text, ['listed a,b @9', 'set c @12']);
    await following.stop();
  });
}

test('follow: a watch that ends of age goes on from the last word, without a word to the sink', async () => {
  const clock = handClock();
  const streams = [writtenStream(), writtenStream(), writtenStream()];
  const following = told(clock, (_request, asked) => streams[asked.length - 1]!.response);
  streams[0]?.event('BOOKMARK', mark('9', true));
  streams[0]?.event('ADDED', configMap('a', '12'));
  streams[0]?.end();
  await clock.settle();
  streams[1]?.event('BOOKMARK', mark('30'));
  streams[1]?.end();
  await clock.settle();
  deepEqual(following.asked, ['start', 'watch 12', 'watch 30']);
  deepEqual(following.text, ['listed  @9', 'set a @12', 'mark @30']);
  await following.stop();
});

test('follow: a cut is told, waited for, and resumed from where it was', async () => {
  const clock = handClock();
  const streams = [writtenStream(), writtenStream()];
  const following = told(clock, (_request, asked) => streams[asked.length - 1]!.response);
  streams[0]?.event('BOOKMARK', mark('9', true));
  await clock.settle();
  streams[0]?.cut();
  await clock.settle();
  deepEqual(following.asked, ['start']);
  await clock.advance(1_000);
  deepEqual(following.asked, ['start', 'watch 9']);
  deepEqual(following.text, ['listed  @9', 'broken unreachable', 'resumed']);
  await following.stop();
});

test('follow: a forgotten version is listed again, the old state standing meanwhile', async () => {
  const clock = handClock();
  const streams = [writtenStream(), writtenStream()];
  const answers = [() => streams[0]!.response, () => answerStatus(410, 'Expired'), () => streams[1]!.response];
  const following = told(clock, script(...answers));
  streams[0]?.event('ADDED', configMap('a', '3'));
  streams[0]?.event('BOOKMARK', mark('9', true));
  streams[0]?.end();
  await clock.advance(1_000);
  deepEqual(following.asked, ['start', 'watch 9', 'start']);
  deepEqual(following.text, ['listed a @9', 'broken expired']);
  streams[1]?.event('BOOKMARK', mark('50', true));
  await clock.settle();
  deepEqual(following.text.at(-1), 'listed  @50');
  await following.stop();
});

test('follow: faults in a row wait longer and longer, up to the maximum; a good answer forgets them', async () => {
  const clock = handClock();
  const waits: number[] = [];
  let last = clock.nowMs();
  let stream: WrittenStream | undefined;
  const options = { retryDelayMs: 100, retryDelayMsMax: 2_000, watchMsMin: 1_000 };
  const following = told(
    clock,
    () => {
      waits.push(clock.nowMs() - last);
      last = clock.nowMs();
      return stream?.response ?? answerStatus(403, 'Forbidden');
    },
    options,
  );
  await clock.advance(20_000);
  ok(waits.length > 10 && waits.length < 40, String(waits.length));
  for (const [at, wait] of waits.entries()) {
    const expected = at === 0 ? 0 : Math.min(2_000, 100 * 2 ** (at - 1));
    ok(wait >= expected / 2 && wait <= expected * 1.5, `${at}: ${wait}`);
  }
  stream = writtenStream();
  await clock.advance(3_000);
  stream.event('BOOKMARK', mark('9', true));
  await clock.settle();
  const before = stream;
  stream = undefined;
  before.cut();
  await clock.settle();
  await clock.advance(200);
  ok((waits.at(-1) ?? 0) <= 4_000);
  equal(following.text.at(-1), 'broken forbidden');
  await following.stop();
});

test('follow: the server says when to come back', async () => {
  const clock = handClock();
  const following = told(clock, () => answerStatus(429, '', {}, { 'retry-after': '40' }));
  await clock.advance(39_000);
  equal(following.asked.length, 1);
  await clock.advance(2_000);
  equal(following.asked.length, 2);
  await following.stop();
});

test('follow: watches that end at once without a word are not hammered', async () => {
  const clock = handClock();
  const ended = (): NetResponse => {
    const stream = writtenStream();
    stream.end();
    return stream.response;
  };
  const first = writtenStream();
  first.event('BOOKMARK', mark('9', true));
  first.end();
  const following = told(
    clock,
    script(() => first.response, ended),
  );
  await clock.advance(60_000);
  ok(following.asked.length < 12, String(following.asked.length));
  ok(following.asked.every((line) => line === 'start' || line === 'watch 9'));
  await following.stop();
});

test('follow: a stream that breaks before all is told is tried once more, then pages', async () => {
  const clock = handClock();
  const broken = (): NetResponse => {
    const stream = writtenStream();
    stream.event('ADDED', configMap('a', '3'));
    stream.cut();
    return stream.response;
  };
  const stream = writtenStream();
  const following = told(
    clock,
    script(
      broken,
      broken,
      () => listOf(['a'], '9'),
      () => stream.response,
    ),
  );
  await clock.advance(5_000);
  deepEqual(following.asked, ['start', 'start', 'list', 'watch 9']);
  deepEqual(following.text, ['broken unreachable', 'broken unreachable', 'listed a @9']);
  await following.stop();
});

test('follow: a version that the server will not take is given up', async () => {
  const clock = handClock();
  const first = writtenStream();
  first.event('BOOKMARK', mark('900', true));
  first.end();
  const last = writtenStream();
  const refuse = (): NetResponse => answerStatus(504, 'Timeout', { message: 'Too large resource version' });
  const following = told(clock, (request) =>
    parameter(request, 'resourceVersion') === '900'
      ? refuse()
      : following.asked.length === 1
        ? first.response
        : last.response,
  );
  await clock.advance(30_000);
  deepEqual(following.asked, ['start', 'watch 900', 'watch 900', 'watch 900', 'watch 900', 'start']);
  await following.stop();
});

test('follow: what the sink throws ends the following', async () => {
  const clock = handClock();
  const stream = writtenStream();
  const client = clientOf(() => stream.response, { clock });
  const sink = (): void => {
    throw new TypeError('a bug');
  };
  const following = follow(
    { query, reduce: (object) => object, sink },
    { client, clock, rng: seededRng(1) },
    new AbortController().signal,
  );
  stream.event('BOOKMARK', mark('9', true));
  await rejects(following, /a bug/);
  equal(stream.isLeft(), true);
});

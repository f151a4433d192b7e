/** One watch. */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeClient } from '../../../src/edge/kube/client.ts';
import type { ListQuery } from '../../../src/edge/kube/query.ts';
import type { WatchEvent, WatchFrom } from '../../../src/edge/kube/watch.ts';
import type { NetRequest } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { clientOf, configMap, configMaps, never, secrets } from '../../builder/kube.ts';
import { answerStatus, writtenStream } from '../../builder/net.ts';

const query = { kind: configMaps, namespace: 'shop', labelSelector: 'a=b', isMetadataOnly: true };
const version = { kind: 'version', resourceVersion: '7' } as const;

const lineOf = (event: WatchEvent): string => {
  if (event.kind === 'opened') return 'opened';
  if (event.kind === 'mark') return `mark ${event.resourceVersion}${event.isInitialEnd ? ' end' : ''}`;
  return `${event.kind} ${event.object.kind} ${event.object.metadata.name}`;
};

/** Watches to the end; each event as a line. */
async function eventsOf(
  client: KubeClient,
  from: WatchFrom = version,
  signal = never,
  asked: ListQuery = query,
): Promise<readonly string[]> {
  const told: string[] = [];
  await client.watch(asked, from, (event) => void told.push(lineOf(event)), signal);
  return told;
}

test('watch: what is asked: a stream, from a version or from the start, with bookmarks, for five to ten minutes', async () => {
  const seen: NetRequest[] = [];
  const client = clientOf((request) => {
    seen.push(request);
    const stream = writtenStream();
    stream.end();
    return stream.response;
  });
  for (let count = 0; count < 50; count += 1) deepEqual(await eventsOf(client), ['opened']);
  await eventsOf(client, { kind: 'start' });
  const queries = seen.map((request) => Object.fromEntries(new URL(request.path, 'https://x').searchParams));
  const { timeoutSeconds, ...rest } = queries[0]!;
  deepEqual(rest, { watch: 'true', labelSelector: 'a=b', allowWatchBookmarks: 'true', resourceVersion: '7' });
  const seconds = queries.map((one) => Number(one.timeoutSeconds));
  equal(seconds.every((one) => one >= 300 && one <= 600) && new Set(seconds).size > 20, true, `${timeoutSeconds}`);
  deepEqual([queries[50]?.sendInitialEvents, queries[50]?.resourceVersionMatch], ['true', 'NotOlderThan']);
  deepEqual([seen[0]?.isStream, seen[0]?.headers['accept-encoding']], [true, undefined]);
  match(seen[0]?.headers.accept ?? '', /as=PartialObjectMetadata;/);
});

test('watch: events, in whatever chunks they come; half of one at the end is dropped', async () => {
  const stream = writtenStream();
  const client = clientOf(() => stream.response);
  const reduced = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'b' } };
  const text = [
    { type: 'ADDED', object: configMap('a', '8') },
    { type: 'MODIFIED', object: reduced },
    { type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: '9' } } },
    {
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } } },
    },
    { type: 'DELETED', object: configMap('a', '10') },
  ]
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
  for (let at = 0; at < text.length; at += 17) stream.write(text.slice(at, at + 17));
  stream.write('{"type":"ADDED","object":{"metadata":{"name":"half"');
  stream.end();
  deepEqual(await eventsOf(client), [
    'opened',
    'set ConfigMap a',
    'set ConfigMap b',
    'mark 9',
    'mark 9 end',
    'gone ConfigMap a',
  ]);
});

const refusals = [
  { name: '410 at the start', answer: answerStatus(410, 'Expired'), kind: 'expired' },
  { name: '403 at the start', answer: answerStatus(403, 'Forbidden'), kind: 'forbidden' },
  { name: '500 at the start: no second attempt', answer: answerStatus(500, ''), kind: 'serverError' },
] as const;
for (const { name, answer, kind } of refusals) {
  test(`watch: ${name}`, async () => {
    let asked = 0;
    const client = clientOf(() => {
      asked += 1;
      return answer;
    });
    await rejects(eventsOf(client), isFault(kind));
    equal(asked, 1);
  });
}

const ends = [
  {
    name: '410 in an event',
    line: { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
    kind: 'expired',
  },
  { name: '500 in an event', line: { type: 'ERROR', object: { kind: 'Status', code: 500 } }, kind: 'serverError' },
  { name: 'an event of no type', line: { object: configMap('a') }, kind: 'protocol' },
  { name: 'an object without a name', line: { type: 'ADDED', object: { metadata: {} } }, kind: 'protocol' },
  { name: 'no event at all', line: [1, 2], kind: 'protocol' },
] as const;
for (const { name, line, kind } of ends) {
  test(`watch: ${name}`, async () => {
    const stream = writtenStream();
    stream.write(`${JSON.stringify(line)}\n`);
    await rejects(eventsOf(clientOf(() => stream.response)), isFault(kind));
    equal(stream.isLeft(), true);
  });
}

test('watch: a line that is not JSON is not quoted', async () => {
  const stream = writtenStream();
  stream.write('{"type":"ADDED","object":{"data":{"a":"topsecret"}\n');
  const watching = eventsOf(
    clientOf(() => stream.response),
    version,
    never,
    { kind: secrets },
  );
  await rejects(watching, (error: unknown) => !String(error).includes('topsecret') && isFault('protocol')(error));
});

test('watch: an event without an end', async () => {
  const stream = writtenStream();
  stream.write('x'.repeat(2_000));
  const client = clientOf(() => stream.response, {}, { bodyBytesMax: 1_000 });
  await rejects(eventsOf(client), isFault('protocol', /without an end/));
});

test('watch: silence ends it, bookmarks keep it', async () => {
  const clock = handClock();
  const stream = writtenStream();
  const client = clientOf(() => stream.response, { clock });
  let isOver = false;
  const watching = rejects(eventsOf(client), isFault('unreachable', /silent for 150000 ms/)).then(() => {
    isOver = true;
  });
  for (let minute = 0; minute < 10; minute += 1) {
    await clock.advance(60_000);
    stream.event('BOOKMARK', { metadata: { resourceVersion: String(minute) } });
  }
  await clock.advance(140_000);
  equal(isOver, false);
  await clock.advance(170_000);
  await watching;
  equal(clock.waiting(), 0);
});

test('watch: a server that does not begin', async () => {
  const clock = handClock();
  const watching = rejects(eventsOf(clientOf(() => 'never', { clock })), isFault('unreachable', /within 15000 ms/));
  await clock.advance(20_000);
  await watching;
  equal(clock.waiting(), 0);
});

test('watch: leaving ends the request, by what the sink throws and by the signal', async () => {
  const clock = handClock();
  const left = writtenStream();
  left.event('ADDED', configMap('a', '8'));
  const throwing = clientOf(() => left.response, { clock }).watch(
    query,
    version,
    (event) => {
      if (event.kind === 'set') throw new TypeError('a bug');
    },
    never,
  );
  await rejects(throwing, /a bug/);
  equal(left.isLeft(), true);
  const aborted = writtenStream();
  const leaving = new AbortController();
  const watching = eventsOf(
    clientOf(() => aborted.response, { clock }),
    version,
    leaving.signal,
  );
  await clock.settle();
  leaving.abort(new Error('enough'));
  await rejects(watching, /enough/);
  equal(clock.waiting(), 0);
});

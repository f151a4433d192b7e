/** How questions are put: headers, deadlines, second attempts. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { kubeClient } from '../../../src/edge/kube/client.ts';
import { ImpersonatedUser, serviceAccount } from '../../../src/edge/kube/identity.ts';
import type { Credentials, Login } from '../../../src/edge/kube/login.ts';
import type { Endpoint, NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { clientOf, configMap, configMaps, leases, never } from '../../builder/kube.ts';
import { answerJson, answerStatus, answerText, fakeNet, writtenStream } from '../../builder/net.ts';
import { seededRng } from '../../builder/rng.ts';

const ref = { kind: configMaps, namespace: 'shop', name: 'web' };
const manager = 'landfall-test';
const good = (): NetResponse => answerJson(200, configMap('web', '5'));

test('request: who asks, what for, and as whom', async () => {
  const seen: NetRequest[] = [];
  const client = clientOf(
    (request) => {
      seen.push(request);
      return good();
    },
    {},
    { version: '1.2.3' },
  );
  await client.get(ref, never);
  const extra = new Map([['example.com/Team', ['a', 'b']]]);
  await client.as(new ImpersonatedUser('bob', { groups: ['g1', 'g2'], uid: 'u1', extra })).get(ref, never);
  deepEqual(seen[0], {
    method: 'GET',
    path: '/api/v1/namespaces/shop/configmaps/web',
    headers: { accept: 'application/json', 'user-agent': 'landfall/1.2.3', authorization: 'Bearer token' },
  });
  deepEqual([seen[1]?.headers['impersonate-user'], seen[1]?.headers['impersonate-uid']], ['bob', 'u1']);
  deepEqual(seen[1]?.repeatedHeaders, [
    ['impersonate-group', 'g1'],
    ['impersonate-group', 'g2'],
    ['impersonate-extra-example.com%2Fteam', 'a'],
    ['impersonate-extra-example.com%2Fteam', 'b'],
  ]);
});

test('ImpersonatedUser: nobody is refused', () => {
  for (const make of [() => new ImpersonatedUser(' '), () => serviceAccount('', 'x'), () => serviceAccount('x', '')]) {
    rejects(async () => make(), isFault('misconfigured'));
  }
  equal(serviceAccount('shop', 'landfall').name, 'system:serviceaccount:shop:landfall');
});

const transient = [
  { name: 'cut', answer: () => Promise.reject(new (class extends Error {})()), isFault: false, tries: 1 },
  { name: '500', answer: () => answerStatus(500, 'InternalError'), isFault: true, tries: 4 },
  { name: 'a page', answer: () => answerText(200, '<html>', { 'content-type': 'text/html' }), isFault: true, tries: 1 },
  { name: '404 of another kind', answer: () => answerText(404, '404 page not found'), isFault: true, tries: 1 },
  { name: '403', answer: () => answerStatus(403, 'Forbidden'), isFault: true, tries: 1 },
  { name: '429 without a word', answer: () => answerStatus(429, 'TooManyRequests'), isFault: true, tries: 4 },
] as const;
for (const { name, answer, isFault: expectsFault, tries } of transient) {
  test(`read: ${name}: ${tries} attempts`, async () => {
    const clock = handClock();
    let asked = 0;
    const client = clientOf(
      () => {
        asked += 1;
        return answer();
      },
      { clock },
    );
    const reading = client.get(ref, never).then(
      () => ok(false, 'must fail'),
      (error: unknown) => equal(error instanceof Error && error.name === 'FaultError', expectsFault),
    );
    await clock.advance(30_000);
    await reading;
    equal(asked, tries);
  });
}

test('read: a passing fault is not seen', async () => {
  const clock = handClock();
  let asked = 0;
  const client = clientOf(() => (++asked < 3 ? answerStatus(503, 'ServiceUnavailable') : good()), { clock });
  const reading = client.get(ref, never);
  await clock.advance(5_000);
  equal((await reading)?.metadata.name, 'web');
  equal(asked, 3);
});

const writes = [
  { name: '500', answer: () => answerStatus(500, 'InternalError'), tries: 1 },
  { name: '503 that says when', answer: () => answerStatus(503, '', {}, { 'retry-after': '1' }), tries: 1 },
  { name: '429 without a word', answer: () => answerStatus(429, ''), tries: 1 },
  { name: '429 that says when', answer: () => answerStatus(429, '', {}, { 'retry-after': '1' }), tries: 4 },
  { name: '429 that says much later', answer: () => answerStatus(429, '', {}, { 'retry-after': '60' }), tries: 1 },
] as const;
for (const { name, answer, tries } of writes) {
  test(`write: ${name}: ${tries} attempts`, async () => {
    const clock = handClock();
    let asked = 0;
    const client = clientOf(
      () => {
        asked += 1;
        return answer();
      },
      { clock },
    );
    const writing = rejects(client.apply(configMap('web'), { kind: configMaps, manager }, never));
    await clock.advance(30_000);
    await writing;
    equal(asked, tries);
  });
}

test('request: silence is a fault in the end, and every attempt was ended', async () => {
  const clock = handClock();
  const client = clientOf(() => 'never', { clock }, { attemptsMax: 2 });
  const reading = rejects(
    client.get(ref, never),
    isFault('unreachable', /get ConfigMap shop\/web: no answer within 15000 ms/),
  );
  await clock.advance(40_000);
  await reading;
  equal(clock.waiting(), 0);
});

test('request: an answer that begins and never ends is a fault too', async () => {
  const clock = handClock();
  const stream = writtenStream();
  const client = clientOf(() => stream.response, { clock }, { attemptsMax: 1 });
  stream.write('{"half":');
  const reading = rejects(client.get(ref, never), isFault('unreachable', /no answer within/));
  await clock.advance(40_000);
  await reading;
});

test("request: the caller's abort is no fault", async () => {
  const client = clientOf(() => 'never');
  const leaving = new AbortController();
  const reading = client.get(ref, leaving.signal);
  leaving.abort(new Error('enough'));
  await rejects(reading, /^Error: enough$/);
});

test('request: more bytes than allowed, plain and deflated', async () => {
  const large = JSON.stringify(configMap('web', '1', { a: 'x'.repeat(100_000) }));
  const bomb = (): NetResponse =>
    answerText(200, gzipSync(large), { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  for (const answer of [() => answerText(200, large, { 'content-type': 'application/json' }), bomb]) {
    let asked = 0;
    const client = clientOf(
      () => {
        asked += 1;
        return answer();
      },
      {},
      { bodyBytesMax: 10_000 },
    );
    await rejects(client.get(ref, never), isFault('protocol', /larger than 10000 bytes/));
    equal(asked, 1);
  }
  const client = clientOf(bomb);
  equal((await client.get(ref, never))?.metadata.name, 'web');
});

test('request: text that is not what it says', async () => {
  for (const [text, headers] of [
    ['{"kind":"ConfigMap","metad', { 'content-type': 'application/json' }],
    ['[]', { 'content-type': 'application/json' }],
    ['not gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ['{}', { 'content-type': 'text/html' }],
  ] as const) {
    const client = clientOf(() => answerText(200, text, headers), {}, { attemptsMax: 1 });
    await rejects(client.get(ref, never), isFault('protocol'));
  }
});

test('get: absent, and not known to be absent', async () => {
  const details = { name: 'web', kind: 'configmaps' };
  equal(await clientOf(() => answerStatus(404, 'NotFound', { details })).get(ref, never), undefined);
  await rejects(clientOf(() => answerStatus(404, 'NotFound')).get(ref, never), isFault('missing'));
  await rejects(clientOf(() => answerText(404, '<html>'), {}, { attemptsMax: 1 }).get(ref, never), isFault('protocol'));
});

test('get: integers keep their digits, and reduced objects their kind', async () => {
  const text =
    '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"web","generation":9007199254740993}}';
  const client = clientOf(() => answerText(200, text, { 'content-type': 'application/json' }));
  const object = await client.get(ref, never, { isMetadataOnly: true });
  deepEqual([object?.kind, object?.apiVersion, object?.metadata.generation], ['ConfigMap', 'v1', 9007199254740993n]);
});

test('limit: requests wait their turn, leases and watches do not', async () => {
  const asked: string[] = [];
  const client = clientOf(
    (request) => {
      asked.push(request.path);
      return request.path.includes('watch=') ? writtenStream().response : 'never';
    },
    {},
    { requestsMax: 1 },
  );
  const leaving = new AbortController();
  const names = ['a', 'b'];
  const waiting = [
    ...names.map((name) => client.get({ ...ref, name }, leaving.signal)),
    client.get({ kind: leases, namespace: 'landfall-system', name: 'us' }, leaving.signal),
  ].map((reading) => rejects(reading, /enough/));
  const opened = Promise.withResolvers<void>();
  const watching = client.watch({ kind: configMaps }, { kind: 'start' }, () => opened.resolve(), leaving.signal);
  waiting.push(rejects(watching, /enough/));
  await opened.promise;
  equal(asked.length, 3);
  ok(!asked.some((path) => path.endsWith('/b')));
  leaving.abort(new Error('enough'));
  await Promise.all(waiting);
});

/** Credentials that hand out `t1`, then `t2` once refused. */
function changing(): { readonly credentials: Credentials; readonly refused: Login[] } {
  const refused: Login[] = [];
  const endpoint: Endpoint = { origin: 'https://cluster.test' };
  const login = (token: string): Login => ({
    endpoint,
    basePath: '/base',
    headers: { authorization: token },
    user: undefined,
  });
  const logins = [login('t1'), login('t2')];
  return {
    credentials: { login: async () => logins[refused.length > 0 ? 1 : 0]!, forget: (one) => void refused.push(one) },
    refused,
  };
}

test('401: the credentials are asked again, once, for writes too; the path keeps its base', async () => {
  for (const lastToken of ['t2', 'none']) {
    const { credentials, refused } = changing();
    const seen: string[] = [];
    const net = fakeNet((request) => {
      seen.push(`${request.headers.authorization} ${request.path.split('?')[0]}`);
      return request.headers.authorization === lastToken ? good() : answerStatus(401, 'Unauthorized');
    });
    const client = kubeClient(credentials, { net, clock: handClock(), rng: seededRng(1) });
    const writing = client.apply(configMap('web'), { kind: configMaps, manager }, never);
    if (lastToken === 't2') equal((await writing).metadata.name, 'web');
    else await rejects(writing, isFault('unauthenticated'));
    const path = '/base/api/v1/namespaces/shop/configmaps/web';
    deepEqual(seen, [`t1 ${path}`, `t2 ${path}`]);
    equal(refused.length, 1);
  }
});

test('link: another certificate is another connection; the old one ends when its watches have', async () => {
  const clock = handClock();
  let endpoint: Endpoint = { origin: 'https://cluster.test', cert: 'one' };
  const stream = writtenStream();
  const dialled: (string | undefined)[] = [];
  const net = fakeNet((request, at) => {
    dialled.push(at.cert);
    return request.path.includes('watch=') ? stream.response : good();
  });
  const login = (): Login => ({ endpoint, basePath: '', headers: {}, user: undefined });
  const client = kubeClient({ login: async () => login(), forget: () => {} }, { net, clock, rng: seededRng(1) });
  const told: string[] = [];
  const watching = client.watch({ kind: configMaps }, { kind: 'start' }, (event) => void told.push(event.kind), never);
  await clock.settle();
  endpoint = { origin: 'https://cluster.test', cert: 'two' };
  await client.get(ref, never);
  stream.event('BOOKMARK', { metadata: { resourceVersion: '7' } });
  await clock.settle();
  deepEqual(
    [told, dialled],
    [
      ['opened', 'mark'],
      ['one', 'two'],
    ],
  );
  const ended = rejects(watching, isFault('unreachable'));
  await clock.advance(800_000);
  await ended;
});

test('close: everything in flight ends', async () => {
  const client = clientOf(() => 'never', {}, { attemptsMax: 1 });
  const reading = rejects(client.get(ref, never), isFault('unreachable', /closed/));
  await new Promise((resolve) => setImmediate(resolve));
  client.close();
  await reading;
});

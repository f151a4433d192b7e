/** The sandbox over sockets. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { kubeClient } from '../../../src/edge/kube/client.ts';
import { fixedCredentials } from '../../../src/edge/kube/login.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import { serveSandbox } from '../../../src/sandbox/serve/serve-sandbox.ts';
import { seededRng } from '../../builder/rng.ts';

const dir = mkdtempSync(join(tmpdir(), 'landfall-sandbox-'));
const served = await serveSandbox(
  { clusters: 2, dir: join(dir, 'configs') },
  { clock: systemClock, rng: seededRng(1) },
);
after(async () => {
  await served.close();
  rmSync(dir, { recursive: true });
});
const [one, two] = served.clusters;
const isUnreachable = (error: unknown): boolean => error instanceof FaultError && error.fault.kind === 'unreachable';
const uidOf = (name: string): string => served.sandbox.cluster(name).uid;

async function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const request = http.get(url);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, text };
}

test('serveSandbox: a prefix for each cluster, and the first without one', async () => {
  const system = '/api/v1/namespaces/kube-system';
  const uids = [one!.server, two!.server, served.url].map(
    async (url) => JSON.parse((await get(`${url}${system}`)).text).metadata.uid,
  );
  deepEqual(await Promise.all(uids), [uidOf('cluster-1'), uidOf('cluster-2'), uidOf('cluster-1')]);
  equal((await get(`${served.url}/clusters/cluster-3/version`)).status, 404);
  equal((await get(`${one!.server}`)).status, 200);
});

test('serveSandbox: a kubeconfig for each cluster, for its owner alone', () => {
  const config = JSON.parse(readFileSync(one!.kubeconfig!, 'utf8'));
  equal(config.clusters[0].cluster.server, `${served.url}/clusters/cluster-1`);
  equal(config['current-context'], 'cluster-1');
  equal(statSync(one!.kubeconfig!).mode & 0o777, 0o600);
});

const streamOf = async (
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body = '',
): Promise<{ readonly status: unknown; readonly text: string }> => {
  const stream = session.request(headers);
  if (body !== '') stream.end(body);
  const [answer] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return { status: answer[':status'], text };
};

test('serveSandbox: HTTP/2 with prior knowledge on the same port', async () => {
  const session = http2.connect(served.url);
  const path = '/clusters/cluster-2/api/v1/namespaces/default/secrets';
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/json' };
  const replies = await Promise.all(
    Array.from({ length: 150 }, (_, index) =>
      streamOf(session, headers, JSON.stringify({ metadata: { name: `m${index}` } })),
    ),
  );
  deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]));
  const { text } = await streamOf(session, { ':path': path });
  equal(JSON.parse(text).items.length, 150);
  session.destroy();
});

test('serveSandbox: a watch lives until its client leaves, over both versions', async () => {
  const path = '/clusters/cluster-1/api/v1/namespaces/default/secrets?watch=true';
  const session = http2.connect(served.url);
  const stream = session.request({ ':path': path });
  const request = http.get(`${served.url}${path}`);
  const [[headers], [response]] = (await Promise.all([once(stream, 'response'), once(request, 'response')])) as [
    [http2.IncomingHttpHeaders],
    [http.IncomingMessage],
  ];
  deepEqual([headers[':status'], response.statusCode], [200, 200]);
  const first = Promise.all([once(stream, 'data'), once(response, 'data')]);
  const body = JSON.stringify({ metadata: { name: 's' } });
  const made = await streamOf(
    session,
    { ':method': 'POST', ':path': path.replace('?watch=true', ''), 'content-type': 'application/json' },
    body,
  );
  equal(made.status, 201);
  for (const [chunk] of await first) equal(JSON.parse(String(chunk)).object.metadata.name, 's');
  stream.close();
  response.destroy();
  session.destroy();
});

test('serveSandbox: a first byte that comes late, and one that comes in pieces', async () => {
  const port = Number(new URL(served.url).port);
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const piece of ['G', 'ET /clusters/cluster-1/version HT', 'TP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n']) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  ok(text.startsWith('HTTP/1.1 200 OK'), text.slice(0, 80));
});

test('serveSandbox: down, connections are cut; a client that goes away harms nobody', async () => {
  const cluster = served.sandbox.cluster('cluster-2');
  cluster.setDisorder({ isDown: true });
  const failed = await get(`${two!.server}/version`).catch((error: unknown) => error);
  ok(failed instanceof Error);
  const session = http2.connect(served.url).on('error', () => {});
  const refused = await streamOf(session, { ':path': '/clusters/cluster-2/version' }).catch((error: unknown) => error);
  ok(refused instanceof Error);
  // The session carries other clusters, too: only the one stream is lost.
  equal((await streamOf(session, { ':path': '/clusters/cluster-1/version' })).status, 200);
  session.destroy();
  cluster.setDisorder({});
  equal((await get(`${two!.server}/version`)).status, 200);
});

test('serveSandbox: clients that leave at any moment leave nothing behind', async () => {
  const rng = seededRng(5);
  const path = '/clusters/cluster-1/api/v1/namespaces/default/configmaps';
  const session = http2.connect(served.url).on('error', () => {});
  for (let round = 0; round < 100; round += 1) {
    const isWatch = rng.next() < 0.5;
    const method = isWatch ? 'GET' : 'POST';
    const stream = session.request({ ':method': method, ':path': isWatch ? `${path}?watch=true` : path });
    stream.on('error', () => {});
    if (!isWatch) stream.write('{"metadata":');
    if (rng.next() < 0.5) await new Promise((resolve) => setImmediate(resolve));
    stream.close(http2.constants.NGHTTP2_CANCEL);
  }
  equal((await streamOf(session, { ':path': '/clusters/cluster-1/version' })).status, 200);
  session.destroy();
});

test('serveSandbox: nothing that clients did was a trap or a bug', () => deepEqual(served.sandbox.traps(), []));

test('serveSandbox: without its network nothing answers; with it all is as before, at the same address', async () => {
  const alone = await serveSandbox({ clusters: ['alone'] }, { clock: systemClock, rng: seededRng(3) });
  const net = systemNet({ clock: systemClock });
  const credentials = fixedCredentials(alone.clusters[0]!.server);
  const client = kubeClient(credentials, { net, clock: systemClock, rng: seededRng(2) }, { attemptsMax: 1 });
  const { signal } = new AbortController();
  const uid = await client.identity(signal);
  await alone.setListening(false);
  for (const _attempt of [1, 2]) await rejects(client.identity(signal), isUnreachable);
  await alone.setListening(true);
  equal(await client.identity(signal), uid);
  client.close();
  await alone.close();
});

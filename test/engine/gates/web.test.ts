/** Protects: what a check asks over a real socket is small, bounded and allowed, however the other end behaves. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { systemNet } from '../../../src/edge/net/net.ts';
import { webGet } from '../../../src/engine/gates/web.ts';
import { handClock } from '../../builder/clock.ts';
import { serve, serveTCP } from '../../builder/server.ts';

const { signal } = new AbortController();

test('webGet: the answer, and no redirect followed', async () => {
  const asked: string[] = [];
  const server = await serve(
    ({ url, method, headers }, response) => {
      asked.push(`${method} ${url} ${headers.authorization}`);
      if (url === '/moved') response.writeHead(302, { location: '/there' });
      response.end('hello');
    },
    { protocols: ['http/1.1'] },
  );
  const clock = handClock();
  const deps = { net: systemNet({ clock }), clock, allow: [server.origin] };
  deepEqual(await webGet(`${server.origin}/health?deep=1`, deps, signal), { status: 200, text: 'hello' });
  equal((await webGet(`${server.origin}/moved`, deps, signal)).status, 302);
  deepEqual(asked, ['GET /health?deep=1 undefined', 'GET /moved undefined']);
  await rejects(webGet(`${server.origin}/health`, { ...deps, allow: [] }, signal), /not among/);
  equal(asked.length, 2);
  await server.close();
});

test('webGet: more than it takes, silence, and a cut connection', async () => {
  const flood = await serve((_, response) => response.end('x'.repeat(2 * 1024 * 1024)), { protocols: ['http/1.1'] });
  const silent = await serveTCP(() => {});
  const cutting = await serveTCP((socket) => socket.once('data', () => socket.destroy()));
  const clock = handClock();
  const deps = { net: systemNet({ clock }), clock, allow: [flood.origin, silent.origin, cutting.origin] };
  await rejects(webGet(`${flood.origin}/`, deps, signal), /sends more than/);
  await rejects(webGet(`${cutting.origin}/`, deps, signal), /unreachable|protocol/);
  const waiting = rejects(webGet(`${silent.origin}/`, deps, signal), /no answer within 10000 ms/);
  await clock.advance(10_000);
  await waiting;
  for (const server of [flood, silent, cutting]) await server.close();
});

test('webGet: a body that drips on is cut at the deadline, and its connection is closed', async () => {
  const closed = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const dripping = await serveTCP((socket) => {
    socket.on('error', () => {}).once('close', () => closed.resolve());
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{"status":', () => begun.resolve());
    });
  });
  const clock = handClock();
  const deps = { net: systemNet({ clock }), clock, allow: [dripping.origin] };
  const waiting = rejects(webGet(`${dripping.origin}/`, deps, signal), /no answer within 10000 ms/);
  await begun.promise;
  await clock.advance(10_000);
  await waiting;
  await closed.promise;
  await dripping.close();
});

import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { encodingIn } from '../../src/server/encoding.ts';
import type { Route } from '../../src/server/route.ts';
import { matchRoute, textReply } from '../../src/server/route.ts';
import { type Listening, serve } from '../../src/server/server.ts';

const here = { host: '127.0.0.1', port: 0 };

async function withServer(
  routes: readonly Route[],
  use: (server: Listening) => Promise<void>,
  { log = silentLog, metrics = noMetrics } = {},
): Promise<void> {
  const server = await serve(here, routes, { log, metrics });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

type Asked = { readonly status: number; readonly text: string; readonly headers: http.IncomingHttpHeaders };

function ask(url: string, options: http.RequestOptions = {}, body?: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const route = (method: Route['method'], path: string, text: string): Route => ({
  method,
  path,
  answer: async () => textReply(200, text),
});

test('serve: answers a route with its reply', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    const { status, text, headers } = await ask(`${url}/livez?verbose`);
    deepEqual({ status, text }, { status: 200, text: 'ok\n' });
    equal(headers['x-content-type-options'], 'nosniff');
    equal(headers['cache-control'], 'no-store');
  }));

test('serve: HEAD is GET without the body', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    const { status, text, headers } = await ask(`${url}/livez`, { method: 'HEAD' });
    deepEqual({ status, text, length: headers['content-length'] }, { status: 200, text: '', length: '3' });
  }));

test('serve: what is not there is 404, another method 405', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    equal((await ask(`${url}/other`)).status, 404);
    const refused = await ask(`${url}/livez`, { method: 'POST' });
    deepEqual([refused.status, refused.headers.allow], [405, 'GET, HEAD']);
  }));

test('serve: the route is given the query, the headers and the body', async () => {
  const seen: string[] = [];
  const echo: Route = {
    method: 'POST',
    path: '/echo',
    bodyBytesMax: 10,
    answer: async ({ query, headers, body }) => {
      seen.push(`${query.get('a')} ${headers['x-b']} ${Buffer.from(body)}`);
      return textReply(200, 'thanks');
    },
  };
  await withServer([echo], async ({ url }) => {
    await ask(`${url}/echo?a=1`, { method: 'POST', headers: { 'x-b': '2' } }, 'three');
    deepEqual(seen, ['1 2 three']);
  });
});

test('serve: a body that is too long is refused, told or not', async () => {
  let isAsked = false;
  const small: Route = {
    method: 'POST',
    path: '/small',
    bodyBytesMax: 10,
    answer: async () => {
      isAsked = true;
      return textReply(200, 'ok');
    },
  };
  await withServer([small], async ({ url }) => {
    equal(
      (await ask(`${url}/small`, { method: 'POST', headers: { 'content-length': 11 } }, 'x'.repeat(11))).status,
      413,
    );
    equal(
      (await ask(`${url}/small`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, 'x'.repeat(11)))
        .status,
      413,
    );
    equal(isAsked, false);
  });
});

test('serve: headers that are too long are refused', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    equal((await ask(`${url}/livez`, { headers: { 'x-long': 'x'.repeat(20_000) } })).status, 431);
  }));

test('serve: on loopback another name for it is refused, as a page that rebinds its name would use', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    const { port } = new URL(url);
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, '[::1]:80', 'dash.localhost'])
      equal((await ask(`${url}/livez`, { headers: { host } })).status, 200, host);
    for (const host of ['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.evil.example.com'])
      equal((await ask(`${url}/livez`, { headers: { host } })).status, 421, host);
  }));

test('serve: a bug in a route is 500 and a line in the log, is counted, and tells the client nothing', async () => {
  const lines: string[] = [];
  const metrics = { ...noMetrics, count: (name: string) => void lines.push(name) };
  const log = {
    ...silentLog,
    error: (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`),
  };
  const broken: Route = { method: 'GET', path: '/broken', answer: () => Promise.reject(new Error('inner detail')) };
  await withServer(
    [broken],
    async ({ url }) => {
      const { status, text } = await ask(`${url}/broken`);
      deepEqual([status, text], [500, '']);
      match(lines[0] ?? '', /^bug .*inner detail/);
      deepEqual(lines.slice(1), ['bugs']);
    },
    { log, metrics },
  );
});

test('serve: a stream goes on until the server stops, and its route is told', async () => {
  const told = Promise.withResolvers<void>();
  const events: Route = {
    method: 'GET',
    path: '/events',
    answer: async (_request, signal) => {
      async function* body() {
        yield 'first\n';
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        told.resolve();
      }
      return { status: 200, body: body() };
    },
  };
  const server = await serve(here, [events], { log: silentLog, metrics: noMetrics });
  const asked = http.get(`${server.url}/events`, { agent: false });
  const response = await new Promise<http.IncomingMessage>((resolve) => asked.once('response', resolve));
  const first = await new Promise((resolve) => response.setEncoding('utf8').once('data', resolve));
  equal(first, 'first\n');
  const cut = rejects(async () => {
    for await (const _ of response);
  });
  await server.close();
  await told.promise;
  await cut;
});

test('serve: an address that is taken is a fault of the settings', () =>
  withServer([], async ({ url }) => {
    const port = Number(new URL(url).port);
    await rejects(
      serve({ host: '127.0.0.1', port }, [], { log: silentLog, metrics: noMetrics }),
      /misconfigured: cannot listen on 127\.0\.0\.1:\d+/,
    );
  }));

test('serve: garbage is no request, and harms nobody', () =>
  withServer([route('GET', '/livez', 'ok')], async ({ url }) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    const answered = new Promise<string>((resolve) => socket.setEncoding('utf8').once('data', resolve));
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    match(await answered, /^HTTP\/1\.1 400 /);
    socket.destroy();
    equal((await ask(`${url}/livez`)).status, 200);
  }));

const table = [
  route('GET', '/', 'root'),
  route('GET', '/api/', 'api'),
  route('GET', '/api/cells', 'cells'),
  route('POST', '/api/hook', 'hook'),
];
const matches: readonly (readonly [string, string, string])[] = [
  ['GET', '/', '/'],
  ['HEAD', '/', '/'],
  ['GET', '/api/cells', '/api/cells'],
  ['GET', '/api/other/deep', '/api/'],
  ['POST', '/api/hook', '/api/hook'],
  ['GET', '/api/hook', '/api/'],
  ['GET', '/apix', 'notFound'],
  ['DELETE', '/', 'notAllowed'],
];
for (const [method, path, expected] of matches) {
  test(`matchRoute: ${method} ${path}`, () => {
    const found = matchRoute(table, method, path);
    equal(found.kind === 'route' ? found.route.path : found.kind, expected);
  });
}

const acceptances: readonly (readonly [accepted: string, encoding: string | undefined])[] = [
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['GZIP;q=0.5, br;q=0', 'gzip'],
  ['br;q=0.000', undefined],
  ['identity', undefined],
  ['', undefined],
];
for (const [accepted, encoding] of acceptances)
  test(`encodingIn: ${JSON.stringify(accepted)}`, () => equal(encodingIn(accepted), encoding));

test('serve: what is long and text is sent small, what is short, a picture or a stream as it is', async () => {
  const long = 'all of it is alike\n'.repeat(500);
  const route = (path: string, type: string, body: string): Route => ({
    method: 'GET',
    path,
    answer: async () => ({ status: 200, headers: { 'content-type': type }, body }),
  });
  const events: Route = {
    method: 'GET',
    path: '/events',
    answer: async () => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: (async function* () {
        yield long;
      })(),
    }),
  };
  const routes = [
    route('/page', 'text/html; charset=utf-8', long),
    route('/short', 'text/html; charset=utf-8', 'short'),
    route('/picture', 'image/png', long),
    events,
  ];
  await withServer(routes, async ({ url }) => {
    for (const [accepted, encoding] of [
      ['br', 'br'],
      ['gzip', 'gzip'],
      ['', undefined],
    ] as const) {
      const asked = { headers: { 'accept-encoding': accepted } };
      // fetch takes apart what it gets, so the length is what came.
      const { headers } = await ask(`${url}/page`, asked);
      deepEqual([headers['content-encoding'], headers.vary], [encoding, 'accept-encoding'], accepted);
      equal(Number(headers['content-length']) < 200, encoding !== undefined, accepted);
      equal(await (await fetch(`${url}/page`, asked)).text(), long);
      for (const path of ['/short', '/picture', '/events'])
        equal((await ask(`${url}${path}`, asked)).headers['content-encoding'], undefined, path);
    }
    const head = await ask(`${url}/page`, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    deepEqual([head.headers['content-encoding'], head.text], ['br', '']);
  });
});

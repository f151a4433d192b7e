/** HTTP over sockets: protocols, limits, cuts and ends. */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { Http2ServerRequest } from 'node:http2';
import { type Socket, connect as tcpConnect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import type { NetOptions } from '../../../src/edge/net/options.ts';
import type { Connection, Endpoint, NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { testCertificate } from '../../builder/certificate.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { type Answer, type Handle, serve, serveTCP, type TestServer } from '../../builder/server.ts';

const certificate = testCertificate({ name: 'localhost', hosts: ['localhost', '127.0.0.1'] });
const stranger = testCertificate({ name: 'localhost', hosts: ['localhost'] });
const never = new AbortController().signal;
const get = (path = '/', extra: Partial<NetRequest> = {}): NetRequest => ({
  method: 'GET',
  path,
  headers: {},
  ...extra,
});

function connect(
  t: TestContext,
  endpoint: Endpoint,
  options: Partial<NetOptions> = {},
  clock = systemClock,
): Connection {
  const connection = systemNet({ clock }, options).connect(endpoint);
  t.after(() => connection.close());
  return connection;
}

async function started(t: TestContext, server: Promise<TestServer>): Promise<TestServer> {
  const running = await server;
  t.after(() => running.close());
  return running;
}

async function textOf(response: NetResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function eventually(holds: () => boolean, claim: string): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    ok(turns < 100_000, claim);
    await turn();
  }
}

/** Says how it was asked. */
const echo: Handle = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers, httpVersion } = request;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method, url, headers, httpVersion, body: Buffer.concat(chunks).toString() }));
};

/** Opens streams that stay open; `url` ending in /short answers at once. */
const holdOpen: Handle = (request, response) => {
  if (request.url?.endsWith('/short')) return void response.end('short');
  response.writeHead(200);
  response.write('open\n');
};

const transports = [
  { name: 'h2 over TLS', options: { certificate }, version: '2.0' },
  { name: 'h1 over TLS', options: { certificate, protocols: ['http/1.1'] }, version: '1.1' },
  { name: 'h2 in the clear', options: {}, version: '2.0' },
  { name: 'h1 in the clear', options: { protocols: ['http/1.1'] }, version: '1.1' },
] as const;

for (const { name, options, version } of transports) {
  test(`request: ${name}: method, path, headers and body arrive; the answer too`, async (t) => {
    const server = await started(t, serve(echo, options));
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const response = await connection.request(
      {
        method: 'PATCH',
        path: '/a?b=c%20d',
        headers: { 'content-type': 'x/y', 'user-agent': 'landfall' },
        body: 'größer',
      },
      never,
    );
    equal(response.status, 200);
    equal(response.headers['content-type'], 'application/json');
    const seen = JSON.parse(await textOf(response));
    deepEqual([seen.method, seen.url, seen.body, seen.httpVersion], ['PATCH', '/a?b=c%20d', 'größer', version]);
    equal(seen.headers['content-length'], String(Buffer.byteLength('größer')));
    equal(seen.headers['accept-encoding'], 'identity');
    equal(seen.headers['user-agent'], 'landfall');
  });

  test(`request: ${name}: repeated headers stay apart`, async (t) => {
    const seen: (readonly string[])[] = [];
    const server = await started(
      t,
      serve((request, response) => {
        const raw: readonly string[] = request.rawHeaders;
        seen.push(raw.filter((_, at) => raw[at - 1]?.toLowerCase() === 'impersonate-group' && at % 2 === 1));
        response.end();
      }, options),
    );
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const repeatedHeaders = [
      ['impersonate-group', 'a'],
      ['impersonate-group', 'b, c'],
    ] as const;
    await textOf(await connection.request(get('/', { repeatedHeaders }), never));
    deepEqual(seen, [['a', 'b, c']]);
  });

  test(`request: ${name}: a big answer, one socket for many requests in a row`, async (t) => {
    const big = 'x'.repeat(5_000_000);
    const server = await started(
      t,
      serve((_request, response) => void response.end(big), options),
    );
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    for (let round = 0; round < 3; round += 1) {
      equal((await textOf(await connection.request(get(), never))).length, big.length);
    }
    // In the clear, HTTP/1.1 costs one probe.
    equal(server.accepted(), name === 'h1 in the clear' ? 2 : 1);
  });

  test(`request: ${name}: abort before and after the answer ends the request at the server`, async (t) => {
    let closed = 0;
    const server = await started(
      t,
      serve((request, response) => {
        response.onClose(() => {
          closed += 1;
        });
        if (request.url === '/begun') response.write('begun');
      }, options),
    );
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const before = new AbortController();
    const waiting = connection.request(get('/silent'), before.signal);
    await eventually(() => server.sockets.size > 0, 'connected');
    for (let turns = 0; turns < 50; turns += 1) await turn();
    before.abort(new Error('enough'));
    await rejects(waiting, /enough/);

    const after = new AbortController();
    const response = await connection.request(get('/begun'), after.signal);
    const reading = textOf(response);
    after.abort(new Error('enough'));
    await rejects(reading, /enough/);

    for await (const _ of (await connection.request(get('/begun'), never)).body) break;
    await eventually(() => closed >= 2, 'the server sees that we have left');
  });

  test(`request: ${name}: a cut in the middle of an answer is a fault, not an end`, async (t) => {
    const server = await started(
      t,
      serve((_request, response) => {
        response.writeHead(200);
        response.write('half');
      }, options),
    );
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const response = await connection.request(get(), never);
    const body = response.body[Symbol.asyncIterator]();
    equal(Buffer.from((await body.next()).value ?? []).toString(), 'half');
    server.cut();
    await rejects(async () => {
      while (!(await body.next()).done);
    }, isFault('unreachable'));
  });

  test(`request: ${name}: after a cut the next request dials again`, async (t) => {
    const server = await started(t, serve(echo, options));
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    await textOf(await connection.request(get(), never));
    server.cut();
    await eventually(() => server.sockets.size === 0, 'cut');
    for (let turns = 0; turns < 50; turns += 1) await turn();
    equal((await connection.request(get(), never)).status, 200);
  });

  test(`close: ${name}: ends what is in flight and refuses what comes`, async (t) => {
    const server = await started(t, serve(holdOpen, options));
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const response = await connection.request(get('/', { isStream: true }), never);
    const reading = textOf(response);
    connection.close();
    await rejects(reading, isFault('unreachable'));
    await rejects(connection.request(get(), never), isFault('unreachable', /closed/));
    await eventually(() => server.sockets.size === 0, 'no socket is left');
  });
}

test('request: the server says how many streams, and more sessions open before one is full', async (t) => {
  const server = await started(t, serve(holdOpen, { certificate, maxConcurrentStreams: 2 }));
  const connection = connect(t, { origin: server.origin, ca: certificate.ca });
  const open = await Promise.all(
    Array.from({ length: 12 }, () => connection.request(get('/', { isStream: true }), never)),
  );
  equal(open.length, 12);
  equal(await textOf(await connection.request(get('/short'), never)), 'short');
});

test('request: many streams leave the session of short requests alone', async (t) => {
  const perSession = new Map<unknown, { streams: number; short: number }>();
  const server = await started(
    t,
    serve(
      (request: Parameters<Handle>[0], response) => {
        const { session } = (request as Http2ServerRequest).stream;
        const seen = perSession.get(session) ?? { streams: 0, short: 0 };
        perSession.set(session, seen);
        seen[request.url === '/short' ? 'short' : 'streams'] += 1;
        holdOpen(request, response);
      },
      { certificate, maxConcurrentStreams: 100 },
    ),
  );
  const connection = connect(t, { origin: server.origin, ca: certificate.ca });
  for (let stream = 0; stream < 100; stream += 1) await connection.request(get('/', { isStream: true }), never);
  for (let short = 0; short < 5; short += 1) await textOf(await connection.request(get('/short'), never));
  deepEqual(
    [...perSession.values()],
    [
      { streams: 22, short: 5 },
      { streams: 78, short: 0 },
    ],
  );
});

test('request: with no session to add, streams above the limit wait and then run', async (t) => {
  const open: Answer[] = [];
  const hold: Handle = (request, response) => {
    holdOpen(request, response);
    open.push(response);
  };
  const server = await started(t, serve(hold, { certificate, maxConcurrentStreams: 2 }));
  const connection = connect(t, { origin: server.origin, ca: certificate.ca }, { sessionsMax: 1 });
  const streams = [0, 1].map(() => connection.request(get('/', { isStream: true }), never));
  const responses = await Promise.all(streams);
  const waiting = connection.request(get('/short'), never);
  equal(await Promise.race([waiting.then(() => 'ran'), turn().then(() => 'waits')]), 'waits');
  open[0]?.end();
  await textOf(responses[0]!);
  equal(await textOf(await waiting), 'short');
});

test('request: GOAWAY drains: what is open ends well, what comes goes to a new session', async (t) => {
  const holding: Answer[] = [];
  const server = await started(
    t,
    serve(
      (request, response) => {
        if (request.url === '/short') return void response.end('short');
        response.write('begun ');
        holding.push(response);
      },
      { certificate },
    ),
  );
  const connection = connect(t, { origin: server.origin, ca: certificate.ca });
  const open = await connection.request(get('/watch', { isStream: true }), never);
  for (const session of server.sessions) session.goaway();
  for (let turns = 0; turns < 50; turns += 1) await turn();
  equal(await textOf(await connection.request(get('/short'), never)), 'short');
  equal(server.accepted(), 2);
  for (const response of holding) response.end('whole');
  equal(await textOf(open), 'begun whole');
});

test('request: a refused stream is sent again, a write too', async (t) => {
  let refused = 0;
  const server = await started(
    t,
    serve(
      (request, response) => {
        if (refused < 2) {
          refused += 1;
          return (request as Http2ServerRequest).stream.close(7);
        }
        echo(request, response);
      },
      { certificate },
    ),
  );
  const connection = connect(t, { origin: server.origin, ca: certificate.ca });
  const response = await connection.request({ method: 'POST', path: '/', headers: {}, body: 'once' }, never);
  equal(JSON.parse(await textOf(response)).body, 'once');
  equal(refused, 2);
});

test('request: a server that refuses everything is a fault in the end', async (t) => {
  const server = await started(
    t,
    serve((request) => (request as Http2ServerRequest).stream.close(7), { certificate }),
  );
  const connection = connect(t, { origin: server.origin, ca: certificate.ca });
  await rejects(connection.request(get(), never), isFault('unreachable', /refuses/));
});

const trustCases = [
  { name: 'unknown CA', endpoint: {}, kind: 'misconfigured' },
  { name: 'a CA that is not PEM', endpoint: { ca: 'nonsense' }, kind: 'misconfigured' },
  {
    name: 'a certificate without its key',
    endpoint: { ca: certificate.ca, cert: certificate.cert },
    kind: 'misconfigured',
  },
  { name: 'another name', endpoint: { ca: certificate.ca, serverName: 'elsewhere.example' }, kind: 'misconfigured' },
  { name: 'our name', endpoint: { ca: certificate.ca, serverName: 'localhost' }, kind: undefined },
  {
    name: 'another name, where only who has signed counts',
    endpoint: { ca: certificate.ca, serverName: 'elsewhere.example', isNameUnchecked: true },
    kind: undefined,
  },
  {
    name: 'our name, signed by somebody else, where the name does not count',
    endpoint: { ca: stranger.ca, serverName: 'localhost', isNameUnchecked: true },
    kind: 'misconfigured',
  },
  { name: 'insecure by choice', endpoint: { isInsecure: true }, kind: undefined },
] as const;
for (const { name, endpoint, kind } of trustCases) {
  test(`request: TLS: ${name}`, async (t) => {
    const server = await started(t, serve(echo, { certificate }));
    const asked = connect(t, { origin: server.origin, ...endpoint }).request(get(), never);
    if (kind === undefined) equal((await asked).status, 200);
    else await rejects(asked, isFault(kind));
  });
}

test('request: TLS: an expired certificate is for the operator', async (t) => {
  const expired = testCertificate({ name: 'localhost', hosts: ['127.0.0.1'], notAfter: new Date(Date.now() - 1000) });
  const server = await started(t, serve(echo, { certificate: expired }));
  const connection = connect(t, { origin: server.origin, ca: expired.ca });
  await rejects(connection.request(get(), never), isFault('misconfigured', /expired/));
});

test('request: TLS: a client certificate is shown, and its absence is for the operator', async (t) => {
  const server = await started(t, serve(echo, { certificate, requestCert: true }));
  const { ca, cert, key } = certificate;
  equal((await connect(t, { origin: server.origin, ca, cert, key }).request(get(), never)).status, 200);
  await rejects(connect(t, { origin: server.origin, ca }).request(get(), never), isFault('misconfigured'));
});

const badServers = [
  { name: 'cuts at once', onConnect: 'cut', kind: 'unreachable' },
  { name: 'never says a word', onConnect: 'silence', kind: 'unreachable' },
  { name: 'talks nonsense', onConnect: 'garbage', kind: 'protocol' },
] as const;
for (const { name, onConnect, kind } of badServers) {
  for (const scheme of ['http', 'https'] as const) {
    test(`request: a server that ${name}, ${scheme}`, async (t) => {
      const server = await started(
        t,
        serveTCP((socket) => {
          socket.resume();
          if (onConnect === 'cut') socket.destroy();
          if (onConnect === 'garbage') socket.end('SSH-2.0-OpenSSH_9.2\r\n'.repeat(20));
        }),
      );
      const limits = { connectTimeoutMs: 200, probeTimeoutMs: 100 };
      const connection = connect(t, { origin: `${scheme}://127.0.0.1:${server.port}` }, limits);
      // In the clear a silent server looks like a slow one: the caller's deadline ends the wait.
      const signal = AbortSignal.timeout(400);
      const asked = connection.request(get(), signal);
      if (onConnect === 'silence' && scheme === 'http') await rejects(asked, /TimeoutError|aborted/);
      else await rejects(asked, isFault(kind));
      await eventually(() => server.sockets.size === 0, 'no socket is left');
    });
  }
}

test('request: nobody listens', async (t) => {
  const server = await serve(echo);
  await server.close();
  for (const origin of [server.origin, server.origin.replace('http', 'https')]) {
    await rejects(connect(t, { origin }).request(get(), never), isFault('unreachable', /ECONNREFUSED/));
  }
});

test('request: a token that headers cannot hold is refused without being shown', async (t) => {
  for (const protocols of [['h2'], ['http/1.1']] as const) {
    const server = await started(t, serve(echo, { certificate, protocols }));
    const connection = connect(t, { origin: server.origin, ca: certificate.ca });
    const asked = connection.request(get('/', { headers: { authorization: 'Bearer secret\n' } }), never);
    await rejects(asked, (error: unknown) => isFault('misconfigured')(error) && !String(error).includes('secret'));
  }
});

test('request: through a proxy, HTTP/2 and HTTP/1.1, with its password', async (t) => {
  const asked: string[] = [];
  const proxy = await started(
    t,
    serveTCP((socket) => tunnel(socket, asked)),
  );
  for (const { options, version } of transports) {
    const server = await started(t, serve(echo, options));
    const proxyURL = `http://us%40er:pass@127.0.0.1:${proxy.port}`;
    const connection = connect(t, { origin: server.origin, ca: certificate.ca, proxyURL });
    equal(JSON.parse(await textOf(await connection.request(get(), never))).httpVersion, version);
    match(asked.at(-1) ?? '', new RegExp(`^CONNECT 127.0.0.1:${server.port} HTTP/1.1`));
    match(asked.at(-1) ?? '', new RegExp(Buffer.from('us@er:pass').toString('base64')));
  }
});

test('request: a proxy that refuses, and one that is none', async (t) => {
  const refusing = await started(
    t,
    serveTCP((socket) => void socket.end('HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n')),
  );
  const origin = 'https://127.0.0.1:1';
  const through = (proxyURL: string): Connection => connect(t, { origin, proxyURL });
  await rejects(through(refusing.origin).request(get(), never), isFault('misconfigured', /407/));
  await rejects(through('socks5://127.0.0.1:1').request(get(), never), isFault('misconfigured'));
  await rejects(through('http://a:%zz@127.0.0.1:1').request(get(), never), isFault('misconfigured', /percent/));
});

test('session: PING keeps a session, and its absence ends it', async (t) => {
  const clock = handClock();
  const server = await started(t, serve(holdOpen));
  let isDown = false;
  const relay = await started(
    t,
    serveTCP((socket) => pass(socket, server.port, () => isDown)),
  );
  const connection = connect(t, { origin: relay.origin }, {}, clock);
  const response = await connection.request(get('/', { isStream: true }), never);
  const body = response.body[Symbol.asyncIterator]();
  await body.next();
  let pings = 0;
  for (const session of server.sessions) session.on('ping', () => (pings += 1));
  for (const expected of [1, 2]) {
    await clock.advance(30_000);
    await eventually(() => pings === expected, 'a PING came');
    await clock.settle();
  }
  // A link that went down: nothing arrives any more, and nobody says so.
  isDown = true;
  const cut = rejects(body.next(), isFault('unreachable', /PING/));
  await clock.advance(40_000);
  await cut;
});

test('session: an idle connection is closed, one with a stream is not', async (t) => {
  const clock = handClock();
  for (const options of [{ certificate }, {}]) {
    const server = await started(t, serve(holdOpen, options));
    const connection = connect(t, { origin: server.origin, ca: certificate.ca }, {}, clock);
    const leaving = new AbortController();
    await connection.request(get('/', { isStream: true }), leaving.signal);
    await clock.advance(200_000);
    equal(server.sockets.size, 1);
    leaving.abort(new Error('left'));
    await clock.advance(120_000);
    await eventually(() => server.sockets.size === 0, 'closed');
  }
});

/** A proxy that does as it is told. */
function tunnel(socket: Socket, asked: string[]): void {
  socket.once('data', (head) => {
    asked.push(head.toString());
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    pass(socket, Number(/^CONNECT [^:]+:([0-9]+)/.exec(head.toString())?.[1]), () => false);
  });
}

/** Passes bytes both ways until the link goes down. */
function pass(socket: Socket, port: number, isDown: () => boolean): void {
  const other = tcpConnect({ host: '127.0.0.1', port });
  for (const [from, to] of [
    [socket, other],
    [other, socket],
  ] as const) {
    from.on('data', (bytes) => void (isDown() || to.write(bytes)));
    from.on('error', () => {}).on('close', () => to.destroy());
  }
}

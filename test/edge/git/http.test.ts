/** The way to a server: proxies, limits, and answers that are no answers. */
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { OversizeError } from '../../../src/edge/git/http/faults.ts';
import { type Link, linkTo } from '../../../src/edge/git/http/link.ts';
import { packet, readPackets } from '../../../src/edge/git/http/pkt-line.ts';
import { refLister } from '../../../src/edge/git/http/refs.ts';
import { asListed, type Call } from '../../../src/edge/git/remote/remote.ts';
import { testCertificate } from '../../builder/certificate.ts';
import { isFault } from '../../builder/fault.ts';
import { scratch, testLimits } from '../../builder/git-work.ts';
import { type Handle, serve, type TestServer } from '../../builder/server.ts';

const call: Call = { credential: { kind: 'none' }, signal: new AbortController().signal };
const ask = { method: 'GET', path: '/x', answerMax: 1000, authorization: undefined, expects: 'text/git' } as const;
const answering =
  (text: string, headers: Record<string, string> = {}): Handle =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/git', ...headers });
    response.end(text);
  };

/** Runs with a server and a link to it. */
async function linked(
  handle: Handle,
  run: (link: Link, server: TestServer) => Promise<void>,
  settings: { readonly proxyURL?: string } = {},
): Promise<void> {
  const server = await serve(handle, { protocols: ['http/1.1'] });
  const link = linkTo(
    { url: `${server.origin}/base`, caFile: undefined, proxyURL: settings.proxyURL, limits: testLimits },
    systemClock,
  );
  try {
    await run(link, server);
  } finally {
    link.close();
    await server.close();
  }
}

type Proxy = { readonly url: string; readonly seen: string[]; readonly close: () => Promise<void> };

/** A proxy that wants this password, or none. */
async function startProxy(password?: string): Promise<Proxy> {
  const seen: string[] = [];
  const isLet = (header: string | undefined): boolean =>
    password === undefined || header === `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (!isLet(request.headers['proxy-authorization'])) return void response.writeHead(407).end();
    const onward = httpRequest(request.url ?? '', { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket, head) => {
    seen.push(`CONNECT ${request.url}`);
    if (!isLet(request.headers['proxy-authorization'])) return void socket.end('HTTP/1.1 407 no\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 go\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${password === undefined ? '' : `ann:${password}@`}127.0.0.1:${port}`,
    seen,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

suite('link', () => {
  test('request: one connection serves many', () =>
    linked(answering('hello'), async (link, server) => {
      for (let turn = 0; turn < 5; turn += 1) equal((await link.request(ask, call.signal)).toString(), 'hello');
      equal(server.accepted(), 1);
    }));

  test('request: a connection that the server gave up meanwhile is made anew, but not for a push', () =>
    linked(answering('hello'), async (link, server) => {
      await link.request(ask, call.signal);
      server.cut();
      equal((await link.request(ask, call.signal)).toString(), 'hello');
      server.cut();
      await rejects(link.request({ ...ask, path: '/git-receive-pack' }, call.signal), isFault('unreachable'));
    }));

  test('request: more bytes than allowed', () =>
    linked(answering('x'.repeat(1001)), async (link) => {
      await rejects(link.request(ask, call.signal), OversizeError);
    }));

  test('request: never packed, and a stranger to its content type', async () => {
    await linked(
      (request, response) => {
        equal(request.headers['accept-encoding'], 'identity');
        answering('x', { 'content-type': 'text/html' })(request, response);
      },
      (link) => rejects(link.request(ask, call.signal), isFault('protocol', /does not answer as a Git server/)),
    );
    await linked(answering('x', { 'content-type': 'text/git; charset=utf-8' }), async (link) => {
      equal((await link.request(ask, call.signal)).toString(), 'x');
    });
  });

  test('request: redirects in circles end', () =>
    linked(
      (request, response) => {
        response.writeHead(301, { location: `${request.url}` });
        response.end();
      },
      (link) => rejects(link.request(ask, call.signal), isFault('protocol', /circles/)),
    ));

  test('request: through a proxy, in the clear', async () => {
    const proxy = await startProxy();
    try {
      await linked(
        answering('hello'),
        async (link, server) => {
          equal((await link.request(ask, call.signal)).toString(), 'hello');
          deepEqual(proxy.seen, [`GET ${server.origin}/base/x`]);
        },
        { proxyURL: proxy.url },
      );
    } finally {
      await proxy.close();
    }
  });

  test('request: through a proxy, by a tunnel, with the proxy’s own password', async () => {
    const place = scratch();
    const certificate = testCertificate({ name: 'git', hosts: ['127.0.0.1'] });
    const server = await serve(answering('hello'), { protocols: ['http/1.1'], certificate });
    const proxy = await startProxy('s3cret');
    const caFile = place.path('ca.pem');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(caFile, certificate.ca);
    const to = (proxyURL: string): Link =>
      linkTo({ url: `${server.origin}/base`, caFile, proxyURL, limits: testLimits }, systemClock);
    try {
      const link = to(proxy.url);
      for (let turn = 0; turn < 3; turn += 1) equal((await link.request(ask, call.signal)).toString(), 'hello');
      deepEqual(proxy.seen, [`CONNECT 127.0.0.1:${server.port}`], 'one tunnel for all');
      link.close();
      const stranger = to(proxy.url.replace('ann:s3cret', 'ann:wrong'));
      await rejects(stranger.request(ask, call.signal), (error) => {
        ok(error instanceof FaultError && !error.message.includes('wrong'));
        return isFault('misconfigured', /407/)(error);
      });
      stranger.close();
      const gone = to('http://127.0.0.1:9');
      await rejects(gone.request(ask, call.signal), isFault('unreachable'));
      throws(() => to('socks5://127.0.0.1:9'), isFault('misconfigured'));
    } finally {
      await proxy.close();
      await server.close();
      place.close();
    }
  });
});

suite('packets', () => {
  test('readPackets: lines, marks, and what is neither', () => {
    const bytes = Buffer.from(`${packet('one\n')}${packet('ß')}0000000100020004`);
    deepEqual(readPackets(bytes), [
      { kind: 'line', text: 'one' },
      { kind: 'line', text: asListed('ß') },
      { kind: 'flush' },
      { kind: 'delimiter' },
      { kind: 'end' },
      { kind: 'line', text: '' },
    ]);
    for (const text of ['0003', '000', 'zzzz', '0010short', '<html', '-001', '0x10']) {
      throws(() => readPackets(Buffer.from(text)), isFault('protocol'), text);
    }
  });

  test('refLister: any bytes at all are refs or a fault, and change no prototype', async () => {
    let body = Buffer.alloc(0);
    const type = 'application/x-git-upload-pack-advertisement';
    await linked(
      (_request, response) => {
        response.writeHead(200, { 'content-type': type });
        response.end(body);
      },
      async (link) => {
        const oid = '1'.repeat(40);
        const good = [
          packet('# service=git-upload-pack\n'),
          '0000',
          packet(`${oid} HEAD\0multi_ack symref=HEAD:refs/heads/main symref=__proto__:x\n`),
          packet(`${oid} refs/heads/__proto__\n`),
          packet(`${oid} refs/heads/main\n`),
          '0000',
        ].join('');
        body = Buffer.from(good);
        const list = refLister(link, 100_000);
        deepEqual([...(await list(['refs/heads/'], call)).keys()], ['refs/heads/__proto__', 'refs/heads/main']);
        equal((await list(['HEAD'], call)).get('HEAD')?.target, 'refs/heads/main');
        let faults = 0;
        for (let round = 0; round < 400; round += 1) {
          const bad = Buffer.from(good);
          for (let change = 0; change <= round % 3; change += 1)
            bad[(round * 7 + change * 31) % bad.length] = (round * 13) % 256;
          body = round % 5 === 0 ? bad.subarray(0, (round * 3) % bad.length) : bad;
          try {
            for (const { oid: found } of (await refLister(link, 100_000)(['refs/heads/'], call)).values())
              equal(found.length, 40);
          } catch (error) {
            ok(error instanceof FaultError, `${error}`);
            faults += 1;
          }
        }
        ok(faults > 100, `${faults}`);
        equal(Reflect.ownKeys(Object.prototype).length, 12);
        body = Buffer.from(good.replaceAll(oid, '1'.repeat(64)).replaceAll(/^.{4}/g, '0'));
        await rejects(refLister(link, 100_000)([], call), FaultError);
        body = Buffer.from(
          `${packet('# service=git-upload-pack\n')}0000${packet('version 2\n')}${packet('object-format=sha256\n')}0000`,
        );
        await rejects(refLister(link, 100_000)([], call), isFault('misconfigured', /SHA-256/));
      },
    );
  });
});

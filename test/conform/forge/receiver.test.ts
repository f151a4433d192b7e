/** A receiver of events: what it gets is signed to the byte, and what it answers is understood. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FaultError } from '../../../src/core/model/fault.ts';
import { openReceiver } from '../../../src/edge/forge/receiver.ts';
import type { Net, NetRequest } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'landfall-events-'));
after(() => rmSync(folder, { recursive: true }));
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, 'shared words\n');
const never = new AbortController().signal;
const event = { specversion: '1.0', id: 'sha256:1', data: { text: 'größer' } };

function opened(status: number, headers: Readonly<Record<string, string>> = {}) {
  const requests: NetRequest[] = [];
  const origins: string[] = [];
  const net: Net = {
    connect: ({ origin }) => {
      origins.push(origin);
      return {
        close: () => {},
        request: async (request) => {
          requests.push(request);
          return { status, headers, body: nothing() };
        },
      };
    },
  };
  const url = 'https://events.example.com/hooks/1?key=hidden';
  const receiver = openReceiver(
    { url, secretFile, caFile: undefined, proxyURL: undefined, version: '1' },
    { net, clock: handClock() },
  );
  return { receiver, requests, origins };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
}

test('receiver: an event comes as CloudEvents has it, and signed', async () => {
  const { receiver, requests, origins } = opened(202);
  await receiver.deliver(event, never);
  const [request] = requests;
  ok(request !== undefined);
  deepEqual(
    [origins, request.method, request.path, request.headers['content-type']],
    [['https://events.example.com'], 'POST', '/hooks/1?key=hidden', 'application/cloudevents+json; charset=utf-8'],
  );
  const body = Buffer.from(String(request.body), 'utf8');
  deepEqual(JSON.parse(body.toString()), event);
  const signature = createHmac('sha256', 'shared words').update(body).digest('hex');
  equal(request.headers['x-landfall-signature-256'], `sha256=${signature}`);
});

const refusals = [
  { status: 301, fault: 'misconfigured' },
  { status: 400, fault: 'protocol' },
  { status: 401, fault: 'unauthenticated' },
  { status: 403, fault: 'forbidden' },
  { status: 404, fault: 'missing' },
  { status: 429, headers: { 'retry-after': '7' }, fault: 'throttled', retryAfterMs: 7_000 },
  { status: 500, fault: 'serverError' },
] as const;
for (const { status, fault, ...more } of refusals)
  test(`receiver: ${status} is ${fault}`, async () => {
    const { receiver } = opened(status, 'headers' in more ? more.headers : {});
    await rejects(receiver.deliver(event, never), (error) => {
      ok(error instanceof FaultError);
      equal(error.fault.kind, fault);
      equal(error.fault.retryAfterMs, 'retryAfterMs' in more ? more.retryAfterMs : undefined);
      equal(/hidden|shared words/.test(String(error)), false, 'neither key nor secret is in a message');
      return true;
    });
  });

test('receiver: without a secret nothing is sent', async () => {
  const { receiver, requests } = opened(202);
  writeFileSync(secretFile, '\n');
  await rejects(receiver.deliver(event, never), /holds no secret/);
  deepEqual(requests, []);
});

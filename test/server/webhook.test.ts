/** Webhooks: every forge's own shape is understood, nobody else is, and none can do more than bring a poll forward. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { FaultError } from '../../src/core/model/fault.ts';
import { repositoryId } from '../../src/core/model/id.ts';
import { silentLog } from '../../src/seam/log.ts';
import { noMetrics } from '../../src/seam/metric.ts';
import { serve } from '../../src/server/server.ts';
import { webhookRoutes } from '../../src/server/webhook/webhook.ts';
import { handClock } from '../builder/clock.ts';
import { type Payload, payloads } from './webhook-payloads.ts';

const secret = 'correct-horse-battery';

type Sent = { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array };

function receiver(urls: readonly string[], secrets: () => Promise<readonly string[]> = async () => [secret]) {
  const clock = handClock();
  const woken: string[] = [];
  const counted: string[] = [];
  const warned: string[] = [];
  const routes = webhookRoutes({
    secrets,
    repositories: urls.map((url, index) => ({ id: repositoryId(`repository-${index + 1}`), url, branch: 'main' })),
    wake: (id) => void woken.push(`head of ${id}`),
    wakePullRequests: (id) => void woken.push(`pulls of ${id}`),
    clock,
    log: { ...silentLog, warn: (message) => void warned.push(message) },
    metrics: {
      count: (_name, { forge, outcome }) => void counted.push(`${forge} ${outcome}`),
      gauge() {},
      observe() {},
    },
  });
  const send = async (forge: string, { headers, body }: Sent): Promise<number> => {
    const route = routes.find(({ path }) => path === `/webhooks/${forge}`);
    ok(route !== undefined);
    const request = { path: route.path, query: new URLSearchParams(), headers, body: Buffer.from(body) };
    return (await route.answer(request, new AbortController().signal)).status;
  };
  return { clock, woken, counted, warned, routes, send };
}

const hex = (body: string | Uint8Array, by = secret): string => createHmac('sha256', by).update(body).digest('hex');

/** As the forge itself proves who it is. */
function signed({ headers, body, proof }: Payload, by = secret): Sent {
  const text = JSON.stringify(body);
  switch (proof.kind) {
    case 'signature':
      return { headers: { ...headers, [proof.header]: proof.prefix + hex(text, by) }, body: text };
    case 'token':
      return { headers: { ...headers, [proof.header]: by }, body: text };
    case 'password':
      return {
        headers: { ...headers, authorization: `Basic ${Buffer.from(`hooks:${by}`).toString('base64')}` },
        body: text,
      };
  }
}

for (const payload of payloads) {
  const { forge, name, url, wakes } = payload;
  test(`webhook: ${forge}: ${name}`, async () => {
    const { send, woken } = receiver(['https://other.example.com/other/fleet.git', url]);
    equal(await send(forge, signed(payload)), 202);
    deepEqual(
      woken.toSorted(),
      { all: ['head of repository-2', 'pulls of repository-2'], pulls: ['pulls of repository-2'], none: [] }[wakes],
    );
  });

  test(`webhook: ${forge}: ${name}, but by somebody who does not know the secret`, async () => {
    const { send, woken, counted } = receiver([url]);
    const right = signed(payload);
    const unsigned = { headers: payload.headers, body: right.body };
    const changed = { ...right, body: String(right.body).replace(/\}$/, ' }') };
    const isBodySigned = payload.proof.kind === 'signature';
    for (const wrong of [signed(payload, 'guessed'), signed(payload, ''), unsigned, ...(isBodySigned ? [changed] : [])])
      equal(await send(forge, wrong), 401);
    deepEqual(woken, []);
    ok(counted.every((line) => line === `${forge} refused`));
  });
}

const [push] = payloads;
ok(push !== undefined);

test('webhook: while a secret is changed both are good, and then the old one is not', async () => {
  let secrets = ['old-secret', 'new-secret'];
  const { send, clock, woken } = receiver([push.url], async () => secrets);
  const named = (delivery: string): Payload => ({
    ...push,
    headers: { ...push.headers, 'x-github-delivery': delivery },
  });
  equal(await send('github', signed(named('1'), 'old-secret')), 202);
  await clock.advance(2_000);
  equal(await send('github', signed(named('2'), 'new-secret')), 202);
  secrets = ['new-secret'];
  equal(await send('github', signed(named('3'), 'old-secret')), 401);
  equal(woken.length, 4);
});

test('webhook: an empty secret proves nothing, and none at all is said once', async () => {
  const { send } = receiver([push.url], async () => ['']);
  equal(await send('github', signed(push, '')), 401);
  equal(await send('gitlab', { headers: { 'x-gitlab-token': '' }, body: '{}' }), 401);
  const broken = receiver([push.url], () =>
    Promise.reject(new FaultError({ kind: 'misconfigured', detail: 'no file' })),
  );
  equal(await broken.send('github', signed(push)), 503);
  equal(await broken.send('github', signed(push)), 503);
  deepEqual(broken.warned, ['webhook secrets cannot be read']);
});

test('webhook: one that is sent again does nothing', async () => {
  const { send, clock, woken, counted } = receiver([push.url]);
  equal(await send('github', signed(push)), 202);
  await clock.advance(5_000);
  equal(await send('github', signed(push)), 202);
  equal(woken.length, 2);
  deepEqual(counted, ['github taken', 'github known']);
});

test('webhook: only so many deliveries are remembered', async () => {
  const { send, clock, counted } = receiver([push.url]);
  for (let delivery = 0; delivery <= 10_001; delivery += 1) {
    await send('github', signed({ ...push, headers: { ...push.headers, 'x-github-delivery': String(delivery) } }));
    if (delivery % 100 === 0) await clock.advance(60_000);
  }
  await send('github', signed({ ...push, headers: { ...push.headers, 'x-github-delivery': '10001' } }));
  await send('github', signed({ ...push, headers: { ...push.headers, 'x-github-delivery': '0' } }));
  deepEqual(counted.slice(-2), ['github known', 'github taken']);
});

test('webhook: of a repository that nobody follows nothing is looked at', async () => {
  const { send, woken, counted } = receiver(['https://github.com/team/fleet-2.git', 'https://github.com/xteam/fleet']);
  equal(await send('github', signed(push)), 404);
  deepEqual([woken, counted], [[], ['github unknown']]);
});

test('webhook: what is no JSON is refused, and a form with JSON in it is not', async () => {
  const { send, woken } = receiver([push.url]);
  const header = (body: string | Uint8Array) => ({ ...push.headers, 'x-hub-signature-256': `sha256=${hex(body)}` });
  for (const body of ['', '{', new Uint8Array([0x22, 0xff, 0xfe, 0x22])])
    equal(await send('github', { headers: header(body), body }), 400);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  ok([202, 400].includes(await send('github', { headers: header(deep), body: deep })));
  for (const body of ['null', '[]', '{"repository":{"full_name":7},"ref":{}}'])
    equal(await send('github', { headers: header(body), body }), 202);
  deepEqual(woken, []);
  const form = new URLSearchParams({ payload: JSON.stringify(push.body) }).toString();
  const headers = { ...header(form), 'content-type': 'application/x-www-form-urlencoded' };
  equal(await send('github', { headers, body: form }), 202);
  equal(woken.length, 2);
});

test('webhook: a flood wakes once a second at most, and the last of it is not lost', async () => {
  const { send, clock, woken, counted } = receiver([push.url]);
  const heads = (): number => woken.filter((line) => line.startsWith('head')).length;
  const flood = async (count: number, by: string): Promise<void> => {
    for (let index = 0; index < count; index += 1)
      await send('github', signed({ ...push, headers: { ...push.headers, 'x-github-delivery': `${by} ${index}` } }));
  };
  await flood(100, 'first');
  equal(heads(), 1);
  await clock.advance(1_000);
  equal(heads(), 2, 'what came after the first is looked at as well');
  await clock.advance(10_000);
  equal(heads(), 2);
  await flood(500, 'second');
  ok(counted.filter((line) => line === 'github limited').length > 300);
  await clock.advance(60_000);
  equal(heads(), 4);
  await flood(1, 'third');
  equal(heads(), 5, 'and afterwards all is as before');
});

test('webhook: a flood of forged ones keeps no genuine one out', async () => {
  const { send, woken } = receiver([push.url]);
  for (let index = 0; index < 1_000; index += 1) equal(await send('github', signed(push, 'guessed')), 401);
  equal(await send('github', signed(push)), 202);
  equal(woken.length, 2);
});

test('webhook: a body that is too long is not read, and nothing but POST is answered', async () => {
  const { routes, woken, counted } = receiver([push.url]);
  const server = await serve({ host: '127.0.0.1', port: 0 }, routes, { log: silentLog, metrics: noMetrics });
  try {
    const url = `${server.url}/webhooks/github`;
    const body = `"${'x'.repeat(1024 * 1024)}"`;
    const headers = { ...push.headers, 'x-hub-signature-256': `sha256=${hex(body)}` };
    equal((await fetch(url, { method: 'POST', body, headers })).status, 413);
    equal((await fetch(url)).status, 405);
    equal((await fetch(`${server.url}/webhooks/nobody`, { method: 'POST' })).status, 404);
    const { body: text, headers: right } = signed(push);
    equal((await fetch(url, { method: 'POST', body: String(text), headers: right })).status, 202);
    deepEqual([woken.length, counted], [2, ['github taken']]);
  } finally {
    await server.close();
  }
});

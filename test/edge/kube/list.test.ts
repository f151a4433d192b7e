/** Lists: whole or not at all. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { clientOf, configMap, configMaps, never } from '../../builder/kube.ts';
import { answerJson, answerStatus, answerText } from '../../builder/net.ts';

const query = { kind: configMaps, namespace: 'shop', labelSelector: 'a=b' };
const names = Array.from({ length: 1_203 }, (_, at) => `web-${at}`);
const limitOf = (request: NetRequest): number =>
  Number(new URL(request.path, 'https://x').searchParams.get('limit') ?? Number.POSITIVE_INFINITY);
const continueOf = (request: NetRequest): number =>
  Number(new URL(request.path, 'https://x').searchParams.get('continue') ?? 0);

function pageOf(request: NetRequest, resourceVersion = '77', items = names): NetResponse {
  const from = continueOf(request);
  const to = Math.min(items.length, from + limitOf(request));
  const next = to < items.length ? { continue: String(to) } : {};
  // Items of a list carry no kind of their own.
  const objects = items.slice(from, to).map((name) => ({ metadata: { name, namespace: 'shop' } }));
  return answerJson(200, { kind: 'ConfigMapList', metadata: { resourceVersion, ...next }, items: objects });
}

test('list: all pages, in order, each item with its kind', async () => {
  const asked: string[] = [];
  const client = clientOf((request) => {
    asked.push(request.path);
    return pageOf(request);
  });
  const { items, resourceVersion } = await client.list(query, never);
  deepEqual([items.map((item) => item.metadata.name), resourceVersion], [names, '77']);
  deepEqual([items[0]?.kind, items[0]?.apiVersion], ['ConfigMap', 'v1']);
  const path = '/api/v1/namespaces/shop/configmaps?labelSelector=a%3Db&limit=500';
  deepEqual(asked, [path, `${path}&continue=500`, `${path}&continue=1000`]);
});

test('list: an empty one, also as null', async () => {
  for (const items of [[], null]) {
    const client = clientOf(() =>
      answerJson(200, { kind: 'ConfigMapList', metadata: { resourceVersion: '3' }, items }),
    );
    deepEqual(await client.list(query, never), { items: [], resourceVersion: '3' });
  }
});

test('list: what is no list is not an empty one', async () => {
  const bodies = [
    {},
    [],
    configMap('web', '1'),
    { kind: 'ConfigMapList', metadata: {}, items: [] },
    { kind: 'ConfigMapList', metadata: { resourceVersion: '3' } },
    { kind: 'ConfigMapList', metadata: { resourceVersion: '3' }, items: [{ metadata: {} }] },
  ];
  for (const body of bodies) {
    const client = clientOf(() => answerJson(200, body), {}, { attemptsMax: 1 });
    await rejects(client.list(query, never), isFault('protocol'), JSON.stringify(body));
  }
});

test('list: a page that fails discards the others', async () => {
  const clock = handClock();
  const client = clientOf(
    (request) => (continueOf(request) === 1_000 ? answerStatus(500, 'InternalError') : pageOf(request)),
    { clock },
  );
  const listing = rejects(client.list(query, never), isFault('serverError'));
  await clock.advance(60_000);
  await listing;
});

test('list: forgotten between two pages, or of another version: one whole answer instead', async () => {
  for (const second of [() => answerStatus(410, 'Expired'), (request: NetRequest) => pageOf(request, '78')]) {
    let whole = 0;
    const client = clientOf((request) => {
      if (limitOf(request) === Number.POSITIVE_INFINITY) whole += 1;
      return continueOf(request) === 500 ? second(request) : pageOf(request);
    });
    equal((await client.list(query, never)).items.length, names.length);
    equal(whole, 1);
  }
});

test('list: a page that would be too large is asked for in smaller ones', async () => {
  const client = clientOf(
    (request) =>
      limitOf(request) > 100
        ? answerText(200, ' '.repeat(300_000), { 'content-type': 'application/json' })
        : pageOf(request),
    {},
    { bodyBytesMax: 200_000 },
  );
  equal((await client.list(query, never)).items.length, names.length);
});

test('listReduced: holds what was kept', async () => {
  const client = clientOf((request) => pageOf(request));
  const { items } = await client.listReduced(query, (object) => object.metadata.name.length, never);
  deepEqual(
    items,
    names.map((name) => name.length),
  );
});

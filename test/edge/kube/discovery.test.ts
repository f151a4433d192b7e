/** Which kinds a cluster serves. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { groupKind } from '../../../src/core/model/id.ts';
import type { ServedKinds } from '../../../src/edge/kube/discovery.ts';
import { pool } from '../../../src/edge/kube/pool.ts';
import type { NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { handClock } from '../../builder/clock.ts';
import { isFault } from '../../builder/fault.ts';
import { clientOf, never } from '../../builder/kube.ts';
import { answerJson, answerStatus } from '../../builder/net.ts';

const aggregatedResource = (resource: string, kind: string, more: object = {}) => ({
  resource,
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list'],
  ...more,
});
const core = {
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: {},
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [aggregatedResource('configmaps', 'ConfigMap', { shortNames: ['cm'] })],
        },
      ],
    },
  ],
};
const groups = {
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: { name: 'autoscaling' },
      versions: ['v2', 'v1'].map((version) => ({
        version,
        resources: [
          aggregatedResource('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
            subresources: [{ subresource: 'status' }],
          }),
        ],
      })),
    },
    { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale', resources: [] }] },
    {
      metadata: { name: 'odd' },
      versions: [{ version: 'v1', resources: [{ resource: 'parts', verbs: [] }, { resource: 7 }, 'x'] }],
    },
  ],
};

function aggregated(request: NetRequest, etag?: string): NetResponse {
  const body = request.path === '/api' ? core : groups;
  if (etag === undefined) return answerJson(200, body);
  const tag = `"${etag}${request.path}"`;
  return request.headers['if-none-match'] === tag ? answerJson(304, {}) : answerJson(200, body, { etag: tag });
}

const legacyBodies: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      {
        name: 'autoscaling',
        versions: [{ version: 'v1' }, { version: 'v2' }],
        preferredVersion: { version: 'v2' },
      },
      { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }] },
    ],
  },
  '/api/v1': {
    kind: 'APIResourceList',
    resources: [
      {
        name: 'configmaps',
        kind: 'ConfigMap',
        singularName: '',
        namespaced: true,
        shortNames: ['cm'],
        verbs: ['get', 'list'],
      },
    ],
  },
  ...Object.fromEntries(
    ['v1', 'v2'].map((version) => [
      `/apis/autoscaling/${version}`,
      {
        kind: 'APIResourceList',
        resources: [
          {
            name: 'horizontalpodautoscalers',
            kind: 'HorizontalPodAutoscaler',
            singularName: 'horizontalpodautoscaler',
            namespaced: true,
            verbs: ['get', 'list'],
          },
          {
            name: 'horizontalpodautoscalers/status',
            kind: 'HorizontalPodAutoscaler',
            namespaced: true,
            verbs: ['get'],
          },
        ],
      },
    ]),
  ),
};
const legacy = (request: NetRequest): NetResponse => {
  const body = legacyBodies[request.path];
  return body === undefined ? answerStatus(503, 'ServiceUnavailable') : answerJson(200, body);
};

for (const [name, answer] of [
  ['aggregated', (request: NetRequest) => aggregated(request)],
  ['one by one', legacy],
] as const) {
  test(`kinds: ${name}: the same lookups, the preferred version first, and what is not known`, async () => {
    const kinds = await clientOf(answer, {}, { attemptsMax: 1 }).kinds(never);
    deepEqual(kinds.unavailable, ['metrics.k8s.io/v1beta1']);
    deepEqual(kinds.named('cm'), {
      group: '',
      version: 'v1',
      kind: 'ConfigMap',
      resource: 'configmaps',
      singular: 'configmap',
      shortNames: ['cm'],
      isNamespaced: true,
      verbs: ['get', 'list'],
      subresources: [],
    });
    const autoscaler = kinds.of(groupKind('autoscaling', 'HorizontalPodAutoscaler'));
    deepEqual([autoscaler?.version, autoscaler?.subresources], ['v2', ['status']]);
    equal(kinds.at('autoscaling/v1', 'HorizontalPodAutoscaler')?.version, 'v1');
    equal(kinds.all.length, 3);
  });
}

test('kinds: asked once for all who ask, again when old or when it must be fresh', async () => {
  const clock = handClock();
  let asked = 0;
  const client = clientOf(
    (request) => {
      asked += 1;
      return aggregated(request);
    },
    { clock },
  );
  await Promise.all([client.kinds(never), client.kinds(never), client.kinds(never)]);
  await client.kinds(never);
  equal(asked, 2);
  await client.kinds(never, { isFresh: true });
  equal(asked, 4);
  await clock.advance(700_000);
  await client.kinds(never);
  equal(asked, 6);
});

test('kinds: fresh means asked after the question', async () => {
  const held: (() => void)[] = [];
  let asked = 0;
  const client = clientOf((request) => {
    asked += 1;
    if (asked > 2) return aggregated(request);
    return new Promise((resolve) => held.push(() => resolve(aggregated(request))));
  });
  const first = client.kinds(never);
  const fresh = Promise.all([client.kinds(never, { isFresh: true }), client.kinds(never, { isFresh: true })]);
  await new Promise((resolve) => setImmediate(resolve));
  for (const release of held) release();
  await first;
  await fresh;
  equal(asked, 4);
});

test('kinds: what has not changed is not sent again', async () => {
  const statuses: number[] = [];
  let etag = 'a';
  const client = clientOf((request) => {
    const response = aggregated(request, etag);
    statuses.push(response.status);
    return response;
  });
  const first = await client.kinds(never);
  equal(await client.kinds(never, { isFresh: true }), first);
  deepEqual(statuses, [200, 200, 304, 304]);
  etag = 'b';
  deepEqual((await client.kinds(never, { isFresh: true })).all, first.all);
});

test('kinds: equal clusters share one', async () => {
  const kindsPool = pool<ServedKinds>();
  const clients = [1, 2].map(() => clientOf((request) => aggregated(request), { kindsPool }));
  const [one, two] = await Promise.all(clients.map((client) => client.kinds(never)));
  equal(one, two);
});

test('kinds: a failure is told and not kept', async () => {
  let isDown = true;
  const client = clientOf(
    (request) => (isDown ? answerStatus(500, 'InternalError') : aggregated(request)),
    {},
    { attemptsMax: 1 },
  );
  await rejects(client.kinds(never), isFault('serverError'));
  isDown = false;
  equal((await client.kinds(never)).all.length, 3);
  const noCore = clientOf(
    (request) => (request.path === '/api/v1' ? answerStatus(503, '') : legacy(request)),
    {},
    { attemptsMax: 1 },
  );
  await rejects(noCore.kinds(never), isFault('serverError'));
});

/** Webhooks that cannot be reached, and quotas. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../src/core/json/value.ts';
import { apps, configMap, core, deployment, scene } from '../scene.ts';

const registration = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const service = { name: 'hook', namespace: 'default' };
const webhook = (more: JsonObject = {}): JsonObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'hook' },
  webhooks: [
    {
      name: 'hook.example.com',
      clientConfig: { service },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      ...more,
    },
  ],
});

test('callWebhooks: a webhook refuses all until its Service has a ready pod', async () => {
  const here = scene({ podReadyMs: { min: 1_000, max: 1_000 } });
  const create = async (): Promise<readonly [number, unknown]> => {
    const { status, json } = await here.apply(`${core}/configmaps/a`, configMap('a'));
    return [status, json.message];
  };
  const failure = (why: string): readonly [number, string] => [
    500,
    `Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://hook.default.svc:443?timeout=10s": ${why}`,
  ];
  equal((await here.apply(`${registration}/hook`, webhook())).status, 201);
  deepEqual(await create(), failure('service "hook" not found'));
  const spec = { selector: { app: 'hook' }, ports: [{ port: 443 }] };
  await here.apply(`${core}/services/hook`, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec });
  await here.clock.advance(10);
  deepEqual(await create(), failure('no endpoints available for service "hook"'));
  await here.apply(`${apps}/deployments/hook`, deployment('hook', 1));
  await here.clock.advance(500);
  equal((await create())[0], 500);
  await here.clock.advance(1_000);
  deepEqual(await create(), [201, undefined]);
});

const spared: readonly (readonly [string, JsonObject])[] = [
  ['a policy to ignore failures', { failurePolicy: 'Ignore' }],
  [
    'another operation',
    { rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }] },
  ],
  ['another kind', { rules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] }],
  ['another namespace', { namespaceSelector: { matchLabels: { team: 'other' } } }],
  ['other objects', { objectSelector: { matchLabels: { hooked: 'yes' } } }],
];
for (const [name, more] of spared) {
  test(`callWebhooks: spares ${name}`, async () => {
    const here = scene();
    await here.apply(`${registration}/hook`, webhook(more));
    equal((await here.apply(`${core}/configmaps/a`, configMap('a'))).status, 201);
  });
}

test('callWebhooks: a webhook for everything can still be removed', async () => {
  const here = scene();
  const rules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }];
  await here.apply(`${registration}/hook`, webhook({ rules }));
  equal((await here.apply(`${core}/configmaps/a`, configMap('a'))).status, 500);
  equal((await here.ask('DELETE', `${registration}/hook`)).status, 200);
  equal((await here.apply(`${core}/configmaps/a`, configMap('a'))).status, 201);
});

test('controllers: what a webhook refused is tried again, however long it takes', async () => {
  const here = scene();
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
  await here.apply(`${registration}/hook`, webhook({ rules }));
  await here.apply(`${apps}/deployments/web`, deployment('web', 2));
  await here.clock.advance(600_000);
  equal(here.cluster.list('v1', 'Pod', 'default').length, 0);
  await here.ask('DELETE', `${registration}/hook`);
  await here.clock.advance(120_000);
  equal(at(here.cluster.read('apps/v1', 'Deployment', 'default', 'web')!, 'status', 'availableReplicas'), 2);
  ok(here.sandbox.traps().length === 0);
});

test('checkQuota: counts objects of a kind, and says who is in the way', async () => {
  const here = scene();
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few' },
    spec: { hard: { secrets: '1', 'requests.cpu': '1' } },
  };
  await here.apply(`${core}/resourcequotas/few`, quota);
  const secret = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } });
  equal((await here.apply(`${core}/secrets/a`, secret('a'))).status, 201);
  const { status, json } = await here.apply(`${core}/secrets/b`, secret('b'));
  deepEqual(
    [status, json.message],
    [403, 'secrets "b" is forbidden: exceeded quota: few, requested: secrets=1, used: secrets=1, limited: secrets=1'],
  );
  await here.clock.advance(10);
  const live = here.cluster.read('v1', 'ResourceQuota', 'default', 'few');
  deepEqual(at(live, 'status', 'used'), { secrets: '1' });
  await here.ask('DELETE', `${core}/secrets/a`);
  equal((await here.apply(`${core}/secrets/b`, secret('b'))).status, 201);
});

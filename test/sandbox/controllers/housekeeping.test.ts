/** What controllers keep in order besides workloads: owners, namespaces, custom kinds, tokens, addresses. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../src/core/json/value.ts';
import { userNamed } from '../../../src/sandbox/registry/user.ts';
import { apps, configMap, core, deployment, type Scene, scene } from '../scene.ts';

const uid = ({ cluster }: Scene, name: string): string =>
  String(cluster.read('v1', 'ConfigMap', 'default', name)?.metadata.uid);
const names = ({ cluster }: Scene): readonly string[] =>
  cluster
    .list('v1', 'ConfigMap', 'default')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt');
const owned = (here: Scene, name: string, owner: string, more: JsonObject = {}): JsonObject =>
  configMap(
    name,
    {},
    { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: uid(here, owner), ...more }] },
  );
const propagation = (propagationPolicy: string) => ({ body: { propagationPolicy } });

async function family(): Promise<Scene> {
  const here = scene();
  await here.apply(`${core}/configmaps/a`, configMap('a'));
  await here.apply(`${core}/configmaps/b`, owned(here, 'b', 'a', { blockOwnerDeletion: true }));
  await here.apply(`${core}/configmaps/c`, owned(here, 'c', 'b', { blockOwnerDeletion: true }));
  return here;
}

test('garbage: grandchildren go with their grandparent, owners first', async () => {
  const here = await family();
  await here.ask('DELETE', `${core}/configmaps/a`, propagation('Background'));
  deepEqual(names(here), ['b', 'c']);
  await here.clock.advance(100);
  deepEqual(names(here), []);
});

test('garbage: in the foreground the last generation goes first', async () => {
  const here = await family();
  const stop = { finalizers: ['example.com/stop'] };
  await here.ask('PATCH', `${core}/configmaps/c`, {
    body: { metadata: stop },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  await here.ask('DELETE', `${core}/configmaps/a`, propagation('Foreground'));
  await here.clock.advance(1_000);
  deepEqual(names(here), ['a', 'b', 'c']);
  ok(
    here.cluster.list('v1', 'ConfigMap', 'default').filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .length === 3,
  );
  await here.ask('PATCH', `${core}/configmaps/c`, {
    body: { metadata: { finalizers: null } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  await here.clock.advance(1_000);
  deepEqual(names(here), []);
});

test('garbage: orphans stay and forget', async () => {
  const here = await family();
  await here.ask('DELETE', `${core}/configmaps/a`, propagation('Orphan'));
  await here.clock.advance(1_000);
  deepEqual(names(here), ['b', 'c']);
  equal(here.cluster.read('v1', 'ConfigMap', 'default', 'b')?.metadata.ownerReferences, undefined);
});

test('namespaces: deletion empties it, workloads and all', async () => {
  const here = scene();
  await here.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'shop' } } });
  await here.apply('/apis/apps/v1/namespaces/shop/deployments/web', deployment('web', 3));
  await here.clock.advance(5_000);
  equal(here.cluster.list('v1', 'Pod', 'shop').length, 3);
  await here.ask('DELETE', '/api/v1/namespaces/shop');
  await here.clock.advance(10_000);
  equal(here.cluster.read('v1', 'Namespace', '', 'shop'), undefined);
  equal(here.cluster.list('v1', 'Pod', 'shop').length, 0);
  equal(here.cluster.list('v1', 'Event', 'shop').length, 0);
  deepEqual(here.sandbox.traps(), []);
});

const definition: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

test('custom kinds: a watch of them ends with their definition', async () => {
  const here = scene();
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  equal((await here.ask('GET', '/apis/example.com/v1/widgets')).status, 404);
  equal((await here.ask('POST', crds, { body: definition })).status, 201);
  await here.clock.advance(10);
  const watching = await here.watch('/apis/example.com/v1/widgets?watch=true');
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, size: 3 };
  equal((await here.apply('/apis/example.com/v1/namespaces/default/widgets/a', widget)).status, 201);
  await here.ask('DELETE', `${crds}/widgets.example.com`);
  await here.clock.advance(1_000);
  deepEqual(
    (await watching.lines()).map(({ type }) => type),
    ['ADDED', 'DELETED'],
  );
  ok(watching.isEnded());
  equal((await here.ask('GET', '/apis/example.com/v1/widgets')).status, 404);
});

test('account tokens: a Secret of their type gets one, good until the Secret goes', async () => {
  const here = scene({ tokens: new Map([['root', userNamed('root', ['system:masters'])]]) });
  const headers = { authorization: 'Bearer root' };
  await here.clock.advance(10);
  const secret = {
    metadata: { name: 'key', annotations: { 'kubernetes.io/service-account.name': 'default' } },
    type: 'kubernetes.io/service-account-token',
  };
  equal((await here.ask('POST', `${core}/secrets`, { body: secret, headers })).status, 201);
  await here.clock.advance(10);
  const data = here.cluster.read('v1', 'Secret', 'default', 'key')?.data;
  const token = Buffer.from(String(at(data, 'token')), 'base64').toString();
  const whoami = async (): Promise<unknown> => {
    const said = await here.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: {},
      headers: { authorization: `Bearer ${token}` },
    });
    return at(said.json, 'status', 'userInfo', 'username') ?? said.status;
  };
  equal(await whoami(), 'system:serviceaccount:default:default');
  await here.ask('DELETE', `${core}/secrets/key`, { headers });
  equal(await whoami(), 401);
});

test('services: endpoints follow the pods, and go with the Service', async () => {
  const here = scene();
  await here.apply(`${apps}/deployments/web`, deployment('web', 2));
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], type: 'LoadBalancer' },
  };
  await here.apply(`${core}/services/web`, service);
  await here.clock.advance(5_000);
  const slice = here.cluster
    .list('discovery.k8s.io/v1', 'EndpointSlice', 'default')
    .find(({ metadata }) => metadata.name.startsWith('web-'));
  equal(
    ((slice?.endpoints ?? []) as readonly JsonObject[]).filter((each) => at(each, 'conditions', 'ready') === true)
      .length,
    2,
  );
  ok(at(here.cluster.read('v1', 'Service', 'default', 'web')!, 'status', 'loadBalancer', 'ingress') !== undefined);
  await here.ask('DELETE', `${core}/services/web`);
  await here.clock.advance(1_000);
  equal(here.cluster.read('v1', 'Endpoints', 'default', 'web'), undefined);
  equal(
    here.cluster
      .list('discovery.k8s.io/v1', 'EndpointSlice', 'default')
      .filter(({ metadata }) => metadata.name.startsWith('web-')).length,
    0,
  );
});

test('claims: bound at once, and free to go', async () => {
  const here = scene();
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  await here.apply(`${core}/persistentvolumeclaims/data`, claim);
  await here.clock.advance(10);
  equal(at(here.cluster.read('v1', 'PersistentVolumeClaim', 'default', 'data')!, 'status', 'phase'), 'Bound');
  await here.ask('DELETE', `${core}/persistentvolumeclaims/data`);
  await here.clock.advance(10);
  equal(here.cluster.read('v1', 'PersistentVolumeClaim', 'default', 'data'), undefined);
});

/** Protects: where Landfall may not look across a cluster it looks where it may, and nowhere does it go blind unnoticed. */
import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { installationId } from '../../../src/core/model/id.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import { aggregated, deployObjects } from '../../builder/deploy.ts';
import { clusterManifests, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../../builder/manifest.ts';

const user = 'system:serviceaccount:landfall-system:landfall';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata: {a: Yg==}\n';
const applyType = 'application/apply-patch+yaml';

const places: Readonly<Record<string, (namespace: string) => string>> = {
  Namespace: () => '/api/v1/namespaces',
  ServiceAccount: (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
  Secret: (namespace) => `/api/v1/namespaces/${namespace}/secrets`,
  ClusterRole: () => `${rbac}/clusterroles`,
  ClusterRoleBinding: () => `${rbac}/clusterrolebindings`,
  Role: (namespace) => `${rbac}/namespaces/${namespace}/roles`,
  RoleBinding: (namespace) => `${rbac}/namespaces/${namespace}/rolebindings`,
};

async function install(fleet: TestFleet, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { name, namespace = '' } = object.metadata;
    const path = `${places[object.kind]!(namespace)}/${name}?fieldManager=kubectl`;
    const { status, json } = await fleet.request('a', 'PATCH', path, object, applyType);
    equal(Math.floor(status / 100), 2, JSON.stringify(json));
  }
}

const binding = (kind: string, name: string, role: string, namespace?: string): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'ServiceAccount', name: 'landfall', namespace: 'landfall-system' }],
});

// The sandbox has no controller that aggregates roles.
const single = aggregated(deployObjects('config/deploy/member/single'));
const bindings = single.filter(({ kind }) => kind === 'ClusterRoleBinding');
const inShop: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  binding('RoleBinding', 'landfall-apps', 'landfall-apps', 'shop'),
];

async function started(objects: readonly KubeObject[]): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a'], user, settings: { installation: installationId('default') } });
  await install(fleet, objects);
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': `${deployment('web', 'web:1', 2)}---\n${configMap('web', '1')}---\n${secret}`,
  });
  await fleet.run(30_000);
  return fleet;
}

test('Reach: the shipped roles for one repository are enough', async () => {
  const fleet = await started([...single, inShop[0]!]);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.close();
});

test('Reach: bound in one namespace only, Landfall works there, and sees what happens there', async () => {
  const fleet = await started([...single.filter((object) => !bindings.slice(1).includes(object)), ...inShop]);
  equal(bindings.length, 2);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  const path = '/api/v1/namespaces/shop/configmaps/web';
  await fleet.request('a', 'DELETE', path);
  await fleet.run(5_000);
  deepEqual(at((await fleet.get('a', path)) ?? null, 'data'), { value: '1' });
  // What is there was learnt by watches that go on, so a restart finds all of it again.
  await fleet.kill();
  fleet.start();
  await fleet.run(30_000);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.close();
});

test('Reach: where it may look nowhere, the App says so', async () => {
  const withoutApps = single.filter((object) => !bindings.slice(1).includes(object));
  const fleet = await started([...withoutApps, inShop[0]!]);
  match(fleet.table(), /^shop\/web@a Failed \w+ \(O2004 .*(list|watch) \w+ in shop/);
  await install(fleet, inShop);
  await fleet.run(400_000);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.close();
});

test('Reach: a right that is taken away is noticed, and what is left is used', async () => {
  const fleet = await started([...single, ...inShop]);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.request('a', 'DELETE', `${rbac}/clusterrolebindings/landfall-apps`);
  // A watch that is open stays open; the next one, some minutes later, is refused.
  await fleet.run(900_000);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.request('a', 'DELETE', '/api/v1/namespaces/shop/secrets/web');
  await fleet.run(5_000);
  equal((await fleet.request('a', 'GET', '/api/v1/namespaces/shop/secrets/web')).status, 200);
  await fleet.request('a', 'DELETE', `${rbac}/namespaces/shop/rolebindings/landfall-apps`);
  await fleet.run(900_000);
  match(fleet.table(), /^shop\/web@a Failed .*O2004/);
  await fleet.close();
});

test('Member: without a right to its records it is refused, and comes back with it', async () => {
  const fleet = await started([...single, ...inShop]);
  const path = `${rbac}/namespaces/landfall-system/rolebindings/landfall-member`;
  await fleet.request('a', 'DELETE', path);
  await fleet.run(900_000);
  doesNotMatch(fleet.table(), /Synced/);
  match(fleet.table(), /O2004/);
  await install(fleet, single);
  await fleet.run(120_000);
  equal(fleet.table(), 'shop/web@a Synced Healthy');
  await fleet.close();
});

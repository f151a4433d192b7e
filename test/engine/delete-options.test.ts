/** Protects: what an object says of its own deletion is done, also when its manifest is gone; what it says wrongly deletes nothing. */
import { equal, match, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { at, isArray } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

const sets = '/apis/apps/v1/namespaces/shop/replicasets';
const maps = '/api/v1/namespaces/shop/configmaps';

const clusters = ['a', 'b'].map(
  (name) => `apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: ${name}, namespace: kube-federation-system}
spec: {apiEndpoint: "https://${name}", secretRef: {name: ${name}}}
---
`,
);
const federated = `apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: web
  namespace: shop
  annotations: {kubefed.io/deleteoption: '{"propagationPolicy": "Orphan"}'}
spec:
  template:
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:1"}]}
  placement: {clusters: [{name: a}]}
`;

async function countOf(fleet: TestFleet, path: string): Promise<number> {
  const items = at((await fleet.get('a', path)) ?? null, 'items');
  return isArray(items) ? items.length : 0;
}

test('delete options: a federated Deployment that orphans leaves its ReplicaSets, and goes itself', async () => {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit({
    'clusters.yaml': clusters.join(''),
    'web.yaml': federated,
    'other.yaml': federated.replaceAll('web', 'other'),
  });
  await fleet.run(60_000);
  equal(await countOf(fleet, sets), 2, fleet.table());
  fleet.git.commit({ 'web.yaml': undefined });
  await fleet.run(60_000);
  equal(await fleet.get('a', '/apis/apps/v1/namespaces/shop/deployments/web'), undefined, fleet.table());
  equal(await countOf(fleet, sets), 2);
  await fleet.close();
});

const withOptions = (text: string, options: string): string =>
  text.replace('metadata: {', `metadata: {annotations: {landfall.dev/delete-options: '${options}'}, `);

async function nativeFleet(options: string): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a'] });
  fleet.git.commit({
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/kept.yaml': deployment('web', 'web:1'),
    'apps/web/map.yaml': withOptions(configMap('odd', '1'), options),
  });
  await fleet.run(60_000);
  notEqual(await fleet.get('a', `${maps}/odd`), undefined, fleet.table());
  return fleet;
}

const cases = [
  { name: 'another uid', options: '{"preconditions": {"uid": "other"}}', says: /odd is not deleted: .* another uid/ },
  { name: 'another version', options: '{"preconditions": {"resourceVersion": "1"}}', says: /another version/ },
  { name: 'no JSON', options: '{"gracePeriodSeconds": 5', says: /cannot be understood/ },
];
for (const { name, options, says } of cases)
  test(`delete options: ${name}: the object stays, and the cell says why`, async () => {
    const fleet = await nativeFleet(options);
    fleet.git.commit({ 'apps/web/map.yaml': undefined });
    await fleet.run(60_000);
    notEqual(await fleet.get('a', `${maps}/odd`), undefined);
    equal(fleet.cell('shop/web', 'a')?.state, 'Blocked', fleet.table());
    match(fleet.cell('shop/web', 'a')?.message ?? '', says);
    await fleet.close();
  });

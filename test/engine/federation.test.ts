/** Protects: a federation's manifests run as they stand, replicas follow the clusters that answer, and taking over changes nothing. */
import { equal, match, notEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';

const examples = join(import.meta.dirname, '../../examples');

function textsOf(folder: string): Record<string, string> {
  const root = join(examples, folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

const deployment = '/apis/apps/v1/namespaces/test-ns/deployments/test-deployment';
const read = async (
  fleet: TestFleet,
  cluster: string,
  path: string,
  ...fields: readonly string[]
): Promise<Json | undefined> => at((await fleet.get(cluster, path)) ?? null, ...fields);

async function kubefedFleet(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['cluster1', 'cluster2'] });
  fleet.git.commit(textsOf('kubefed'));
  await fleet.run(120_000);
  return fleet;
}

test('federation: the KubeFed example converges, with overrides and shared replicas', async () => {
  const fleet = await kubefedFleet();
  equal(fleet.table().includes('OutOfSync') || fleet.table().includes('Blocked'), false, fleet.table());
  equal(fleet.cell('test-ns/deployment-test-deployment', 'cluster2')?.state, 'Synced', fleet.table());
  equal(await read(fleet, 'cluster1', deployment, 'status', 'readyReplicas'), 3);
  equal(await read(fleet, 'cluster2', deployment, 'status', 'readyReplicas'), 6);
  equal(await read(fleet, 'cluster2', deployment, 'metadata', 'annotations', 'foo'), 'bar');
  equal(await read(fleet, 'cluster1', deployment, 'metadata', 'annotations', 'foo'), undefined);
  await fleet.close();
});

test('federation: a lost cluster gives its replicas to the others, and gets them back', async () => {
  const fleet = await kubefedFleet();
  fleet.sandbox.cluster('cluster2').setDisorder({ isDown: true });
  await fleet.run(30_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 3, 'not at once');
  await fleet.run(180_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 9, fleet.table());
  fleet.sandbox.cluster('cluster2').setDisorder({});
  await fleet.run(300_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 3, fleet.table());
  equal(await read(fleet, 'cluster2', deployment, 'spec', 'replicas'), 6, fleet.table());
  await fleet.close();
});

test('federation: what KubeFed made is taken over as it is, its label too; what says no is left alone', async () => {
  const fleet = testFleet({ clusters: ['cluster1', 'cluster2'] });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test-ns' } };
  const map = (value: string, managed: string): Json => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web-file', labels: { 'kubefed.io/managed': managed } },
    data: { 'index.html': value },
  });
  const maps = '/api/v1/namespaces/test-ns/configmaps';
  for (const [cluster, value, managed] of [
    ['cluster1', 'Hello from the federation!', 'true'],
    ['cluster2', 'mine', 'false'],
  ] as const) {
    await fleet.request(cluster, 'POST', '/api/v1/namespaces?fieldManager=controller-manager', namespace);
    await fleet.request(cluster, 'POST', `${maps}?fieldManager=controller-manager`, map(value, managed));
  }
  const uid = await read(fleet, 'cluster1', `${maps}/web-file`, 'metadata', 'uid');
  fleet.git.commit(textsOf('kubefed'));
  await fleet.run(120_000);
  notEqual(uid, undefined);
  equal(await read(fleet, 'cluster1', `${maps}/web-file`, 'metadata', 'uid'), uid);
  equal(await read(fleet, 'cluster1', `${maps}/web-file`, 'metadata', 'labels', 'kubefed.io/managed'), 'true');
  equal(fleet.cell('test-ns/configmap-web-file', 'cluster1')?.state, 'Synced', fleet.table());
  equal(await read(fleet, 'cluster2', `${maps}/web-file`, 'data', 'index.html'), 'mine');
  match(fleet.cell('test-ns/configmap-web-file', 'cluster2')?.message ?? '', /kubefed.io\/managed: "false"/);
  await fleet.close();
});

test('federation: retained replicas are what an object is made with, and nobody’s business afterwards', async () => {
  const fleet = testFleet({ clusters: ['cluster1', 'cluster2'] });
  const texts = textsOf('kubefed');
  const [workload = ''] = (texts['shop/web.yaml'] ?? '')
    .split('---\n')
    .filter((text) => text.includes('FederatedDeployment\n'));
  const retained = workload.replace('spec:\n', 'spec:\n  retainReplicas: true\n');
  fleet.git.commit({ ...texts, 'shop/web.yaml': retained });
  await fleet.run(90_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 3, fleet.table());
  await fleet.request('cluster1', 'PATCH', deployment, { spec: { replicas: 5 } }, 'application/merge-patch+json');
  fleet.git.commit({ 'shop/web.yaml': retained.replace('nginx:1.17"', 'nginx:1.18"') });
  await fleet.run(90_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 5, fleet.table());
  equal(await read(fleet, 'cluster2', deployment, 'spec', 'replicas'), 3, fleet.table());
  await fleet.close();
});

test('federation: the Federation v1 example converges, its count split', async () => {
  const fleet = testFleet({ clusters: ['us-east1-b', 'us-central1-b'] });
  fleet.git.commit(textsOf('federation-v1'));
  await fleet.run(120_000);
  const sets = '/apis/apps/v1/namespaces/default/replicasets/nginx-us';
  equal(await read(fleet, 'us-east1-b', sets, 'status', 'readyReplicas'), 3, fleet.table());
  equal(await read(fleet, 'us-central1-b', sets, 'status', 'readyReplicas'), 3, fleet.table());
  equal(fleet.cell('default/configmap-settings', 'us-east1-b')?.state, 'Synced', fleet.table());
  await fleet.close();
});

test('federation: where an autoscaler says how many, a preference does not; elsewhere it does', async () => {
  const fleet = await kubefedFleet();
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'test-deployment', namespace: 'test-ns' },
    spec: {
      minReplicas: 1,
      maxReplicas: 9,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'test-deployment' },
    },
  };
  const path = '/apis/autoscaling/v2/namespaces/test-ns/horizontalpodautoscalers';
  await fleet.request('cluster1', 'POST', path, autoscaler);
  await fleet.run(60_000);
  for (const cluster of ['cluster1', 'cluster2'])
    await fleet.request(cluster, 'PATCH', deployment, { spec: { replicas: 5 } }, 'application/merge-patch+json');
  await fleet.run(120_000);
  equal(await read(fleet, 'cluster1', deployment, 'spec', 'replicas'), 5, fleet.table());
  equal(await read(fleet, 'cluster2', deployment, 'spec', 'replicas'), 6, fleet.table());
  await fleet.close();
});

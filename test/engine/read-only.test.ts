/** Protects: what a policy makes read-only stays as it is, is written by nobody, deleted by nobody, and counts all the same. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';

const maps = '/api/v1/namespaces/shop/configmaps';
const deployments = '/apis/apps/v1/namespaces/shop/deployments';

const map = (name: string, value: string): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {value: ${value}}}`;

const app = (
  objects: readonly string[],
  readOnly: readonly string[],
  name = 'app',
): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}, namespace: shop}
spec:
  components:
  - {name: ${name}, type: k8s-objects, properties: {objects: [${objects.join(', ')}]}}
  policies:
  - {name: a, type: topology, properties: {clusters: [a]}}
${readOnly.length === 0 ? '' : `  - {name: theirs, type: read-only, properties: {rules: [{selector: {resourceNames: [${readOnly.join(', ')}]}}]}}\n`}`;

async function fleetWith(manifest: string, before: readonly (readonly [string, unknown])[] = []): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a'] });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  await fleet.request('a', 'POST', '/api/v1/namespaces', namespace);
  for (const [path, body] of before) equal((await fleet.request('a', 'POST', path, body)).status, 201);
  fleet.git.commit({ ...clusterManifests(['a']), 'app.yaml': manifest });
  await fleet.run(30_000);
  return fleet;
}

const read = async (fleet: TestFleet, name: string, ...path: string[]): Promise<Json | undefined> =>
  at((await fleet.get('a', `${maps}/${name}`)) ?? null, ...path);

const change = (fleet: TestFleet, name: string, value: string) =>
  fleet.request('a', 'PATCH', `${maps}/${name}`, { data: { value } }, 'application/merge-patch+json');

test('read-only: what was deployed is let go as it is, and outlives its Application', async () => {
  const fleet = await fleetWith(app([map('ours', 'one'), map('theirs', 'one')], []));
  equal(await read(fleet, 'theirs', 'data', 'value'), 'one', fleet.table());
  const uid = await read(fleet, 'theirs', 'metadata', 'uid');
  fleet.git.commit({ 'app.yaml': app([map('ours', 'two'), map('theirs', 'two')], ['theirs']) });
  await fleet.run(60_000);
  equal(fleet.table(), 'shop/app@a Synced Healthy');
  equal(await read(fleet, 'ours', 'data', 'value'), 'two');
  equal(await read(fleet, 'theirs', 'data', 'value'), 'one', 'it is not written');
  equal(await read(fleet, 'theirs', 'metadata', 'uid'), uid, 'it was never away');
  equal(await read(fleet, 'theirs', 'metadata', 'labels', 'landfall.dev/installation'), undefined, 'it is nobody’s');
  await change(fleet, 'ours', 'drift');
  await change(fleet, 'theirs', 'drift');
  await fleet.run(60_000);
  equal(await read(fleet, 'ours', 'data', 'value'), 'two');
  equal(await read(fleet, 'theirs', 'data', 'value'), 'drift', 'drift of it is somebody else’s business');
  fleet.git.commit({ 'app.yaml': app([map('ours', 'two')], []) });
  await fleet.run(60_000);
  equal(await read(fleet, 'theirs', 'metadata', 'uid'), uid, 'no longer named, and not deleted');
  await fleet.close();
});

test('read-only: it has to be there, and its health is the Application’s', async () => {
  const failing = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1-failing' }] },
      },
    },
  };
  const web = '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {}}';
  const fleet = await fleetWith(app([web, map('ours', 'one')], ['web']));
  match(fleet.cell('shop/app', 'a')?.message ?? '', /Deployment shop\/web is marked as read-only but does not exist/);
  equal(fleet.cell('shop/app', 'a')?.state, 'Blocked');
  equal((await fleet.request('a', 'POST', deployments, failing)).status, 201);
  await fleet.run(120_000);
  equal(fleet.cell('shop/app', 'a')?.state, 'Synced', fleet.table());
  match(fleet.table(), /Progressing|Degraded/);
  match(fleet.cell('shop/app', 'a')?.message ?? '', /Deployment web/);
  const image = { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } };
  await fleet.request('a', 'PATCH', `${deployments}/web`, image, 'application/strategic-merge-patch+json');
  await fleet.run(120_000);
  equal(fleet.table(), 'shop/app@a Synced Healthy', 'no watch tells of it, and it is noticed');
  await fleet.close();
});

test('read-only: another Application may own it, and takes it along', async () => {
  const fleet = await fleetWith(app([map('ours', 'one'), map('theirs', 'two')], ['theirs']));
  fleet.git.commit({ 'owner.yaml': app([map('theirs', 'one')], [], 'owner') });
  await fleet.run(120_000);
  equal(fleet.table(), 'shop/app@a Synced Healthy\nshop/owner@a Synced Healthy');
  equal(await read(fleet, 'theirs', 'data', 'value'), 'one');
  fleet.git.commit({ 'owner.yaml': undefined });
  await fleet.run(120_000);
  equal(await fleet.get('a', `${maps}/theirs`), undefined, fleet.table());
  equal(fleet.cell('shop/app', 'a')?.state, 'Blocked', 'what it relies on is gone, which is told');
  await fleet.close();
});

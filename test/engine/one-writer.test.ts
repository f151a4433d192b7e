/** Protects: what several Apps share is written by one, and outlives each of them as long as another wants it. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { clusterManifests, testFleet } from '../builder/fleet.ts';

const path = '/api/v1/namespaces/shop/configmaps/both';

const app = (name: string, value: string, isSharing = true): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}, namespace: shop}
spec:
  components:
  - {name: ${name}, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: both}, data: {value: ${value}}}]}}
  policies:
  - {name: a, type: topology, properties: {clusters: [a]}}
${isSharing ? '  - {name: both, type: shared-resource, properties: {rules: [{selector: {resourceNames: [both]}}]}}\n' : ''}`;

async function fleetWith(files: Record<string, string>) {
  const fleet = testFleet({ clusters: ['a'] });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  await fleet.request('a', 'POST', '/api/v1/namespaces', namespace);
  fleet.git.commit({ ...clusterManifests(['a']), ...files });
  await fleet.run(30_000);
  return fleet;
}

test('one writer: the first has it, the next takes it over, the last takes it along', async () => {
  const fleet = await fleetWith({ 'one.yaml': app('one', 'first'), 'two.yaml': app('two', 'second') });
  const value = async () => at((await fleet.get('a', path)) ?? null, 'data', 'value');
  equal(await value(), 'first', fleet.table());
  match(fleet.table(), /^shop\/one@a Synced Healthy\nshop\/two@a Synced Healthy$/);
  const uid = at((await fleet.get('a', path)) ?? null, 'metadata', 'uid');
  fleet.git.commit({ 'one.yaml': undefined });
  await fleet.run(60_000);
  equal(await value(), 'second', fleet.table());
  equal(at((await fleet.get('a', path)) ?? null, 'metadata', 'uid'), uid, 'it was never away');
  equal(await fleet.get('a', '/api/v1/namespaces/shop/configmaps/one'), undefined);
  await fleet.kill();
  fleet.start();
  fleet.git.commit({ 'three.yaml': app('a-third', 'third') });
  await fleet.run(60_000);
  equal(await value(), 'second', 'who has it keeps it');
  await fleet.close();
});

test('one writer: one that does not say so shares nothing', async () => {
  const fleet = await fleetWith({ 'one.yaml': app('one', 'first'), 'two.yaml': app('two', 'second', false) });
  equal(await fleet.get('a', path), undefined);
  match(fleet.table(), /ConfigMap shop\/both is also wanted by App shop\/two/);
  await fleet.close();
});

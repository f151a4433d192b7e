/** Protects: a KubeVela workflow goes past `check-metrics` when the metrics have been good, revision by revision. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../../builder/fleet.ts';
import { outside } from './outside.ts';

const minute = 60_000;
const path = '/api/v1/namespaces/shop/configmaps/web';
const valueOn = async (fleet: TestFleet, cluster: string): Promise<unknown> =>
  at((await fleet.get(cluster, path)) as never, 'data', 'value');

const application = (value: string): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: web, namespace: shop}
spec:
  components:
  - name: web
    type: k8s-objects
    properties: {objects: [{apiVersion: v1, kind: ConfigMap, data: {value: "${value}"}}]}
  policies:
  - {name: canary, type: topology, properties: {clusters: [a]}}
  - {name: production, type: topology, properties: {clusters: [b]}}
  workflow:
    steps:
    - {name: canary, type: deploy, properties: {policies: [canary]}}
    - name: errors
      type: check-metrics
      properties: {query: errors, metricEndpoint: "https://prometheus.example.com", condition: "<1", duration: 2m}
    - {name: production, type: deploy, properties: {policies: [production]}}
`;

test('check-metrics: production follows the canary once the measurement has been good for its time', async () => {
  const { said, web } = outside();
  said.values = ['1'];
  const fleet = testFleet({ clusters: ['a', 'b'], checks: { ...web, readStatuses: async () => [] } });
  const waitOf = (): string => fleet.cell('shop/web', 'b')?.message ?? '';
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  for (const cluster of ['a', 'b']) await fleet.request(cluster, 'POST', '/api/v1/namespaces', namespace);
  fleet.git.commit({ ...clusterManifests(['a', 'b']), 'web.yaml': application('1') });
  await fleet.run(5 * minute);
  equal(await valueOn(fleet, 'a'), '1');
  equal(await valueOn(fleet, 'b'), undefined, 'the bound itself is not below it');
  match(waitOf(), /gate errors failed: 1 is above/);
  said.values = ['0.5'];
  await fleet.run(minute);
  equal(await valueOn(fleet, 'b'), undefined, 'not for long enough');
  await fleet.run(4 * minute);
  equal(await valueOn(fleet, 'b'), '1', fleet.table());
  said.values = ['2'];
  fleet.git.commit({ 'web.yaml': application('2') });
  await fleet.run(5 * minute);
  equal(await valueOn(fleet, 'a'), '2');
  equal(await valueOn(fleet, 'b'), '1', 'what was good of one revision is not of the next');
  await fleet.close();
});

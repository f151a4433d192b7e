/** Protects: a revision that only the hub has is deployed, and what runs of it outlives the hub's answer and the revision. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';

const revisions = '/apis/core.oam.dev/v1beta1/namespaces/default/applicationrevisions';
const deployment = (name: string): string => `/apis/apps/v1/namespaces/default/deployments/${name}`;

/** As the old controller wrote it down. */
const revision = (name: string, image: string): Json => ({
  apiVersion: 'core.oam.dev/v1beta1',
  kind: 'ApplicationRevision',
  metadata: { name, namespace: 'default', labels: { 'app.oam.dev/name': 'web' } },
  spec: {
    application: {
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        components: [{ name: 'web', type: 'webservice', properties: { addRevisionLabel: true, image, port: 80 } }],
      },
    },
  },
});

const placed = (...lines: readonly string[]): string =>
  `apiVersion: core.oam.dev/v1beta1\nkind: AppDeployment\nmetadata: {name: web}\nspec:\n  appRevisions:\n${lines.join('')}`;
const on = (name: string, cluster: string, replicas: number): string =>
  `  - {revisionName: ${name}, placement: [{clusterSelector: {name: ${cluster}}, distribution: {replicas: ${replicas}}}]}\n`;

const replicasOf = async (fleet: TestFleet, cluster: string, name: string): Promise<Json | undefined> =>
  at((await fleet.get(cluster, deployment(name))) ?? null, 'spec', 'replicas');

/** `a` is the hub, where `web-v1` is; it runs on `b`. */
async function liveFleet(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const { status } = await fleet.request('a', 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'applicationrevisions.core.oam.dev' },
    spec: {
      group: 'core.oam.dev',
      scope: 'Namespaced',
      names: { kind: 'ApplicationRevision', plural: 'applicationrevisions', singular: 'applicationrevision' },
      versions: [{ name: 'v1beta1', served: true, storage: true, schema }],
    },
  });
  equal(status, 201);
  await fleet.run(5_000);
  equal((await fleet.request('a', 'POST', revisions, revision('web-v1', 'nginx:1'))).status, 201);
  fleet.git.commit({ ...clusterManifests(['a', 'b']), 'web.yaml': placed(on('web-v1', 'b', 2)) });
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, fleet.table());
  return fleet;
}

test('live revision: what only the hub has is deployed, and changes of its placement are followed', async () => {
  const fleet = await liveFleet();
  match(fleet.table(), /default\/web@b Synced Healthy/);
  const containers = at((await fleet.get('b', deployment('web-v1'))) ?? null, 'spec', 'template', 'spec', 'containers');
  equal(at((containers as readonly Json[])[0] ?? null, 'image'), 'nginx:1');
  fleet.git.commit({ 'web.yaml': placed(on('web-v1', 'b', 3)) });
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 3, fleet.table());
  await fleet.close();
});

test('live revision: one that comes later is deployed once it is there', async () => {
  const fleet = await liveFleet();
  fleet.git.commit({ 'web.yaml': placed(on('web-v2', 'b', 1)) });
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, 'what runs stays');
  const [problem] = fleet.engine.revision?.compiled.diagnostics ?? [];
  deepEqual([problem?.code, problem?.origin.line], ['A1621', 6]);
  match(problem?.hint ?? '', /`kubectl get applicationrevision web-v2 -n default -o yaml > web-v2\.yaml`/);
  await fleet.request('a', 'POST', revisions, revision('web-v2', 'nginx:2'));
  await fleet.run(90_000);
  equal(await replicasOf(fleet, 'b', 'web-v2'), 1, fleet.table());
  equal(await replicasOf(fleet, 'b', 'web-v1'), undefined, 'the first has gone');
  await fleet.close();
});

test('live revision: while the hub does not answer nothing moves and nothing goes, whatever is committed', async () => {
  const fleet = await liveFleet();
  fleet.sandbox.cluster('a').setDisorder({ isDown: true });
  await fleet.run(120_000);
  fleet.git.commit({ 'web.yaml': placed(on('web-v1', 'a', 1)) });
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, fleet.table());
  await fleet.kill();
  fleet.start();
  await fleet.run(120_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, 'nor after a restart');
  match(fleet.cell('default/web', 'b')?.message ?? '', /revision "web-v1" cannot be read on the hub/);
  fleet.sandbox.cluster('a').setDisorder({});
  await fleet.run(240_000);
  equal(await replicasOf(fleet, 'a', 'web-v1'), 1, fleet.table());
  equal(await replicasOf(fleet, 'b', 'web-v1'), undefined, 'once it answers, what was committed comes true');
  await fleet.close();
});

test('live revision: deleted on the hub, it stays where it runs; committed, it moves again', async () => {
  const fleet = await liveFleet();
  await fleet.request('a', 'DELETE', `${revisions}/web-v1`);
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, fleet.table());
  match(fleet.cell('default/web', 'b')?.message ?? '', /errors/);
  await fleet.kill();
  fleet.start();
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 2, 'after a restart too');
  fleet.git.commit({
    'web.yaml': placed(on('web-v1', 'b', 3)),
    'web-v1.yaml': JSON.stringify(revision('web-v1', 'nginx:1')),
  });
  await fleet.run(60_000);
  equal(await replicasOf(fleet, 'b', 'web-v1'), 3, fleet.table());
  await fleet.close();
});

/** Protects: the quick start of AppDeployment, commit by commit, and the order in which one revision takes over from another. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, type Json, textOf } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';

const example = join(import.meta.dirname, '../../examples/appdeployment');
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(example, folder)).map((name) => [name, readFileSync(join(example, folder, name), 'utf8')]),
  );
const deployment = (name: string): string => `/apis/apps/v1/namespaces/default/deployments/${name}`;

async function running(fleet: TestFleet, cluster: string, name: string): Promise<Json> {
  const found = await fleet.get(cluster, deployment(name));
  if (found === undefined) return null;
  const containers = at(found, 'spec', 'template', 'spec', 'containers') as readonly Json[];
  return [textOf(at(containers[0], 'image')) ?? '', at(found, 'spec', 'replicas') ?? null];
}

/** What a cluster needs that has Istio: the kinds alone. */
async function withIstio(fleet: TestFleet, cluster: string): Promise<void> {
  for (const [kind, plural, version] of [
    ['VirtualService', 'virtualservices', 'v1beta1'],
    ['Gateway', 'gateways', 'v1alpha3'],
  ]) {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const { status } = await fleet.request(cluster, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.networking.istio.io` },
      spec: {
        group: 'networking.istio.io',
        scope: 'Namespaced',
        names: { kind, plural, singular: String(kind).toLowerCase() },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    });
    equal(status, 201);
  }
}

test('appdeployment: the quick start, step by step', async () => {
  const fleet = testFleet({ clusters: ['local'], isPlain: true });
  await withIstio(fleet, 'local');
  fleet.git.commit(filesIn('step-1'));
  await fleet.run(30_000);
  deepEqual(await running(fleet, 'local', 'testsvc-v1'), null, 'an Application with revision-only runs nothing');
  fleet.git.commit(filesIn('step-2'));
  await fleet.run(30_000);
  deepEqual(await running(fleet, 'local', 'testsvc-v1'), ['crccheck/hello-world', 2]);
  fleet.git.commit(filesIn('step-4'));
  await fleet.run(30_000);
  deepEqual(await running(fleet, 'local', 'testsvc-v1'), ['crccheck/hello-world', 2], 'a new revision moves nothing');
  fleet.git.commit(filesIn('step-5'));
  await fleet.run(60_000);
  deepEqual(await running(fleet, 'local', 'testsvc-v1'), ['crccheck/hello-world', 1], fleet.table());
  deepEqual(await running(fleet, 'local', 'testsvc-v2'), ['nginx', 1]);
  fleet.git.commit(filesIn('step-5-traffic'));
  await fleet.run(60_000);
  const service = await fleet.get(
    'local',
    '/apis/networking.istio.io/v1beta1/namespaces/default/virtualservices/example-appdeploy',
  );
  deepEqual(at(service ?? null, 'spec', 'hosts'), ['example-app.example.com']);
  match(fleet.table(), /default\/example-appdeploy@local Synced Healthy/);
  await fleet.close();
});

const applications = {
  one: filesIn('step-1')['application.yaml'] ?? '',
  two: filesIn('step-4')['application.yaml'] ?? '',
};
const placed = (...revisions: readonly (readonly [string, string])[]): string =>
  `apiVersion: core.oam.dev/v1beta1\nkind: AppDeployment\nmetadata: {name: example-appdeploy}\nspec:\n  appRevisions:\n${revisions
    .map(([name, placement]) => `  - {revisionName: ${name}, placement: [${placement}]}\n`)
    .join('')}`;
const on = (cluster: string, replicas: number): string =>
  `{clusterSelector: {name: ${cluster}}, distribution: {replicas: ${replicas}}}`;

async function withFirst(placement: string, image = 'nginx'): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a', 'b'] });
  fleet.git.commit({
    ...clusterManifests(['a', 'b']),
    'application.yaml': applications.one,
    'appdeployment.yaml': placed(['example-app-v1', placement]),
  });
  await fleet.run(60_000);
  fleet.git.commit({ 'application.yaml': applications.two.replace('image: nginx', `image: ${image}`) });
  await fleet.run(10_000);
  return fleet;
}

test('appdeployment: the old revision keeps its replicas until the new one is well', async () => {
  const fleet = await withFirst(on('a', 3), 'nginx:1-broken');
  fleet.git.commit({ 'appdeployment.yaml': placed(['example-app-v1', on('a', 1)], ['example-app-v2', on('a', 2)]) });
  await fleet.run(60_000);
  deepEqual(await running(fleet, 'a', 'testsvc-v2'), ['nginx:1-broken', 2]);
  deepEqual(await running(fleet, 'a', 'testsvc-v1'), ['crccheck/hello-world', 3], fleet.table());
  fleet.git.commit({
    'application.yaml': applications.two,
    'appdeployment.yaml': placed(['example-app-v1', on('a', 1)], ['example-app-v3', on('a', 2)]),
  });
  await fleet.run(60_000);
  deepEqual(await running(fleet, 'a', 'testsvc-v1'), ['crccheck/hello-world', 1], fleet.table());
  deepEqual(await running(fleet, 'a', 'testsvc-v3'), ['nginx', 2]);
  deepEqual(await running(fleet, 'a', 'testsvc-v2'), null);
  await fleet.close();
});

test('appdeployment: a revision goes only when the one in its place is well', async () => {
  const fleet = await withFirst(on('a', 1), 'nginx:1-broken');
  fleet.git.commit({ 'appdeployment.yaml': placed(['example-app-v2', on('a', 1)]) });
  await fleet.run(60_000);
  deepEqual(await running(fleet, 'a', 'testsvc-v1'), ['crccheck/hello-world', 1], fleet.table());
  match(fleet.table(), /stays until Deployment testsvc-v2 is healthy/);
  await fleet.close();
});

test('appdeployment: a placement leaves its cluster only when the next one is well', async () => {
  const fleet = await withFirst(on('a', 1));
  fleet.git.commit({ 'appdeployment.yaml': placed(['example-app-v1', on('b', 1)]) });
  await fleet.run(90_000);
  deepEqual(await running(fleet, 'b', 'testsvc-v1'), ['crccheck/hello-world', 1], fleet.table());
  deepEqual(await running(fleet, 'a', 'testsvc-v1'), null, fleet.table());
  await fleet.close();
});

test('appdeployment: a second look writes nothing', async () => {
  const fleet = await withFirst(on('a', 1));
  const before = at((await fleet.get('a', deployment('testsvc-v1'))) ?? null, 'metadata', 'resourceVersion');
  fleet.git.commit({ 'other.txt': 'unrelated' });
  await fleet.run(60_000);
  equal(at((await fleet.get('a', deployment('testsvc-v1'))) ?? null, 'metadata', 'resourceVersion'), before);
  await fleet.close();
});

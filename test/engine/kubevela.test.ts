/** Protects: KubeVela's manifests run as they stand, take over what KubeVela left, and wait where KubeVela waited. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';
import { pin } from '../builder/manifest.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'kubevela');
const names = ['local', 'hangzhou-1', 'hangzhou-2'];

function exampleFiles(): Record<string, string> {
  const files = readdirSync(example, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(example, file), 'utf8')]));
}

const deployment = (name: string, labels: Record<string, string>, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'examples', labels },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: 'nginx:1' }] } },
  },
});

const inExamples = (path: string): string => path.replace('{}', 'namespaces/examples');
const deployments = inExamples('/apis/apps/v1/{}/deployments');

/** A fleet with the objects that the examples refer to. */
async function exampleFleet(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: names });
  const create = async (cluster: string, path: string, body: unknown): Promise<void> => {
    const { status } = await fleet.request(cluster, 'POST', path, body);
    equal(status, 201, `${cluster} ${path}`);
  };
  for (const name of names)
    await create(name, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'examples' } });
  await create('local', inExamples('/api/v1/{}/secrets'), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'image-credential-to-copy', namespace: 'examples' },
    data: { token: 'b25l' },
  });
  await create('local', deployments, deployment('nginx-ref-multiple-resources', {}, 1));
  await create('local', inExamples('/api/v1/{}/services'), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nginx-ref-multiple-resources', namespace: 'examples' },
    spec: { selector: { app: 'nginx-ref-multiple-resources' }, ports: [{ port: 80 }] },
  });
  await create('hangzhou-1', deployments, deployment('api', { 'need-duplicate': 'true' }, 2));
  await create('hangzhou-1', deployments, deployment('other', {}, 1));
  return fleet;
}

const read = async (fleet: TestFleet, cluster: string, path: string, ...fields: string[]): Promise<Json | undefined> =>
  at((await fleet.get(cluster, path)) ?? null, ...fields);

test('kubevela: the examples come to rest, and production waits for its pin', async () => {
  const fleet = await exampleFleet();
  const first = fleet.git.commit(exampleFiles());
  await fleet.run(180_000);
  const secret = inExamples('/api/v1/{}/secrets/image-credential-to-copy');
  const copied = `${deployments}/nginx-ref-multiple-resources`;
  for (const cluster of ['hangzhou-1', 'hangzhou-2']) {
    equal(await read(fleet, cluster, secret, 'data', 'token'), 'b25l', fleet.table());
    equal(await read(fleet, cluster, copied, 'spec', 'replicas'), 3, cluster);
  }
  equal(await read(fleet, 'local', copied, 'spec', 'replicas'), 1, 'the original is left alone');
  equal(await read(fleet, 'hangzhou-2', `${deployments}/api`, 'spec', 'replicas'), 2);
  equal(await fleet.get('hangzhou-2', `${deployments}/other`), undefined, 'it has another label');
  equal(await read(fleet, 'hangzhou-1', `${deployments}/web`, 'spec', 'replicas'), 1);
  equal(await fleet.get('hangzhou-2', `${deployments}/web`), undefined, 'nobody has agreed yet');
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first).replace('shop', 'examples') });
  await fleet.run(60_000);
  equal(await read(fleet, 'hangzhou-2', `${deployments}/web`, 'spec', 'replicas'), 3, fleet.table());
  match(fleet.table(), /^(?:\S+ Synced Healthy\n?)+$/);
  await fleet.request('local', 'PATCH', secret, { data: { token: 'dHdv' } }, 'application/merge-patch+json');
  await fleet.run(60_000);
  equal(await read(fleet, 'hangzhou-2', secret, 'data', 'token'), 'dHdv', 'a changed source is followed');
  deepEqual(fleet.sandbox.traps(), []);
  await fleet.close();
});

/** As KubeVela's controller leaves an object that it dispatched. */
const dispatched = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'examples',
    labels: {
      'app.oam.dev/name': 'web',
      'app.oam.dev/namespace': 'examples',
      'app.oam.dev/component': 'web',
      'app.oam.dev/resourceType': 'WORKLOAD',
      'app.oam.dev/appRevision': 'web-v3',
      'app.oam.dev/revision': 'web-v1',
      'app.oam.dev/app-revision-hash': 'a1b2',
      'app.oam.dev/cluster': 'hangzhou-1',
      'oam.dev/render-hash': 'c3d4',
      'workload.oam.dev/type': 'webservice',
    },
    annotations: { 'app.oam.dev/last-applied-configuration': '{}' },
  },
  spec: {
    replicas: 1,
    selector: { matchLabels: { 'app.oam.dev/component': 'web' } },
    template: {
      metadata: { labels: { 'app.oam.dev/name': 'web', 'app.oam.dev/component': 'web' } },
      spec: {
        containers: [
          { name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80, protocol: 'TCP', name: 'port-80' }] },
        ],
      },
    },
  },
};

async function podsOf(fleet: TestFleet): Promise<readonly (Json | undefined)[]> {
  const selector = encodeURIComponent('app.oam.dev/component=web');
  const list = await fleet.get('hangzhou-1', inExamples(`/api/v1/{}/pods?labelSelector=${selector}`));
  const items = at(list ?? null, 'items');
  return Array.isArray(items) ? items.map((pod) => at(pod, 'metadata', 'uid')) : [];
}

test('kubevela: what KubeVela deployed is taken over without a restart', async () => {
  const fleet = await exampleFleet();
  await fleet.request('hangzhou-1', 'POST', `${deployments}?fieldManager=kubevela`, dispatched);
  await fleet.run(10_000);
  const path = `${deployments}/web`;
  const before = await fleet.get('hangzhou-1', path);
  const pods = await podsOf(fleet);
  equal(pods.length, 1);
  fleet.git.commit(exampleFiles());
  await fleet.run(120_000);
  equal(fleet.cell('examples/web', 'hangzhou-1')?.state, 'Synced', fleet.table());
  const after = await fleet.get('hangzhou-1', path);
  equal(at(after ?? null, 'metadata', 'uid'), at(before ?? null, 'metadata', 'uid'));
  deepEqual(at(after ?? null, 'spec'), at(before ?? null, 'spec'));
  deepEqual(await podsOf(fleet), pods, 'no pod was made anew');
  equal(at(after ?? null, 'metadata', 'labels', 'app.oam.dev/component'), 'web', 'what others may select by stays');
  equal(at(after ?? null, 'metadata', 'labels', 'oam.dev/render-hash'), undefined, 'what only KubeVela read goes');
  const managers = at(after ?? null, 'metadata', 'managedFields');
  const names = Array.isArray(managers) ? managers.map((entry) => at(entry, 'manager')) : [];
  equal(names.includes('kubevela'), false, names.join(', '));
  await fleet.close();
});

test('kubevela: what nobody or somebody else deployed is not taken over', async () => {
  const fleet = await exampleFleet();
  await fleet.request('hangzhou-1', 'POST', `${deployments}?fieldManager=helm`, dispatched);
  fleet.git.commit(exampleFiles());
  await fleet.run(60_000);
  match(fleet.cell('examples/web', 'hangzhou-1')?.message ?? '', /is there already and was written by .*helm/);
  await fleet.close();
});

const kept = (objects: string): string => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: kept, namespace: examples}
spec:
  components: [{name: conf, type: k8s-objects, properties: {objects: [${objects}]}}]
  policies:
  - {name: east, type: topology, properties: {clusters: [hangzhou-1]}}
  - {name: keep, type: garbage-collect, properties: {rules: [{selector: {resourceNames: [stays]}, strategy: never}]}}
`;

test('kubevela: what a policy keeps is let go, what it does not keep is deleted', async () => {
  const fleet = await exampleFleet();
  const map = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {a: b}}`;
  const { 'clusters/local.yaml': local = '', 'clusters/joined.yaml': joined = '' } = exampleFiles();
  const clusters = { 'clusters/local.yaml': local, 'clusters/joined.yaml': joined };
  fleet.git.commit({ ...clusters, 'kept.yaml': kept(['a', 'stays', 'goes'].map(map).join(', ')) });
  await fleet.run(30_000);
  const path = (name: string): string => inExamples(`/api/v1/{}/configmaps/${name}`);
  equal(await read(fleet, 'hangzhou-1', path('stays'), 'data', 'a'), 'b', fleet.table());
  fleet.git.commit({ ...clusters, 'kept.yaml': kept(map('a')) });
  await fleet.run(30_000);
  equal(await fleet.get('hangzhou-1', path('goes')), undefined);
  equal(await read(fleet, 'hangzhou-1', path('stays'), 'data', 'a'), 'b');
  const labels = await read(fleet, 'hangzhou-1', path('stays'), 'metadata', 'labels');
  equal(at(labels ?? null, 'landfall.dev/installation'), undefined, 'it is nobody’s now');
  await fleet.close();
});

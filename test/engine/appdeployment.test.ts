/** Protects: the quick start of AppDeployment, commit by commit, and the order in which one revision takes over from another. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, type Json, textOf } from '../../src/core/json/value.ts';
import { type TestFleet, testFleet } from '../builder/fleet.ts';

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
    const { status } = await fleet.request(
      cluster,
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.networking.istio.io` },
        spec: {
          group: 'networking.istio.io',
          scope: 'Namespaced',
          names: { kind, plural, singular: String(kind).toLowerCase() },
          versions: [{ name: version, served: true, storage: true, schema }],
        },
      },
    );
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
  equal(at(service, 'spec', 'hosts', '0') ?? (at(service, 'spec', 'hosts') as readonly Json[])[0], 'example-app.example.com');
  match(fleet.table(), /default\/example-appdeploy@local Synced Healthy/);
  await fleet.close();
});

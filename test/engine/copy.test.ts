/** Protects: ref-objects are copied, kept in step, and never lost because their source went away. */
import { equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Json } from '../../src/core/json/value.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { placement } from '../builder/manifest.ts';

const source = '/api/v1/namespaces/shared/secrets/pull';
const copied = '/api/v1/namespaces/shared/secrets/pull';
const encode = (text: string): string => Buffer.from(text).toString('base64');

const copyApp = `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: pull, namespace: shop}
spec:
  components:
  - {name: pull, copy: [{cluster: hub, resource: secret, namespace: shared, name: pull}]}
`;

const read = async (
  fleet: TestFleet,
  cluster: string,
  path: string,
  ...fields: readonly string[]
): Promise<Json | undefined> => at((await fleet.get(cluster, path)) ?? null, ...fields);

/** `a` is the hub; the App is placed on `b` and `c`, one after the other. */
async function copiedFleet(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: ['a', 'b', 'c'] });
  await fleet.request('a', 'POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shared' },
  });
  await fleet.request('a', 'POST', '/api/v1/namespaces/shared/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: 'pull',
      labels: { team: 'x', 'app.oam.dev/name': 'y' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    data: { token: encode('one') },
  });
  const stages = ['{name: canary, clusterNames: [b], soak: 20s}', '{name: production, clusterNames: [c]}'];
  fleet.git.commit({
    ...clusterManifests(['a', 'b', 'c']),
    'pull.yaml': `${copyApp}---\n${placement('pull', stages)}`,
  });
  await fleet.run(60_000);
  equal(await read(fleet, 'c', copied, 'data', 'token'), encode('one'), fleet.table());
  return fleet;
}

test('copy: what belongs to the source cluster stays there', async () => {
  const fleet = await copiedFleet();
  equal(await read(fleet, 'b', copied, 'metadata', 'labels', 'team'), 'x');
  equal(await read(fleet, 'b', copied, 'metadata', 'labels', 'app.oam.dev/name'), undefined);
  equal(await read(fleet, 'b', copied, 'metadata', 'annotations'), undefined);
  await fleet.close();
});

test('copy: a changed source obeys the stages', async () => {
  const fleet = await copiedFleet();
  await fleet.request('a', 'PATCH', source, { data: { token: encode('two') } }, 'application/merge-patch+json');
  await fleet.run(10_000);
  equal(await read(fleet, 'b', copied, 'data', 'token'), encode('two'));
  equal(await read(fleet, 'c', copied, 'data', 'token'), encode('one'), 'production waits for the soak');
  await fleet.run(30_000);
  equal(await read(fleet, 'c', copied, 'data', 'token'), encode('two'));
  await fleet.close();
});

test('copy: a deleted source is kept on the clusters, and flagged', async () => {
  const fleet = await copiedFleet();
  await fleet.request('a', 'DELETE', source);
  await fleet.run(60_000);
  equal(await read(fleet, 'b', copied, 'data', 'token'), encode('one'));
  match(fleet.cell('shop/pull', 'b')?.message ?? '', /kept as it was: secret shared\/pull on hub/);
  await fleet.kill();
  fleet.start();
  await fleet.run(60_000);
  equal(await read(fleet, 'c', copied, 'data', 'token'), encode('one'), 'after a restart too');
  await fleet.close();
});

test('copy: an unreadable source changes nothing, and is followed again when it is back', async () => {
  const fleet = await copiedFleet();
  fleet.sandbox.cluster('a').setDisorder({ isDown: true });
  await fleet.run(120_000);
  equal(await read(fleet, 'b', copied, 'data', 'token'), encode('one'));
  fleet.sandbox.cluster('a').setDisorder({});
  await fleet.request('a', 'PATCH', source, { data: { token: encode('three') } }, 'application/merge-patch+json');
  await fleet.run(180_000);
  equal(await read(fleet, 'c', copied, 'data', 'token'), encode('three'), fleet.table());
  equal(fleet.cell('shop/pull', 'c')?.state, 'Synced');
  await fleet.close();
});

test('copy: an edited copy is healed', async () => {
  const fleet = await copiedFleet();
  await fleet.request('b', 'PATCH', copied, { data: { token: encode('by hand') } }, 'application/merge-patch+json');
  await fleet.run(10_000);
  equal(await read(fleet, 'b', copied, 'data', 'token'), encode('one'));
  await fleet.close();
});

test('copy: no value of a Secret reaches the log or a record', async () => {
  const fleet = await copiedFleet();
  const said = [
    ...fleet.logs,
    fleet.table(),
    JSON.stringify(await fleet.get('b', '/api/v1/namespaces/landfall-system/configmaps')),
  ].join('\n');
  for (const canary of ['one', encode('one')].filter((text) => text.length > 3))
    equal(said.includes(canary), false, canary);
  await fleet.close();
});

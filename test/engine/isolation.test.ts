/** Protects: one dead, slow or wrong cluster delays no other, and catches up when it returns. */
import { equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import type { Disorder } from '../../src/sandbox/disorder.ts';
import { clusterManifests, type TestFleet, testFleet } from '../builder/fleet.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c', 'd'];
const map = '/api/v1/namespaces/shop/configmaps/web';
const all = ['{name: all, clusterSelector: {}, maxUnavailable: 100%}'];
const files = (value: string) => ({ 'apps/web/web.yaml': configMap('web', value) });

async function converged(): Promise<TestFleet> {
  const fleet = testFleet({ clusters: names });
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', all)}`,
    ...files('1'),
  });
  await fleet.run(60_000);
  for (const name of names) equal(fleet.cell('shop/web', name)?.state, 'Synced', fleet.table());
  return fleet;
}

const valueOn = async (fleet: TestFleet, cluster: string): Promise<unknown> =>
  at((await fleet.get(cluster, map)) ?? null, 'data', 'value');

const disorders: readonly { readonly name: string; readonly disorder: Disorder }[] = [
  { name: 'down', disorder: { isDown: true } },
  { name: 'a black hole', disorder: { isBlackHole: true } },
  { name: 'a captive portal', disorder: { htmlShare: 1 } },
  { name: 'only errors', disorder: { errorShare: 1 } },
];

for (const { name, disorder } of disorders) {
  test(`isolation: a cluster that is ${name} delays no other and catches up`, async () => {
    const fleet = await converged();
    fleet.sandbox.cluster('b').setDisorder(disorder);
    fleet.git.commit(files('2'));
    await fleet.run(200_000);
    for (const other of ['a', 'c', 'd']) equal(await valueOn(fleet, other), '2', `${other}\n${fleet.table()}`);
    fleet.sandbox.cluster('b').setDisorder({});
    await fleet.run(200_000);
    equal(await valueOn(fleet, 'b'), '2', fleet.table());
    equal(fleet.cell('shop/web', 'b')?.state, 'Synced');
    await fleet.close();
  });
}

test('isolation: a lost cluster is told as unreachable, not as failed', async () => {
  const fleet = await converged();
  fleet.sandbox.cluster('b').setDisorder({ isDown: true });
  await fleet.run(120_000);
  equal(fleet.cell('shop/web', 'b')?.state, 'Unreachable');
  await fleet.close();
});

test('isolation: another cluster at the old address gets not one write', async () => {
  const fleet = testFleet({ clusters: names });
  const wrong = '00000000-0000-4000-8000-000000000000';
  const manifest = {
    apiVersion: 'landfall.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'b' },
    spec: { clusterID: wrong, access: { file: 'b' } },
  };
  fleet.git.commit({
    ...clusterManifests(names),
    'clusters/b.yaml': JSON.stringify(manifest),
    'web.yaml': `${app('web')}---\n${placement('web', all)}`,
    ...files('1'),
  });
  await fleet.run(120_000);
  equal(await valueOn(fleet, 'a'), '1');
  equal(await valueOn(fleet, 'b'), undefined);
  const writes = fleet.sandbox
    .cluster('b')
    .requests()
    .filter(({ verb, userAgent }) => userAgent.startsWith('landfall') && !['get', 'list', 'watch'].includes(verb));
  equal(writes.length, 0);
  match(fleet.cell('shop/web', 'b')?.message ?? '', /this is cluster/);
  await fleet.close();
});

test('isolation: a cluster full of faults converges all the same', async () => {
  const fleet = await converged();
  fleet.sandbox.cluster('c').setDisorder({
    throttleShare: 0.1,
    retryAfterSeconds: 1,
    errorShare: 0.1,
    errorAfterShare: 0.1,
    lostAnswerShare: 0.1,
    conflictShare: 0.1,
    cutWatchShare: 0.2,
    goneShare: 0.2,
  });
  for (let value = 2; value < 8; value++) {
    fleet.git.commit(files(String(value)));
    await fleet.run(30_000);
  }
  fleet.sandbox.cluster('c').setDisorder({});
  await fleet.run(400_000);
  equal(await valueOn(fleet, 'c'), '7', fleet.table());
  ok(fleet.sandbox.traps().length === 0, JSON.stringify(fleet.sandbox.traps()));
  await fleet.close();
});

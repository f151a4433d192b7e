/** Protects: no cause changes a second cluster before the first has given evidence, and stages go in order. */
import { equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../src/core/json/value.ts';
import { clusterManifests, testFleet } from '../builder/fleet.ts';
import { app, configMap, deployment, pin, placement } from '../builder/manifest.ts';

const names = ['a', 'b', 'c'];
const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const imageOf = (deploymentJson: unknown): unknown => {
  const containers = at(deploymentJson as never, 'spec', 'template', 'spec', 'containers');
  return Array.isArray(containers) ? at(containers[0], 'image') : undefined;
};

test('rollout: canary first, production after its soak', async () => {
  const fleet = testFleet({ clusters: names });
  const stages = ['{name: canary, clusterNames: [a], soak: 60s}', '{name: production, clusterSelector: {}}'];
  const files = (tag: string) => ({ 'apps/web/web.yaml': deployment('web', `web:${tag}`) });
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    ...files('1'),
  });
  await fleet.run(30_000);
  equal(fleet.cell('shop/web', 'a')?.state, 'Synced');
  equal(await fleet.get('b', web), undefined, 'nothing on production before the soak is over');
  match(fleet.cell('shop/web', 'b')?.message ?? '', /soaking until/);
  await fleet.run(60_000);
  equal(
    fleet.table(),
    ['shop/web@a Synced Healthy', 'shop/web@b Synced Healthy', 'shop/web@c Synced Healthy'].join('\n'),
  );
  fleet.git.commit(files('2'));
  await fleet.run(30_000);
  equal(imageOf(await fleet.get('a', web)), 'web:2');
  equal(imageOf(await fleet.get('b', web)), 'web:1');
  await fleet.close();
});

test('rollout: a revision that never becomes well on canary stops there', async () => {
  const fleet = testFleet({ clusters: names });
  const stages = [
    '{name: canary, clusterNames: [a], progressDeadline: 30s}',
    '{name: production, clusterSelector: {}}',
  ];
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': deployment('web', 'web:1'),
  });
  await fleet.run(30_000);
  fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:2-broken') });
  await fleet.run(120_000);
  equal(imageOf(await fleet.get('a', web)), 'web:2-broken');
  equal(imageOf(await fleet.get('b', web)), 'web:1');
  equal(fleet.engine.steering.stagesOf(fleet.engine.ledger.cells.values().next().value!.app)[0]?.state, 'stopped');
  const good = fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:3') });
  await fleet.run(60_000);
  for (const name of names) equal(imageOf(await fleet.get(name, web)), 'web:3', `${name} at ${good}`);
  await fleet.close();
});

test('rollout: without stages the first cluster goes alone', async () => {
  const fleet = testFleet({ clusters: names });
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': deployment('web', 'web:1'),
  });
  await fleet.run(60_000);
  fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:2-broken') });
  await fleet.run(300_000);
  const images = await Promise.all(names.map(async (name) => imageOf(await fleet.get(name, web))));
  equal(images.filter((image) => image === 'web:2-broken').length, 1);
  await fleet.close();
});

test('rollout: a pinned stage moves with its pin, and only to what canary has shown to be good', async () => {
  const fleet = testFleet({ clusters: names });
  const stages = [
    '{name: canary, clusterNames: [a], soak: 10s}',
    '{name: production, clusterSelector: {}, revision: Pinned}',
  ];
  const first = fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': deployment('web', 'web:1'),
  });
  await fleet.run(30_000);
  equal(await fleet.get('b', web), undefined, 'no pin, nothing yet');
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', first) });
  await fleet.run(30_000);
  equal(imageOf(await fleet.get('b', web)), 'web:1');
  const second = fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:2-broken') });
  fleet.git.commit({ 'promotions/web.yaml': pin('web', 'production', second) });
  await fleet.run(60_000);
  equal(imageOf(await fleet.get('b', web)), 'web:1', 'canary never showed it to be good');
  match(fleet.cell('shop/web', 'b')?.message ?? '', /canary/);
  await fleet.close();
});

test('rollout: a return to what was good needs no new evidence', async () => {
  const fleet = testFleet({ clusters: names });
  const stages = ['{name: canary, clusterNames: [a], soak: 60s}', '{name: production, clusterSelector: {}}'];
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': deployment('web', 'web:1'),
  });
  await fleet.run(200_000);
  fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:2') });
  await fleet.run(200_000);
  equal(imageOf(await fleet.get('c', web)), 'web:2');
  fleet.git.commit({ 'apps/web/web.yaml': deployment('web', 'web:1') });
  await fleet.run(20_000);
  for (const name of names) equal(imageOf(await fleet.get(name, web)), 'web:1', name);
  await fleet.close();
});

test('rollout: a waiting cell is healed, to its own revision', async () => {
  const fleet = testFleet({ clusters: names });
  const stages = ['{name: canary, clusterNames: [a], soak: 1h}', '{name: production, clusterSelector: {}}'];
  fleet.git.commit({
    ...clusterManifests(names),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': configMap('web', '1'),
  });
  await fleet.run(30_000);
  fleet.git.commit({
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', '2'),
  });
  await fleet.run(30_000);
  await fleet.kill();
  fleet.start();
  await fleet.run(30_000);
  const path = '/api/v1/namespaces/shop/configmaps/web';
  equal(at((await fleet.get('b', path)) as never, 'data', 'value'), '1');
  await fleet.request('b', 'PATCH', path, { data: { value: 'by hand' } }, 'application/merge-patch+json');
  await fleet.run(10_000);
  equal(
    at((await fleet.get('b', path)) as never, 'data', 'value'),
    '1',
    'healed after a restart, from the commit in its record',
  );
  ok(fleet.sandbox.traps().length === 0, JSON.stringify(fleet.sandbox.traps()));
  await fleet.close();
});
